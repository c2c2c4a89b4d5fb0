import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inLanes } from './lanes.ts';

const never = new AbortController().signal;

test('each thing is worked at once, in order, so many at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat({ max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (scheduler, count, lanes) => {
        const things = Array.from({ length: count }, (_, at) => at);
        const begun: number[] = [];
        let ended = 0;
        const all = inLanes(lanes, things, never, async (thing) => {
          begun.push(thing);
          assert.ok(begun.length - ended <= lanes);
          await scheduler.schedule(Promise.resolve());
          ended += 1;
        });
        await scheduler.waitFor(all);
        assert.deepEqual(begun, things);
        assert.equal(ended, count);
      },
    ),
  );
});

test('after a failure what was begun is waited for, and nothing else is begun', async () => {
  const other = Promise.withResolvers<void>();
  const begun: string[] = [];
  let otherEnded = false;
  const all = inLanes(2, ['fails', 'goes on', 'waits'], never, async (thing) => {
    begun.push(thing);
    if (thing === 'fails') throw new Error('it burns');
    await other.promise;
    otherEnded = true;
  });
  other.resolve();
  await assert.rejects(all, /it burns/);
  assert.deepEqual(begun, ['fails', 'goes on']);
  assert.ok(otherEnded);
});

test('after an interruption nothing is begun', async () => {
  const begun: string[] = [];
  await inLanes(2, ['one'], AbortSignal.abort(), async (thing) => void begun.push(thing));
  assert.deepEqual(begun, []);
});
