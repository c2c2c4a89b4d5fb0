/** Which sessions are a user's: listed and ended together, and never lost while they live. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { until } from '../../../infra/machine/until.ts';
import { userIndexOf } from '../../contract/store.ts';
import type { CommandCounts } from '../../contract/topology.ts';
import {
  type IndexCommands,
  newSid,
  type OpenForTest,
  type OpenOptions,
  type StoreBench,
  type StoreKit,
} from './kit.ts';
import { type PromisedIndex, promisedIndex } from './promised-store.ts';

const session = (user: string, version = 1) => ({ user, version, parts: { 0: 'x' } });

interface Opened extends OpenForTest {
  readonly index: PromisedIndex;
}

async function openWithIndex(t: TestContext, bench: StoreBench, options: OpenOptions = {}): Promise<Opened> {
  const opened = await bench.open(t, { ...options, userIndex: true });
  return { ...opened, index: promisedIndex(opened.open.store) };
}

/** Users whom no other test has. */
const newUsers = () => [newSid(), newSid()] as const;

export function testUserIndex(kit: StoreKit, bench: StoreBench): void {
  test('a store that was not asked for an index of users keeps none', async (t) => {
    const { open } = await bench.open(t);
    assert.equal(userIndexOf(open.store), null);
  });

  const { userIndex } = kit;
  if (userIndex === null) {
    test('it keeps no index of users', async (t) => {
      const { open } = await bench.open(t, { userIndex: true });
      assert.equal(userIndexOf(open.store), null);
    });
    return;
  }
  testEndings(kit, bench);
  if (userIndex.listByUser !== null) {
    testLists(bench);
    testLives(kit, bench);
  }
  if (kit.topology.services.length > 0) {
    testApps(bench, userIndex);
    testCosts(bench, userIndex);
  }
}

function testEndings(kit: StoreKit, bench: StoreBench): void {
  test('all sessions of a user end, or all but one, and nobody else’s', async (t) => {
    const { store, index } = await openWithIndex(t, bench);
    const [ann, bob] = newUsers();
    const sids = Array.from({ length: 5 }, newSid);
    const [kept = '', ...others] = sids;
    const bobs = newSid();
    for (const sid of sids) await index.setFor(ann, sid, session('ann'));
    await index.setFor(bob, bobs, session('bob'));
    // A write that is no whole one must not lose whose session it is.
    for (const sid of sids) assert.equal(await store.update(sid, session('ann', 2), [['version']]), true);
    const counted = kit.userIndex?.listByUser !== null;
    assert.equal(await index.destroyByUser(ann, kept), counted ? 4 : null);
    for (const sid of others) assert.equal(await store.get(sid), null);
    assert.deepEqual(await store.get(kept), session('ann', 2));
    assert.equal(await index.destroyByUser(ann), counted ? 1 : null);
    assert.equal(await store.get(kept), null);
    // Nor bring back what was ended.
    await store.update(kept, session('ann', 3), [['version']]);
    assert.equal(await store.get(kept), null);
    assert.equal(await index.destroyByUser(ann), counted ? 0 : null);
    assert.deepEqual(await store.get(bobs), session('bob'));
    await index.setFor(ann, kept, session('ann', 7));
    assert.deepEqual(await store.get(kept), session('ann', 7));
  });

  test('sessions alone are counted, and clear ends what is known of users too', async (t) => {
    const { store, index } = await openWithIndex(t, bench);
    const [ann] = newUsers();
    await store.clear();
    for (const sid of [newSid(), newSid()]) await index.setFor(ann, sid, session('ann'));
    if (kit.exactLength) assert.equal(await store.length(), 2);
    await store.clear();
    if (kit.exactLength) assert.equal(await store.length(), 0);
    if (kit.userIndex?.listByUser !== null) assert.deepEqual(await index.listByUser(ann), new Map());
  });
}

function testLists(bench: StoreBench): void {
  test('a user’s sessions are listed with their data, and nobody else’s', async (t) => {
    const { store, index } = await openWithIndex(t, bench);
    const [ann, bob] = newUsers();
    const [one, two, gone, bobs, plain] = Array.from({ length: 5 }, newSid) as [string, ...string[]];
    assert.deepEqual(await index.listByUser(ann), new Map());
    for (const sid of [one, two, gone]) await index.setFor(ann, sid ?? '', session('ann'));
    await index.setFor(bob, bobs ?? '', session('bob'));
    await store.set(plain ?? '', session('ann'));
    await index.setFor(ann, one, session('ann', 2));
    await store.touch(two ?? '', session('ann'));
    await index.destroyFor(ann, gone ?? '');
    const listed = new Map([
      [one, session('ann', 2)],
      [two ?? '', session('ann')],
    ]);
    assert.deepEqual(await index.listByUser(ann), listed);
    assert.equal(await store.get(gone ?? ''), null);
    await store.destroy(two ?? '');
    assert.deepEqual([...(await index.listByUser(ann)).keys()], [one]);
    assert.deepEqual([...(await index.listByUser(bob)).keys()], [bobs]);
  });
}

function testLives(kit: StoreKit, bench: StoreBench): void {
  test('a session that has ended by itself is in no list, and one that was touched stays in it', async (t) => {
    const brief = await openWithIndex(t, bench, { ttlSeconds: 0.5 });
    const lasting = await openWithIndex(t, bench);
    const [ann] = newUsers();
    const [idle, used] = [newSid(), newSid()];
    for (const sid of [idle, used]) await brief.index.setFor(ann, sid, session('ann'));
    await lasting.store.touch(used, session('ann'));
    // A process' own memory is another store's nothing.
    const expected = kit.topology.services.length > 0 ? [used] : [];
    await until('the idle session has ended', 15_000, async () =>
      assert.deepEqual([...(await brief.index.listByUser(ann)).keys()], expected),
    );
  });
}

function testApps(bench: StoreBench, { listByUser }: IndexCommands): void {
  test('logins of one user on two apps at once are all known, and end together', async (t) => {
    const [a, b] = [await openWithIndex(t, bench), await openWithIndex(t, bench, { instance: 2 })];
    const [ann] = newUsers();
    const sids = Array.from({ length: 40 }, newSid);
    await Promise.all(
      sids.map((sid, turn) => (turn % 2 === 0 ? a : b).index.setFor(ann, sid, session('ann'))),
    );
    for (const sid of sids) assert.deepEqual(await a.store.get(sid), session('ann'));
    if (listByUser) assert.deepEqual([...(await a.index.listByUser(ann)).keys()].sort(), sids.toSorted());
    assert.equal(await b.index.destroyByUser(ann), listByUser ? sids.length : null);
    for (const sid of sids) assert.equal(await a.store.get(sid), null);
  });
}

/** docs/store-choices.md has the table. */
function testCosts(bench: StoreBench, { trips: _trips, ...expected }: IndexCommands): void {
  test('each operation of the index sends the commands that are told of it', async (t) => {
    const { index } = await openWithIndex(t, bench);
    const [ann] = newUsers();
    const sids = Array.from({ length: 4 }, newSid);
    const [first = '', ...others] = sids;
    const counted = async (work: () => Promise<unknown>): Promise<CommandCounts> => {
      const before = await bench.services.commands();
      await work();
      const after = await bench.services.commands();
      const more = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
      return Object.fromEntries(more.filter(([, count]) => count !== 0));
    };
    // The first use loads scripts and prepares statements.
    const canList = expected.listByUser !== null;
    await index.setFor(ann, first, session('ann'));
    if (canList) await index.listByUser(ann);
    await index.destroyByUser(ann);
    for (const sid of others) await index.setFor(ann, sid, session('ann'));
    const found = {
      setFor: await counted(() => index.setFor(ann, first, session('ann'))),
      destroyFor: await counted(() => index.destroyFor(ann, first)),
      listByUser: canList ? await counted(() => index.listByUser(ann)) : null,
      destroyByUser: await counted(() => index.destroyByUser(ann)),
    };
    assert.deepEqual(found, expected);
  });
}
