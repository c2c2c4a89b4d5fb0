/** Runs in which a strategy could not keep up are evidence for what was answered, and for no more. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { evidenceFrom } from '../../advice/evidence/from-runs.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { inventedStrategies, writeRunFolder } from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { type Grounds, namedRuns } from './runs.ts';

type Run = Grounds['runs'][number];

const name = 'redis';

async function madeRun(context: TestContext): Promise<Run> {
  const folder = await writeRunFolder(path.join(await temporaryFolder(context), 'a'), {
    blocks: 1,
    measureSeconds: 1,
    rate: 200,
    strategies: inventedStrategies.slice(1, 2),
  });
  return (await namedRuns([folder])).runs[0] ?? assert.fail('no run');
}

const dated = (run: Run, day: number): Run => ({
  ...run,
  record: { ...run.record, runId: `day-${day}`, startedAt: `2026-11-${day}T00:00:00.000Z` },
});

const overloaded = (run: Run, offeredRate: number, achievedRate: number, queued = true): Run => ({
  ...run,
  summary: {
    ...run.summary,
    strategies: run.summary.strategies.map(
      (each): StrategySummary => ({ ...each, offeredRate, achievedRate }),
    ),
    trials: run.summary.trials.map((each) => ({
      ...each,
      warnings: queued ? [reasonOf('overloaded', 'operations queued')] : [],
    })),
  },
});

const evidenceOf = (...runs: readonly Run[]) =>
  evidenceFrom(runs).strategies.find((each) => each.name === name) ?? assert.fail(name);

const rateOf = ({ load }: ReturnType<typeof evidenceOf>): number =>
  load.kind === 'measured' && load.value.status === 'answered' ? load.value.rate : assert.fail('no load');

test('what was answered is what was tested, and that it fell behind is kept', async (context) => {
  const run = dated(overloaded(await madeRun(context), 1500, 1411), 10);
  const found = evidenceOf(run);
  assert.equal(rateOf(found), 1411);
  assert.equal(found.highest, null);
  assert.deepEqual(found.behind, [{ run: 'day-10', offered: 1500, answered: 1411 }]);
  // Those of the run that servers are counted by are in its load.
  assert.deepEqual(found.latencies, []);
});

test('a run that was kept up with counts before a newer one that was not', async (context) => {
  const base = await madeRun(context);
  const found = evidenceOf(dated(base, 10), dated(overloaded(base, 1500, 1411), 11));
  assert.equal(rateOf(found), 200);
  assert.deepEqual(found.highest, { rate: 200, run: 'day-10' });
  assert.deepEqual(
    found.latencies.map(({ rate, keptTo }) => [rate, keptTo]),
    [[1500, null]],
  );
});

test('a run that only offered too much and so failed takes no place of one that answered', async (context) => {
  const base = await madeRun(context);
  const run = overloaded(base, 9000, 1400);
  const failed: Run = {
    ...run,
    summary: {
      ...run.summary,
      strategies: run.summary.strategies.map((each): StrategySummary => ({ ...each, status: 'failed' })),
    },
  };
  assert.equal(rateOf(evidenceOf(dated(base, 10), dated(failed, 11))), 200);
  const { load } = evidenceOf(dated(failed, 11));
  assert.ok(load.kind === 'measured' && load.value.status === 'failed');
});

test('what was offered and not answered does not count, though nothing queued to the end', async (context) => {
  const base = await madeRun(context);
  assert.equal(rateOf(evidenceOf(dated(overloaded(base, 1000, 930, false), 10))), 930);
  assert.equal(rateOf(evidenceOf(dated(overloaded(base, 1000, 999, false), 10))), 1000);
});
