/** Whether sides stood still together, and what of it is put down to the machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Span, STANDSTILL_SECONDS, together } from './standstill.ts';
import { STORE_TIMEOUT_MS } from './store-timeout.ts';

const span = fc
  .tuple(fc.nat({ max: 40 }), fc.nat({ max: 20 }))
  .map(([from, length]): Span => ({ from, until: from + length }));
const spans = fc.array(span, { maxLength: 6 });

const holds = (all: readonly Span[], at: number): boolean =>
  all.some(({ from, until }) => from < at && at < until);

test('a moment is common where it is one of each, whatever the order of the sides', () => {
  fc.assert(
    fc.property(fc.array(spans, { minLength: 1, maxLength: 3 }), fc.nat({ max: 59 }), (sides, second) => {
      const at = second + 0.5;
      const common = sides.every((side) => holds(side, at));
      assert.equal(holds(together(sides), at), common);
      assert.equal(holds(together(sides.toReversed()), at), common);
    }),
  );
});

test('what one side does alone is never common', () => {
  fc.assert(fc.property(spans, (alone) => assert.deepEqual(together([alone, []]), [])));
  assert.deepEqual(together([[{ from: 1, until: Number.NaN }], [{ from: 0, until: 9 }]]), []);
});

test('a store that fails in a shorter standstill had taken more than half of its time before', () => {
  assert.equal(STANDSTILL_SECONDS * 2, STORE_TIMEOUT_MS / 1000);
});
