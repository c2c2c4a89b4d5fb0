import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseRate, roundDown } from './rate.ts';

test('a rounded rate is never above the rate, and at most 10 % below it', () => {
  fc.assert(
    fc.property(fc.double({ min: 10, max: 1e6, noNaN: true }), (rate) => {
      const rounded = roundDown(rate);
      assert.ok(rounded <= rate && rounded > rate * 0.9, `${rate} became ${rounded}`);
    }),
  );
});

test('the slowest strategy sets the rate and is named', () => {
  const found = chooseRate({ sticky: 9000, postgres: 3123, redis: 5000 });
  assert.equal(found.value, 1500);
  assert.match(found.explanation, /postgres, 3123\/s/);
});

test('a strategy that gave no answer does not set the rate', () => {
  assert.equal(chooseRate({ sticky: 9000, postgres: 0 }).value, 4500);
  assert.throws(() => chooseRate({ postgres: 0 }), /no strategy answered/);
});
