import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../random.ts';
import { checkAutocorrelation } from './autocorrelation.ts';
import { checkDrift } from './drift.ts';
import { outlyingTrials } from './outliers.ts';
import { checkWarmup } from './warmup.ts';

const random = seededRandom(12);
const noise = (count: number, spread = 0.05) =>
  Array.from({ length: count }, () => 100 * Math.exp(spread * random.normal()));
const blocks = (values: readonly number[]) => values.map((value, i) => ({ block: i + 1, value }));

test('neighbouring seconds that hang together are seen, independent ones are not', () => {
  let level = 0;
  const walk = Array.from({ length: 60 }, () => {
    level = 0.9 * level + random.normal();
    return level;
  });
  const seen = checkAutocorrelation(walk);
  assert.ok(seen.status === 'seen' && seen.effectiveCount < 20);
  assert.equal(checkAutocorrelation(noise(60)).status, 'not-seen');
  assert.equal(checkAutocorrelation([1, 2]).status, 'unknown');
  assert.equal(checkAutocorrelation(new Array<number>(20).fill(5)).status, 'unknown');
});

test('drift over blocks is seen with its size', () => {
  const rising = checkDrift(blocks(noise(12, 0.01).map((value, i) => value * 1.03 ** i)));
  assert.ok(rising.status === 'seen' && Math.abs(rising.ratioPerBlock - 1.03) < 0.005);
  assert.equal(checkDrift(blocks(noise(12))).status, 'not-seen');
  assert.equal(checkDrift(blocks([1, 2, 3])).status, 'unknown');
  assert.equal(checkDrift(blocks([1, 2, 3, 4, 5, 0])).status, 'unknown');
});

test('a warm-up that leaks into the measured time is seen', () => {
  const warming = Array.from({ length: 6 }, () => noise(10).map((value, i) => value * (i < 2 ? 1.4 : 1)));
  const seen = checkWarmup(warming);
  assert.ok(seen.status === 'seen' && seen.ratio > 1.2 && seen.firstSeconds === 2);
  assert.equal(checkWarmup(Array.from({ length: 6 }, () => noise(10))).status, 'not-seen');
  assert.equal(checkWarmup([]).status, 'unknown');
  assert.equal(checkWarmup([[1, 2]]).status, 'unknown');
  assert.equal(checkWarmup([new Array<number>(10).fill(3)]).status, 'not-seen');
});

test('an outlying trial is named by its place', () => {
  const values = [100, 103, 98, 101, 99, 250, 102];
  assert.deepEqual(
    outlyingTrials(values).map(({ index }) => index),
    [5],
  );
  assert.deepEqual(outlyingTrials(values.filter((value) => value < 200)), []);
  assert.deepEqual(outlyingTrials([1, 1, 1, 1, 1]), []);
  assert.deepEqual(outlyingTrials([1, 900]), []);
  assert.deepEqual(outlyingTrials([0, 1, 1, 1, 1]), []);
});
