/** Sessions end when their time is over and not before. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../../../infra/machine/until.ts';
import { newSid, type StoreBench, type StoreKit } from './kit.ts';
import type { PromisedStore } from './promised-store.ts';

/** The two clocks that a measured span goes through tick in whole milliseconds. */
const clockGrainMs = 2;

/** For things that must happen some time; how soon is not what these tests are about. */
const patienceMs = 15_000;

/** Repeats `attempt` until it succeeds, while time passes. */
type Wait = <Result>(what: string, attempt: () => Promise<Result>) => Promise<Result>;

/** Where the clock is this process', a wait moves it on by 10 ms at each attempt. */
function waitFor(kit: StoreKit, t: TestContext): Wait {
  if (kit.clock === 'servers') return (what, attempt) => until(what, patienceMs, attempt);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  return (what, attempt) => {
    const attemptLater = () => {
      t.mock.timers.tick(10);
      return attempt();
    };
    return until(what, patienceMs, attemptLater, { everyMs: 1 });
  };
}

export function testLife(kit: StoreKit, bench: StoreBench): void {
  // Together, because most of their time is spent waiting for the servers' clock.
  describe('a session ends in time', { concurrency: kit.clock === 'servers' }, () => {
    for (const ttlSeconds of [0.3, 1, 1.5]) {
      test(`a session of ${ttlSeconds} s lives that long, then ends`, async (t) => {
        const wait = waitFor(kit, t);
        const { store } = await bench.open(t, { ttlSeconds });
        const sid = newSid();
        const setAt = Date.now();
        await store.set(sid, { user: 'ann' });
        const endedAt = await wait('the session has ended', async () => {
          assert.equal(await store.get(sid), null);
          return Date.now();
        });
        assert.ok(
          endedAt - setAt >= ttlSeconds * 1000 - clockGrainMs,
          `the session was gone after ${endedAt - setAt} ms`,
        );
      });
    }

    test('a write moves the deadline on', async (t) => {
      await outlives(t, async (store, sid) => store.set(sid, { user: 'ann' }));
    });

    test('an update moves the deadline on', async (t) => {
      await outlives(t, async (store, sid) => void (await store.update(sid, { user: 'ann' }, [['user']])));
    });

    test('a touch moves the deadline on, and changes nothing', async (t) => {
      await outlives(t, async (store, sid) => store.touch(sid, { user: 'not written' }));
    });

    /** Keeps a session alive by `prolong` for longer than it would live, then lets it end. */
    async function outlives(
      t: TestContext,
      prolong: (store: PromisedStore, sid: string) => Promise<void>,
    ): Promise<void> {
      const wait = waitFor(kit, t);
      const ttlMs = 1_000;
      const { store } = await bench.open(t, { ttlSeconds: ttlMs / 1000 });
      const sid = newSid();
      let bornAt = 0;
      let prolongedAt = 0;
      const begin = async (): Promise<void> => {
        bornAt = Date.now();
        prolongedAt = bornAt;
        await store.set(sid, { user: 'ann' });
      };
      await begin();
      await wait('the session has outlived its first deadline', async () => {
        await prolong(store, sid);
        const found = await store.get(sid);
        const now = Date.now();
        if (now - prolongedAt > ttlMs - 100) {
          // The machine stood still for so long that the session may have ended rightly.
          await begin();
          throw new Error('a pause was too long');
        }
        assert.deepEqual(found, { user: 'ann' });
        prolongedAt = now;
        assert.ok(now - bornAt > ttlMs + kit.expiresLateByMs + 100, 'not yet');
      });
      await wait('the session has ended', async () => assert.equal(await store.get(sid), null));
    }
  });

  for (const days of [29, 31, 400]) {
    test(`a session of ${days} days is there`, async (t) => {
      const { store } = await bench.open(t, { ttlSeconds: days * 24 * 3600 });
      const sid = newSid();
      await store.set(sid, { user: 'ann' });
      assert.deepEqual(await store.get(sid), { user: 'ann' });
      await store.touch(sid, { user: 'ann' });
      assert.deepEqual(await store.get(sid), { user: 'ann' });
    });
  }

  test('a touch does not bring back a session that has ended', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    await store.set(sid, { user: 'ann' });
    await store.destroy(sid);
    await store.touch(sid, { user: 'ann' });
    assert.equal(await store.get(sid), null);
  });

  test('clear ends all sessions, and length counts them', async (t) => {
    const { store } = await bench.open(t);
    await store.clear();
    const before = await store.length();
    if (kit.exactLength) assert.equal(before, 0);
    const sids = Array.from({ length: 20 }, newSid);
    await Promise.all(sids.map((sid) => store.set(sid, { user: 'ann' })));
    if (kit.exactLength) assert.equal(await store.length(), 20);
    else assert.ok((await store.length()) >= 20);
    await store.clear();
    for (const sid of sids) assert.equal(await store.get(sid), null);
    if (kit.exactLength) assert.equal(await store.length(), 0);
  });

  test('a session set right after clear stays', async (t) => {
    const { store } = await bench.open(t);
    await store.clear();
    const sid = newSid();
    await store.set(sid, { user: 'ann' });
    assert.deepEqual(await store.get(sid), { user: 'ann' });
  });
}
