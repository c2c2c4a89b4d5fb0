import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Burst } from './burst.ts';
import { chooseRate, roundDown } from './rate.ts';

test('a rounded rate is never above the rate, and at most 10 % below it', () => {
  fc.assert(
    fc.property(fc.double({ min: 10, max: 1e6, noNaN: true }), (rate) => {
      const rounded = roundDown(rate);
      assert.ok(rounded <= rate && rounded > rate * 0.9, `${rate} became ${rounded}`);
    }),
  );
});

const answered = (strategy: string, rate: number): Burst => ({ status: 'answered', strategy, rate });
const unanswered = (strategy: string): Burst => ({ status: 'unanswered', strategy });

test('the slowest strategy sets the rate and is named', () => {
  const found = chooseRate([answered('sticky', 9000), answered('postgres', 3123), answered('redis', 5000)]);
  assert.equal(found.value, 1500);
  assert.match(found.explanation, /postgres, 3,123\/s/);
});

test('those that are driven at once have more room together than one has alone', () => {
  const { value, explanation } = chooseRate([answered('baseline', 5000), answered('candidate', 4800)], 2);
  assert.equal(value, 720);
  assert.match(explanation, /each of 2 .* 30 % of what .*candidate, 4,800\/s/);
});

test('a strategy that failed, or gave no answer, does not set the rate', () => {
  assert.equal(chooseRate([unanswered('hangs'), answered('sticky', 9000)]).value, 4500);
  assert.equal(chooseRate([answered('sticky', 9000), answered('postgres', 0)]).value, 4500);
});

test('where all fail, their trials are to show how; where nothing is known, there is no rate', () => {
  const { value, explanation, probed } = chooseRate([
    unanswered('hangs'),
    { status: 'failed', strategy: 'x' },
  ]);
  assert.ok(value > 0);
  assert.deepEqual(probed, {});
  assert.match(explanation, /no strategy answered enough/);
  assert.throws(() => chooseRate([{ status: 'failed', strategy: 'x' }]), /no strategy answered/);
});
