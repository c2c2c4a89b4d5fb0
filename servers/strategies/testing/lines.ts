/**
 * Connections between a store and its server: what travels on them, and what comes of those that break in the middle of an
 * answer, or go dead without being closed.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../../infra/machine/until.ts';
import { BadNetwork } from './bad-network.ts';
import {
  type IndexCommands,
  newSid,
  type OpenForTest,
  type OpenOptions,
  outageTimeoutMs,
  type StoreBench,
  type StoreKit,
} from './kit.ts';
import { assertFailsInTime, assertWorksAgain } from './outages.ts';
import { promisedIndex } from './promised-store.ts';

const patienceMs = 15_000;

interface Opened extends OpenForTest {
  readonly network: BadNetwork;
}

/** A store whose connections all go through a network that the test can spoil. */
async function openBehind(t: TestContext, bench: StoreBench, options: OpenOptions = {}): Promise<Opened> {
  const [service, [endpoint]] = Object.entries(bench.endpoints)[0] ?? ['', []];
  assert.ok(endpoint);
  const network = await BadNetwork.before(endpoint);
  const endpoints = { [service]: [{ ...endpoint, host: '127.0.0.1', port: network.port }] };
  const opened = await bench.open(t, { ...options, endpoints, timeoutMs: outageTimeoutMs });
  t.after(() => network.close());
  return { ...opened, network };
}

/** The table in docs/method.md counts operations of the store, which says how often the app waits for the network. */
function testRoundTrips(bench: StoreBench): void {
  test('each operation of the store is one trip to the server and back', async (t) => {
    const { store, open, network } = await openBehind(t, bench);
    const session = { user: 'ann', version: 1, parts: { 0: 'x' } };
    const { update } = open.store;
    const operations: Readonly<Record<string, (sid: string) => Promise<unknown>>> = {
      set: (sid) => store.set(sid, session),
      get: (sid) => store.get(sid),
      touch: (sid) => store.touch(sid, session),
      ...(update && {
        update: (sid) =>
          new Promise((resolve) => update.call(open.store, sid, session, [['version']], resolve)),
      }),
      destroy: (sid) => store.destroy(sid),
    };
    const fewest: Record<string, number> = {};
    const sid = newSid();
    // The first use of a connection, and a sweep that happens to run, may take trips of their own.
    for (let turn = 0; turn < 40; turn += 1) {
      for (const [name, operation] of Object.entries(operations)) {
        const before = network.trips;
        await operation(sid);
        fewest[name] = Math.min(fewest[name] ?? Number.POSITIVE_INFINITY, network.trips - before);
      }
    }
    assert.deepEqual(fewest, Object.fromEntries(Object.keys(operations).map((name) => [name, 1])));
  });
}

function testTripsOfIndex(bench: StoreBench, { trips = {}, listByUser }: IndexCommands): void {
  test('each operation of the index of users takes the trips that are told of it', async (t) => {
    const { store, open, network } = await openBehind(t, bench, { userIndex: true });
    const index = promisedIndex(open.store);
    const session = { user: 'ann', version: 1, parts: { 0: 'x' } };
    const [user, sid, other] = [newSid(), newSid(), newSid()];
    const operations: Readonly<Record<string, () => Promise<unknown>>> = {
      setFor: () => index.setFor(user, sid, session),
      get: () => store.get(sid),
      ...(listByUser && { listByUser: () => index.listByUser(user) }),
      destroyFor: () => index.destroyFor(user, other),
      destroyByUser: () => index.destroyByUser(user),
    };
    const fewest: Record<string, number> = {};
    for (let turn = 0; turn < 40; turn += 1) {
      // A user who is signed in already has what the first login makes.
      await index.setFor(user, other, session);
      for (const [name, operation] of Object.entries(operations)) {
        const before = network.trips;
        await operation();
        fewest[name] = Math.min(fewest[name] ?? Number.POSITIVE_INFINITY, network.trips - before);
      }
    }
    const expected = Object.keys(operations).map((name) => [name, Object(trips)[name] ?? 1]);
    assert.deepEqual(fewest, Object.fromEntries(expected));
  });
}

export function testLines({ userIndex }: StoreKit, bench: StoreBench): void {
  testRoundTrips(bench);
  if (userIndex !== null) testTripsOfIndex(bench, userIndex);

  test('connections that went dead without being closed are given up, and new ones used', async (t) => {
    const opened = await openBehind(t, bench);
    const { store, network } = opened;
    const sid = newSid();
    await store.set(sid, { user: 'ann' });
    // As many operations at once as a pool may have connections.
    const crowd = Array.from({ length: 32 });
    await Promise.all(crowd.map(() => store.get(sid)));
    network.swallow();
    await Promise.all(crowd.map(() => assertFailsInTime('get', store.get(sid))));
    await assertWorksAgain(opened);
    assert.deepEqual(await store.get(sid), { user: 'ann' });
  });

  test('connections that break in the middle of an answer give an error or the right answer', async (t) => {
    const { store, network } = await openBehind(t, bench);
    const sessions = ['ann', 'bob', 'eve'].map(
      (user) => [newSid(), { user, text: `${user} `.repeat(3000) }] as const,
    );
    for (const [sid, session] of sessions) await store.set(sid, session);
    const wrong: string[] = [];
    const read = async (number: number): Promise<'answered' | 'failed'> => {
      const [sid, session] = sessions[number % sessions.length] ?? ['', {}];
      const found = await store.get(sid).catch(() => undefined);
      if (found === undefined) return 'failed';
      // Not as text: a hash has no order.
      if (!isDeepStrictEqual(found, session)) wrong.push(JSON.stringify(found).slice(0, 60));
      return 'answered';
    };
    for (const bytes of [1, 10, 24, 25, 100, 1_000, 9_000]) {
      const { cuts } = network;
      network.cutAnswersAfter(bytes);
      const broken = [read(0), read(1)];
      await until('a line breaks', patienceMs, () => assert.ok(network.cuts > cuts));
      // On new lines, while the answers that the old ones owed may still be waited for.
      const after = [read(1), read(2)];
      await Promise.all([...broken, ...after]);
      await until('reads work again', patienceMs, async () => assert.equal(await read(2), 'answered'));
      assert.deepEqual(wrong, [], `after a cut at byte ${bytes}`);
    }
  });
}
