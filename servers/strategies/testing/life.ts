/** Sessions end when their time is over and not before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../infra/machine/until.ts';
import { type Bench, benchOf, newSid, type StoreKit } from './kit.ts';

/** The two clocks that a measured span goes through tick in whole milliseconds. */
const clockGrainMs = 2;

/** For things that must happen some time; how soon is not what these tests are about. */
const patienceMs = 15_000;

export function testLife(kit: StoreKit, bench: Bench): void {
  for (const ttlSeconds of [0.3, 1, 1.5]) {
    test(`a session of ${ttlSeconds} s lives that long, then ends`, async () => {
      const { store } = await benchOf(bench).open({ ttlSeconds });
      const sid = newSid();
      const setAt = performance.now();
      await store.set(sid, { user: 'ann' });
      const endedAt = await until('the session has ended', patienceMs, async () => {
        assert.equal(await store.get(sid), null);
        return performance.now();
      });
      assert.ok(
        endedAt - setAt >= ttlSeconds * 1000 - clockGrainMs,
        `the session was gone after ${endedAt - setAt} ms`,
      );
    });
  }

  for (const days of [29, 31, 400]) {
    test(`a session of ${days} days is there`, async () => {
      const { store } = await benchOf(bench).open({ ttlSeconds: days * 24 * 3600 });
      const sid = newSid();
      await store.set(sid, { user: 'ann' });
      assert.deepEqual(await store.get(sid), { user: 'ann' });
      await store.touch(sid, { user: 'ann' });
      assert.deepEqual(await store.get(sid), { user: 'ann' });
    });
  }

  test('a write moves the deadline on', async () => {
    await outlives(async (store, sid) => store.set(sid, { user: 'ann' }));
  });

  test('a touch moves the deadline on, and changes nothing', async () => {
    await outlives(async (store, sid) => store.touch(sid, { user: 'not written' }));
  });

  test('a touch does not bring back a session that has ended', async () => {
    const { store } = await benchOf(bench).open();
    const sid = newSid();
    await store.set(sid, { user: 'ann' });
    await store.destroy(sid);
    await store.touch(sid, { user: 'ann' });
    assert.equal(await store.get(sid), null);
  });

  type Store = Awaited<ReturnType<ReturnType<typeof benchOf>['open']>>['store'];

  /** Keeps a session alive by `prolong` for longer than it would live, then lets it end. */
  async function outlives(prolong: (store: Store, sid: string) => Promise<void>): Promise<void> {
    const ttlSeconds = 2;
    const { store } = await benchOf(bench).open({ ttlSeconds });
    const sid = newSid();
    let bornAt = 0;
    let prolongedAt = 0;
    const begin = async (): Promise<void> => {
      bornAt = performance.now();
      prolongedAt = bornAt;
      await store.set(sid, { user: 'ann' });
    };
    await begin();
    await until('the session has outlived its first deadline', patienceMs, async () => {
      await prolong(store, sid);
      const found = await store.get(sid);
      const now = performance.now();
      if (now - prolongedAt > ttlSeconds * 1000 - 100) {
        // The machine stood still for so long that the session may have ended rightly.
        await begin();
        throw new Error('a pause was too long');
      }
      assert.deepEqual(found, { user: 'ann' });
      prolongedAt = now;
      assert.ok(now - bornAt > ttlSeconds * 1000 + kit.expiresLateByMs + 100, 'not yet');
    });
    await until('the session has ended', patienceMs, async () => assert.equal(await store.get(sid), null));
  }

  test('clear ends all sessions, and length counts them', async () => {
    const { store } = await benchOf(bench).open();
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

  test('a session set right after clear stays', async () => {
    const { store } = await benchOf(bench).open();
    await store.clear();
    const sid = newSid();
    await store.set(sid, { user: 'ann' });
    assert.deepEqual(await store.get(sid), { user: 'ann' });
  });
}
