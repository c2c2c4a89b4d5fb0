import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rendezvous } from './rendezvous.ts';

/** Whether promises are settled once all that can go on has gone on. */
async function settled(...promises: readonly Promise<void>[]): Promise<readonly boolean[]> {
  const states = promises.map(() => false);
  promises.forEach((promise, index) => {
    const settle = () => {
      states[index] = true;
    };
    promise.then(settle, settle);
  });
  await new Promise((resolve) => setImmediate(resolve));
  return states;
}

test('those who meet wait for each other, and the work is done once', async () => {
  const rendezvous = new Rendezvous(2);
  let done = 0;
  const work = async () => {
    done += 1;
  };
  const first = rendezvous.meet(work);
  assert.deepEqual([await settled(first), done], [[false], 0]);
  const second = rendezvous.meet(work);
  assert.deepEqual([await settled(first, second), done], [[true, true], 1]);
  const again = rendezvous.meet(work);
  assert.deepEqual([await settled(again), done], [[false], 1]);
  await Promise.all([again, rendezvous.meet(work)]);
  assert.equal(done, 2);
});

test('nobody waits for one who has left, before or after the others have come', async () => {
  for (const order of ['left before', 'left after'] as const) {
    const rendezvous = new Rendezvous(2);
    if (order === 'left before') rendezvous.leave();
    const alone = rendezvous.meet(async () => {});
    if (order === 'left after') {
      assert.deepEqual(await settled(alone), [false]);
      rendezvous.leave();
    }
    await alone;
    rendezvous.leave();
  }
});

test('one alone does not wait', async () => {
  let done = false;
  await new Rendezvous(1).meet(async () => {
    done = true;
  });
  assert.ok(done);
});

test('what the work throws reaches all who met', async () => {
  const rendezvous = new Rendezvous(2);
  const work = async () => {
    throw new Error('the meter broke');
  };
  const ends = await Promise.allSettled([rendezvous.meet(work), rendezvous.meet(work)]);
  assert.deepEqual(
    ends.map((end) => end.status === 'rejected' && String(end.reason)),
    ['Error: the meter broke', 'Error: the meter broke'],
  );
});
