import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noErrors, noViolations, operationNames } from './common.ts';
import { decodeHistogram } from './histogram.ts';
import { inOrder, Latencies, type Latency } from './latency.ts';
import { encoded, newHistogram } from './testing/engine-files.ts';
import { clientOperations, rightAnswers, unansweredOf, unansweredShare } from './unanswered.ts';

const percentiles = [0, 50, 90, 99, 99.9, 100];
/** Microseconds; null for an operation without a right answer. Up to 2,047 µs a histogram is exact. */
const outcomes = fc.array(fc.option(fc.integer({ min: 1, max: 2047 }), { freq: 3 }), {
  minLength: 1,
  maxLength: 250,
});

function latenciesOf(values: readonly (number | null)[], highest?: number): Latencies {
  const histogram = newHistogram(highest);
  for (const value of values) if (value !== null) histogram.recordValue(Math.min(value, highest ?? value));
  const latencies = new Latencies();
  latencies.addAnswered(decodeHistogram(encoded(histogram)));
  latencies.addUnanswered(values.filter((value) => value === null).length);
  return latencies;
}

/** By sorting: what failed lies behind everything else. */
function bySorting(values: readonly (number | null)[], percentile: number): Latency {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const found = sorted.find((_, i) => (i + 1) * 1000 >= Math.round(percentile * 10) * values.length);
  return found === undefined || found === Number.POSITIVE_INFINITY ? 'no answer' : found;
}

test('an operation without a right answer is slower than any: as sorting has it', () => {
  fc.assert(
    fc.property(outcomes, (values) => {
      const latencies = latenciesOf(values);
      assert.deepEqual([latencies.due, latencies.answered], [values.length, values.filter(Boolean).length]);
      const expected = percentiles.map((percentile) => bySorting(values, percentile));
      assert.deepEqual(latencies.atEach(percentiles), expected);
      assert.deepEqual(
        percentiles.map((percentile) => latencies.at(percentile)),
        expected,
      );
    }),
  );
});

test('making an answered operation fail never lowers a percentile', () => {
  fc.assert(
    fc.property(outcomes, fc.nat(), (values, which) => {
      const failed = values.map((value, i) => (i === which % values.length ? null : value));
      const [before, after] = [values, failed].map((each) => latenciesOf(each).atEach(percentiles));
      before?.forEach((value, i) => {
        assert.ok(inOrder(after?.[i] ?? 0) >= inOrder(value), `p${percentiles[i]}`);
      });
    }),
  );
});

test('latencies that are merged are those of all operations together', () => {
  fc.assert(
    fc.property(outcomes, outcomes, (some, others) => {
      const merged = new Latencies();
      for (const part of [some, others]) merged.add(latenciesOf(part));
      assert.deepEqual(merged.atEach(percentiles), latenciesOf([...some, ...others]).atEach(percentiles));
    }),
  );
});

test('what lies at the end of the range of its histogram is a bound, and no time', () => {
  const minute = 60_000_000;
  const values = [...Array.from({ length: 98 }, () => 1000), 66_000_000, 70_000_000];
  const old = latenciesOf(values, minute);
  assert.deepEqual(old.atEach([98, 99, 100]), [1000, { moreThan: minute }, { moreThan: minute }]);
  const [p99] = latenciesOf(values).atEach([99]);
  assert.ok(typeof p99 === 'number' && p99 >= 66_000_000 && p99 < 66_100_000);
  // Merged with what has a longer range, the shorter one bounds both.
  old.add(latenciesOf([80_000_000]));
  assert.deepEqual(old.at(100), { moreThan: minute });
  assert.equal(old.slowestAnswer(), minute);
  old.addUnanswered(1);
  assert.equal(old.at(100), 'no answer');
});

test('without any operation there is no percentile, and without an answer none that is a number', () => {
  const latencies = new Latencies();
  assert.equal(latencies.at(50), null);
  assert.deepEqual(latencies.atEach([50, 99]), []);
  latencies.addUnanswered(3);
  assert.deepEqual(latencies.atEach([0, 50, 100]), ['no answer', 'no answer', 'no answer']);
  assert.equal(latencies.slowestAnswer(), null);
});

const record = (dropped: number) => ({
  operations: {
    read: {
      count: 80,
      errors: { ...noErrors, timeout: 2, server: 1 },
      violations: { ...noViolations, stale: 4 },
    },
    write: { count: 20, errors: noErrors, violations: noViolations },
    probe: { count: 5, errors: { ...noErrors, protocol: 1 }, violations: noViolations },
  },
  pacing: { dropped },
  requests: { generator: 105, balancer: null, byBalancer: null, apps: null },
});

test('errors, wrong answers and dropped arrivals are without a right answer', () => {
  for (const [dropped, operations, expected] of [
    [0, ['read'], 7],
    [0, ['write'], 0],
    [0, ['login'], 0],
    [0, ['probe'], 1],
    [10, ['read'], 7 + 8],
    [10, ['write'], 2],
    [11, ['write'], 3],
    [10, ['login'], 0],
    [10, ['probe'], 1],
    [11, clientOperations, 7 + 11],
    [11, operationNames, 8 + 11],
  ] as const)
    assert.equal(unansweredOf(record(dropped), operations), expected, `${dropped} dropped, ${operations}`);
  assert.equal(rightAnswers(record(9)), 105 - 8);
  assert.equal(unansweredShare([record(0), record(10)]), 26 / 220);
  assert.equal(unansweredShare([]), 0);
});

test('where every arrival was dropped, each operation went without an answer', () => {
  const nothing = { operations: {}, pacing: { dropped: 8 } };
  for (const operation of clientOperations) assert.ok(unansweredOf(nothing, [operation]) > 0, operation);
});
