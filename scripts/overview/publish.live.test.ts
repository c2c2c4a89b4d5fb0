import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { ownEnvironment } from '../../infra/machine/environment.ts';
import { runProgram } from '../../infra/machine/run.ts';
import { fixtures } from '../../reports/fixtures/index.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { marksProblem } from '../../reports/overview/marked.ts';

const script = path.join(import.meta.dirname, '../start.mjs');

const overview = (cwd: string, ...args: string[]) =>
  runProgram(process.execPath, [script, 'overview', ...args], { cwd, env: ownEnvironment() });

const marks = (): string =>
  [...(marksProblem('') ?? '').matchAll(/"(<!--.*?-->)"/g)].map(([, mark]) => mark).join('\n');

/** Every file below a folder with its content. */
async function contentOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
  return new Map(
    await Promise.all(files.toSorted().map(async (file) => [file, await readFile(file, 'utf8')] as const)),
  );
}

test('runs are told, published, published again to the byte, and never over what somebody else has put there', async (context) => {
  const cwd = await temporaryFolder(context);
  await mkdir(path.join(cwd, 'results'));
  await fixtures.faults(path.join(cwd, 'results/20261121-000000-aaaa'));
  await fixtures['capacity-single'](path.join(cwd, 'results/20261120-000000-aaaa'));
  await writeFile(path.join(cwd, 'README.md'), `# A page\n\n${marks()}\n\nThe rest.\n`);
  const told = await overview(cwd, '--json');
  assert.equal(told.exitCode, 0, told.stderr);
  assert.equal(JSON.parse(told.stdout).strategies.length, 6);

  const publish = ['--markdown', '--publish', 'docs/results', '--readme', 'README.md'];
  const first = await overview(cwd, ...publish);
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(first.stdout, /^# session-bench: overview\n/);
  assert.match(first.stderr, /^docs\/results\/README\.md\n/m);
  const folder = path.join(cwd, 'docs/results');
  const content = await contentOf(folder);
  const readme = await readFile(path.join(cwd, 'README.md'), 'utf8');
  assert.ok(readme.startsWith('# A page\n') && readme.endsWith('The rest.\n'));
  assert.ok(readme.includes('](docs/results/picture.svg)'), readme);

  const again = await overview(cwd, ...publish);
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual(await contentOf(folder), content);
  assert.equal(await readFile(path.join(cwd, 'README.md'), 'utf8'), readme);

  await writeFile(path.join(folder, 'mine.txt'), 'mine');
  const refused = await overview(cwd, ...publish);
  assert.equal(refused.exitCode, 64);
  assert.match(refused.stderr, /what was not published there: mine\.txt/);
  assert.equal((await contentOf(folder)).size, content.size + 1);
});
