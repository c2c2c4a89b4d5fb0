import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longEnough } from './trial-length.ts';

test('a trial is as long as its reads need, and at most twice as long as planned', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 5_000 }),
      (readRate, planned, fewestReads) => {
        const seconds = longEnough(planned, fewestReads, readRate);
        assert.ok(seconds >= planned && seconds <= 2 * planned);
        assert.ok(readRate * seconds >= fewestReads || seconds === 2 * planned);
      },
    ),
  );
  assert.equal(longEnough(3, 1100, 300 * 0.836), 5);
  assert.equal(longEnough(3, 0, 1), 3);
});
