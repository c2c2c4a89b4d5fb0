/** Budgets of a small repository's working tree, held against those of its commits. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { runOrThrow } from '../../infra/machine/run.ts';
import { type Budgets, budgetsIn, defaultBudgets } from '../cli/budgets-file.ts';
import { heldBudgets } from './held-budgets.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'sb-budgets-'));
after(() => rm(folder, { recursive: true }));
const repository = path.join(folder, 'repository');
const FILE = 'session-bench.config.json';
const me = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];
const git = async (...args: readonly string[]): Promise<string> =>
  (await runOrThrow('git', ['-C', repository, ...me, ...args])).stdout;
const textOf = (gate: object): string => JSON.stringify({ gate });

/** @returns a commit with these files and no others */
async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  await git('rm', '--quiet', '--cached', '-r', '--ignore-unmatch', '.');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(repository, name)), { recursive: true });
    await writeFile(path.join(repository, name), text);
    await git('add', '--force', name);
  }
  await git('commit', '--quiet', '--allow-empty', '--message', 'a change');
  return await git('rev-parse', 'HEAD');
}

await mkdir(repository);
await git('init', '--quiet');
const strict = await commit({
  [FILE]: textOf({ 'read.p50': '5%', 'write.p50': '7%' }),
  'ci/budgets.json': textOf({ 'read.p50': '2%' }),
});
const none = await commit({});
const unreadable = await commit({ [FILE]: textOf({ 'read.p12': '5%' }) });

function here(gate: object, file = path.join(repository, FILE)): Budgets {
  const read = budgetsIn(textOf(gate), 'here');
  return read.status === 'ok'
    ? { budgets: read.value, origin: 'here', file }
    : assert.fail(read.mistakes.join());
}

const held = async (budgets: Budgets, at: string | null) => {
  const found = await heldBudgets(budgets, { label: 'main', commit: at }, repository);
  return {
    budgets: Object.fromEntries(found.budgets.map(({ metric, share }) => [metric, share])),
    said: found.findings.map(({ code, message }) => `${code}: ${message}`).join(' '),
  };
};

test('budgets that the judged branch loosens or drops are those of the baseline; what it tightens holds', async () => {
  const loose = await held(here({ 'read.p50': '900%', cpuPerRequest: '5%' }), strict);
  assert.deepEqual(loose.budgets, { 'read.p50': 0.05, cpuPerRequest: 0.05, 'write.p50': 0.07 });
  assert.equal(
    loose.said,
    'budgets-differ: The budgets here (here) are not those of main: read.p50 900 % instead of 5 %, cpuPerRequest (5 %) is new, write.p50 (7 %) is gone. The stricter ones hold.',
  );
  const tight = await held(here({ 'read.p50': '1%', 'write.p50': '7%' }), strict);
  assert.deepEqual(tight.budgets, { 'read.p50': 0.01, 'write.p50': 0.07 });
  assert.match(tight.said, /read\.p50 1 % instead of 5 %/);
});

test('the same budgets are not worth a word, in whatever order', async () => {
  const same = await held(here({ 'write.p50': '7%', 'read.p50': '5.0%' }), strict);
  assert.deepEqual(same, { budgets: { 'write.p50': 0.07, 'read.p50': 0.05 }, said: '' });
});

test('a baseline without the file has the built-in budgets', async () => {
  const first = await held(here({ 'read.p50': '900%' }), none);
  assert.deepEqual(
    first.budgets,
    Object.fromEntries(defaultBudgets.map(({ metric, share }) => [metric, share])),
  );
  assert.match(first.said, /read\.p50 900 % instead of 5 %/);
});

test('a file that is named is held against itself where it is the repository’s, by whatever path', async () => {
  await symlink(repository, path.join(folder, 'link'));
  for (const way of ['repository', 'link']) {
    const named = await held(here({ 'read.p50': '50%' }, path.join(folder, way, 'ci/budgets.json')), strict);
    assert.deepEqual(named.budgets, { 'read.p50': 0.02 }, way);
  }
  const elsewhere = await held(here({ 'read.p50': '50%' }, path.join(folder, 'mine.json')), strict);
  assert.deepEqual(elsewhere, { budgets: { 'read.p50': 0.5 }, said: '' });
});

test('budgets of the baseline that cannot be read, and a commit that is not here', async () => {
  const damaged = await held(here({ 'read.p50': '50%' }), unreadable);
  assert.deepEqual(damaged.budgets, { 'read.p50': 0.5 });
  assert.match(
    damaged.said,
    /^budgets-differ: The budgets of main cannot be read by this version .*read\.p12/,
  );
  for (const unknown of [null, '0'.repeat(40)])
    assert.equal((await held(here({ 'read.p50': '50%' }), unknown)).said, '');
});
