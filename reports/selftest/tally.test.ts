import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparisonResult } from '../../record/gate.ts';
import type { SelftestComparison, SelftestRecord } from '../../record/selftest.ts';
import { madeSelftest } from '../fixtures/selftest.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { selftestPage } from './page.ts';
import { tallies } from './tally.ts';

function result(outcome: SelftestComparison['outcome'], ratio: number, improved: boolean): ComparisonResult {
  return {
    strategy: 'redis',
    metric: 'cpuPerRequest',
    budget: 0.05,
    outcome,
    improved,
    message: '',
    values: { baseline: 300, candidate: 300 * ratio },
    verdict: {
      verdict: 'INCONCLUSIVE',
      metric: 'cpuPerRequest',
      baseline: 'a',
      candidate: 'b',
      pairs: 12,
      missing: 0,
      unusable: 0,
      noAnswer: { baseline: 0, candidate: 0 },
      unansweredShare: { baseline: 0, candidate: 0 },
      family: 1,
      floor: 0.05,
      spread: 0.03,
      smallestEffect: { kind: 'unknown' },
      cause: 'noise',
      ratio,
      interval: { kind: 'unbounded', level: 0.95, widest: null },
      p: 1,
      adjustedP: 1,
      needed: { kind: 'none' },
    },
  };
}

let number = 0;
const one = (
  addedShare: number,
  outcome: SelftestComparison['outcome'],
  ratio = 1,
  improved = false,
): SelftestComparison => {
  number += 1;
  return {
    number,
    slow: 'cpu',
    addedShare,
    addedMicros: 300 * addedShare,
    run: `comparisons/${number}`,
    startedAt: '2026-11-24T10:00:00.000Z',
    outcome,
    results: [result(outcome, ratio, improved)],
  };
};

const record = (comparisons: SelftestComparison[]): SelftestRecord =>
  madeSelftest('x', { host: { ...madeSelftest('x').host, cpuModel: 'A|CPU' }, comparisons });

test('verdicts are counted by what was added, and a false "better" is a false claim', () => {
  const all = record([
    one(0.2, 'regression', 1.19),
    one(0.2, 'regression', 1.21),
    one(0.2, 'inconclusive', 1.2),
    one(0, 'ok', 1),
    one(0, 'ok', 0.9, true),
    one(0, 'invalid'),
    one(0, 'regression', 1.1),
  ]);
  const [same, slowed] = tallies(all);
  assert.equal(same?.addedShare, 0);
  assert.deepEqual(
    [same?.comparisons, same?.regression, same?.ok, same?.better, same?.invalid, same?.called, same?.judged],
    [4, 1, 2, 1, 1, 2, 3],
  );
  assert.deepEqual([slowed?.called, slowed?.judged, slowed?.inconclusive], [2, 3, 1]);
  assert.deepEqual(slowed?.seen, [{ metric: 'cpuPerRequest', ratio: 1.2 }]);
});

test('no alarm in thirty is at most 11.6 % of alarms, and the table says so', () => {
  const all = record(Array.from({ length: 30 }, () => one(0, 'ok')));
  assert.match(
    terminal(selftestPage(all), { columns: 200 }),
    /nothing \(A\/A\) +30 +0 +30 +0 +0 +0 +0 of 30: 0 % \(0\.0–11\.6\)/,
  );
  const page = markdown(selftestPage(all));
  assert.match(page, /Equal sides were called different in 0 of 30 comparisons\./);
  assert.match(page, /\| nothing \(A\/A\) \| 30 \| 0 \| 30 /);
  assert.match(page, /A\\\|CPU, 2 cores/);
});

test('a self-test without comparisons has an empty table', () => {
  assert.deepEqual(tallies(record([])), []);
  assert.match(terminal(selftestPage(record([]))), /Made on 2026-11-24/);
});
