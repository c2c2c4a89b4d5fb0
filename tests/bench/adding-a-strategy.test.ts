/** A strategy is one folder: copied in, it is found by every command without another edit. */
import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { readResults, repository, run, temporaryFolder } from './command.ts';

const NAME = 'copied-for-test';
const folder = path.join(repository, 'servers/strategies', NAME);

test('a copied folder is listed, measured, checked and reported', async (context) => {
  context.after(() => rm(folder, { recursive: true, force: true }));
  await cp(path.join(repository, 'servers/strategies/redis'), folder, {
    recursive: true,
    filter: (source) => !source.endsWith('.test.ts'),
  });
  const topology = path.join(folder, 'topology.ts');
  await writeFile(
    topology,
    (await readFile(topology, 'utf8')).replace(/title: '[^']*'/, "title: 'Copied Store'"),
  );

  const listed = await run('strategies', []);
  assert.match(listed.stdout, new RegExp(`^${NAME} +Copied Store`, 'm'));

  const out = await temporaryFolder(context);
  const args = ['--strategy', NAME, '--preset', 'smoke', '--rate', '300', '--duration', '1', '--out', out];
  const measured = await run('bench', args);
  assert.equal(measured.exitCode, 0, measured.stdout + measured.stderr);
  const { summary, folder: results } = await readResults(out);
  assert.deepEqual(
    summary.strategies.map(({ name, status }) => [name, status]),
    [[NAME, 'valid']],
  );
  assert.match(await readFile(path.join(results, 'report.html'), 'utf8'), /Copied Store/);
  assert.match(await readFile(path.join(results, 'report.md'), 'utf8'), /Copied Store/);
});
