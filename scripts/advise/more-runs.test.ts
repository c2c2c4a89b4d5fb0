/** Evidence of more runs takes nothing away: what was in reach stays in reach, whichever runs come to it, in whatever order. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type StrategyEvidence, testedRates } from '../../advice/evidence/evidence.ts';
import { evidenceFrom, type StoredRun } from '../../advice/evidence/from-runs.ts';
import { optionsFor } from '../../advice/options.ts';
import { pricesOf } from '../../advice/prices/prices.ts';
import { usualBook } from '../../advice/prices/usual.ts';
import { farthestRate } from '../../advice/sizing/rate-reach.ts';
import { modestWishes } from '../../advice/testing/evidence.ts';
import { reasonOf } from '../../record/reasons.ts';
import { writeRunFolder } from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { namedRuns } from './runs.ts';

const name = 'redis';

type Change = (run: StoredRun) => StoredRun;

const atRate =
  (rate: number): Change =>
  (run) => ({
    ...run,
    summary: {
      ...run.summary,
      strategies: run.summary.strategies.map((each) => ({ ...each, offeredRate: rate, achievedRate: rate })),
    },
  });

/** A run that offered more than it could keep up with. */
const overloadedAt =
  (rate: number): Change =>
  (run) => ({
    ...run,
    summary: {
      ...run.summary,
      strategies: run.summary.strategies.map((each) => ({
        ...each,
        offeredRate: rate,
        achievedRate: 0.8 * rate,
      })),
      trials: run.summary.trials.map((each) => ({
        ...each,
        warnings: [reasonOf('overloaded', 'operations queued')],
      })),
    },
  });

const series = (testedTo: number, payloadBytes: number) => ({
  strategy: name,
  payloadBytes,
  keptIn: 'memory',
  storeFixedBytes: 1e6,
  storeBytesPerSession: payloadBytes + 500,
  appFixedBytes: 1e8,
  appBytesPerSession: 0,
  testedFrom: 1000,
  testedTo,
  heldOutError: 0.02,
  sizes: [{ sessions: 1000 }, { sessions: testedTo }],
});

/** Of other designs a run has parts that its type here does not name: they are read by their own schemas. */
const weighed =
  (testedTo: number, payloadBytes: number): Change =>
  (run) => ({
    record: { ...run.record, design: { ...run.record.design, kind: 'footprint' } as never },
    summary: { ...run.summary, footprint: [series(testedTo, payloadBytes)] } as never,
  });

const broke =
  (fault: string): Change =>
  (run) => {
    const result = { strategy: name, fault, expected: 'kept', sessions: { lost: 0, of: 9 }, writesLost: 0 };
    return {
      record: { ...run.record, design: { ...run.record.design, kind: 'faults' } as never },
      summary: { ...run.summary, design: { kind: 'faults', results: [result] } } as never,
    };
  };

const found =
  (text: string, low: number | null): Change =>
  (run) => ({
    record: { ...run.record, design: { ...run.record.design, kind: 'search', scaled: [] } as never },
    summary: {
      ...run.summary,
      design: {
        kind: 'search',
        promise: { text, terms: [] },
        answers: [{ strategy: name, limit: low === null ? 'none-passed' : 'all-passed', low, high: null }],
      },
    } as never,
  });

const changes = fc.oneof(
  fc.integer({ min: 100, max: 4000 }).map(atRate),
  fc.integer({ min: 100, max: 9000 }).map(overloadedAt),
  fc
    .record({ to: fc.constantFrom(1e4, 1e5, 1e6), payload: fc.constantFrom(200, 1700) })
    .map(({ to, payload }) => weighed(to, payload)),
  fc.constantFrom('store-kill', 'app-kill').map(broke),
  fc
    .record({ text: fc.constantFrom('a', 'b'), low: fc.option(fc.integer({ min: 50, max: 5000 })) })
    .map(({ text, low }) => found(text, low)),
);

function reachOf(strategy: StrategyEvidence) {
  const { capacity, footprint, survival } = strategy;
  return {
    rate: farthestRate(testedRates(strategy)),
    sessions: Object.fromEntries(
      (footprint.kind === 'measured' ? footprint.value : []).map((each) => [
        each.payloadBytes,
        each.testedTo,
      ]),
    ),
    promises: capacity.kind === 'measured' ? capacity.value.map(({ promise }) => promise.text) : [],
    faults: survival.kind === 'measured' ? survival.value.map(({ fault }) => fault) : [],
  };
}

const strategyIn = (runs: readonly StoredRun[]): StrategyEvidence =>
  evidenceFrom(runs).strategies.find((each) => each.name === name) ?? assert.fail(name);

test('a run more never takes away what was tested, nor a number that was known', async (context) => {
  const folder = await writeRunFolder(path.join(await temporaryFolder(context), 'a'), {
    blocks: 1,
    measureSeconds: 1,
    rate: 700,
  });
  const { runs } = await namedRuns([folder]);
  const base = runs[0] ?? assert.fail('no run');
  const dated = (change: Change, index: number): StoredRun => {
    const changed = change(base);
    const startedAt = `2026-11-${String(index + 10)}T00:00:00.000Z`;
    return { ...changed, record: { ...changed.record, runId: `run-${index}`, startedAt } };
  };
  const prices = pricesOf(usualBook);
  const isKnown = (all: readonly StoredRun[], sessions: number, rate: number): boolean => {
    const wishes = {
      ...modestWishes,
      sessions: { kind: 'alive' as const, count: sessions },
      rate: { low: rate, likely: rate, high: rate },
    };
    const options = optionsFor({ evidence: evidenceFrom(all), wishes, prices });
    return options.find((each) => each.name === name)?.sizing.kind === 'sized';
  };
  const scales = [1e4, 1e5, 1e6].flatMap((sessions) =>
    [500, 2000, 8000].map((rate) => [sessions, rate] as const),
  );
  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 6 }), (all) => {
      const made = [base, ...all.map(dated)];
      for (let count = 1; count < made.length; count += 1) {
        const [fewer, more] = [made.slice(0, count), made.slice(0, count + 1)];
        const [before, after] = [reachOf(strategyIn(fewer)), reachOf(strategyIn(more))];
        assert.ok(after.rate >= before.rate);
        for (const [payload, to] of Object.entries(before.sessions))
          assert.ok((after.sessions[payload] ?? 0) >= to);
        for (const text of before.promises) assert.ok(after.promises.includes(text));
        for (const fault of before.faults) assert.ok(after.faults.includes(fault));
        for (const [sessions, rate] of scales)
          if (isKnown(fewer, sessions, rate)) assert.ok(isKnown(more, sessions, rate), `${sessions} ${rate}`);
      }
    }),
    { numRuns: 60 },
  );
});
