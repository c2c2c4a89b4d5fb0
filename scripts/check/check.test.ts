/** A back-arrow and a circle, planted in a folder of their own, fail the check. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { backArrows, importsOf } from './directions.ts';
import { stepsFor } from './steps.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A small house by the rules, with the settings of this one. */
async function house(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, 'scenarios'));
  for (const settings of ['tsconfig.json', 'scenarios/tsconfig.json', 'biome.json', '.gitignore'])
    await copyFile(path.join(root, settings), path.join(folder, settings));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await write(folder, 'scenarios/rate.ts', 'export const rate = 5;');
  await write(
    folder,
    'scenarios/steady.ts',
    "import { rate } from './rate.ts';\n\nexport const twice = 2 * rate;",
  );
  await write(folder, 'record/run.ts', 'export interface Run {\n  readonly id: string;\n}');
  await write(
    folder,
    'reports/title.ts',
    "import type { Run } from '../record/run.ts';\n\nexport const titleOf = (run: Run): string => run.id;",
  );
  return folder;
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), `${text}\n`);
}

/** What the step says that fails; empty where it passes. */
async function complaintOf(folder: string, title: RegExp): Promise<string> {
  const step = stepsFor(folder).find((each) => title.test(each.title));
  const outcome = await step?.run();
  if (outcome?.status === 'passed') return '';
  return outcome?.status === 'failed' ? outcome.output : assert.fail(`${title} was not run`);
}

test('a back-arrow fails the check, also one of types alone', async (context) => {
  const folder = await house(context);
  assert.equal(await complaintOf(folder, /^imports/), '');
  await write(
    folder,
    'record/named.ts',
    "import type { titleOf } from '../reports/title.ts';\n\nexport type Namer = typeof titleOf;",
  );
  const complaint = await complaintOf(folder, /^imports/);
  context.diagnostic(complaint);
  assert.equal(complaint, 'record/named.ts imports reports/title.ts; record may import no other room');
});

test('a circle fails the check, also one of types alone', async (context) => {
  const folder = await house(context);
  assert.equal(await complaintOf(folder, /circles/), '');
  const half = (name: string, other: string) =>
    `import type { ${other} } from './${other.toLowerCase()}.ts';\n\nexport type ${name} = ${other}[] | null;`;
  await write(folder, 'record/a.ts', half('A', 'B'));
  await write(folder, 'record/b.ts', half('B', 'A'));
  const complaint = await complaintOf(folder, /circles/);
  context.diagnostic(complaint);
  assert.match(complaint, /record\/a\.ts.*noImportCycles[\s\S]*resolves to record\/b\.ts/);
});

test('who may import whom', () => {
  const refused = (from: string, to: string) => backArrows([{ from, to }]).length > 0;
  assert.ok(!refused('scripts/bench/index.ts', 'experiment/run.ts'));
  assert.ok(!refused('infra/strategies.ts', 'servers/contract/store.ts'));
  assert.ok(refused('infra/strategies.ts', 'servers/app/main.ts'));
  assert.ok(refused('infra/strategies.test.ts', 'experiment/run.ts'));
  assert.ok(refused('reports/index.ts', 'infra/strategies.ts'));
  assert.ok(refused('reports/statistics/order.ts', 'reports/index.ts'));
  assert.ok(!refused('reports/index.ts', 'reports/statistics/order.ts'));
  assert.ok(!refused('reports/index.ts', 'advice/advise.ts'));
  assert.ok(refused('advice/advise.ts', 'reports/index.ts'));
  assert.ok(refused('servers/app/main.ts', 'infra/machine/until.ts'));
  assert.ok(!refused('servers/app/main.live.test.ts', 'infra/machine/until.ts'));
  assert.ok(!refused('servers/strategies/testing/kit.ts', 'infra/machine/until.ts'));
  assert.ok(!refused('tests/counts.ts', 'servers/app/main.ts'));
  assert.ok(refused('scripts/bench/index.ts', 'tests/command.ts'));
  assert.match(
    backArrows([{ from: 'attic/a.ts', to: 'record/run.ts' }]).join(),
    /say in .* what attic may import/,
  );
});

test('a list of imports that cannot be read is no clean list', () => {
  assert.throws(() => importsOf('a.ts\n   Importiert aus b.ts\n'), /named no import/);
});
