/** Runs that are older than the record of what is on paper are told by the topologies of this checkout. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { completedOnPaper } from '../../record/known-on-paper.ts';
import { readRun } from '../../record/read/run.ts';
import { reportFrom } from '../../reports/index.ts';
import { knownOnPaper } from './known-on-paper.ts';

const stored = path.join(import.meta.dirname, '../../reports/fixtures/golden/version-1/blocks');

test('a stored run of version 1 has the weaknesses that are known today', async () => {
  const weaknesses = async (known: Parameters<typeof reportFrom>[1]) =>
    (await reportFrom(stored, known)).summary.strategies.map(({ name, weaknesses: all }) => [
      name,
      ...all.map(({ code }) => code),
    ]);
  assert.deepEqual(await weaknesses(await knownOnPaper()), [
    ['redis', 'loses-all', 'lost-updates'],
    ['sticky', 'loses-of-an-app', 'loses-all', 'lost-updates'],
  ]);
  assert.deepEqual(await weaknesses(undefined), [['redis'], ['sticky']]);
});

test('a variant is known by its own name, and a stranger is not', async () => {
  const known = await knownOnPaper();
  assert.equal(known('redis@aof-always')?.outlasts.powerCut, 'kept');
  assert.equal(known('redis-candidate'), null);
});

test('a strategy with more apps is known as the strategy', async () => {
  const run = await readRun(stored);
  const [redis] = run.record.strategies;
  assert.ok(redis && run.record.design.kind === 'blocks');
  const design = { kind: 'search', scaled: [{ strategy: 'redis (4 apps)', of: 'redis', apps: 4 }] } as never;
  const record = { ...run.record, design, strategies: [{ ...redis, name: 'redis (4 apps)', onPaper: null }] };
  const [completed] = completedOnPaper(record, await knownOnPaper()).strategies;
  assert.notEqual(completed?.onPaper ?? null, null);
});
