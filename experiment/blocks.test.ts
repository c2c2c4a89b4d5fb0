import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longEnough } from './blocks.ts';
import { MAX_SEED, shuffledOrders } from './random.ts';

const seeds = fc.integer({ min: 0, max: MAX_SEED });

test('every block holds every strategy once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 20 }), seeds, (items, count, seed) => {
      const orders = shuffledOrders(items, count, seed);
      assert.equal(orders.length, count);
      for (const order of orders) assert.deepEqual([...order].sort(), [...items].sort());
    }),
  );
});

test('the same seed gives the same orders, and another seed gives others', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f'];
  fc.assert(
    fc.property(seeds, (seed) => {
      assert.deepEqual(shuffledOrders(items, 12, seed), shuffledOrders(items, 12, seed));
    }),
  );
  assert.notDeepEqual(shuffledOrders(items, 12, 1), shuffledOrders(items, 12, 2));
});

test('over many blocks each strategy comes first about equally often', () => {
  const orders = shuffledOrders(['a', 'b', 'c', 'd', 'e', 'f'], 6000, 42);
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const firsts = orders.filter((order) => order[0] === item).length;
    assert.ok(firsts > 850 && firsts < 1150, `${item} came first ${firsts} times of 6000`);
  }
});

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
