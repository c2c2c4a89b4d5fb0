import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allAnswered, judgeFamily } from './compare.ts';
import { turned } from './verdict.ts';

test('a verdict turned round is the verdict of the pair the other way round', () => {
  const observations = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), {
    minLength: 0,
    maxLength: 14,
  });
  fc.assert(
    fc.property(observations, observations, (left, right) => {
      const side = (name: string, values: readonly number[]) => ({
        name,
        answers: allAnswered,
        trials: values.map((value, block) => ({ block, value })),
      });
      const [a, b] = [side('a', left), side('b', right)];
      const [forth] = judgeFamily([{ metric: 'read.p50', baseline: a, candidate: b }]);
      const [back] = judgeFamily([{ metric: 'read.p50', baseline: b, candidate: a }]);
      assert.ok(forth && back);
      const digits = (value: unknown): unknown =>
        JSON.parse(
          JSON.stringify(value, (_key, each) => (typeof each === 'number' ? each.toPrecision(9) : each)),
        );
      assert.deepEqual(digits(turned(forth)), digits(back));
    }),
    { numRuns: 100 },
  );
});
