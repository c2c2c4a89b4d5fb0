import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionStore } from '../contract/store.ts';
import { storeKeyOf, userKeyOf } from '../contract/store-key.ts';
import { keyedStore } from './keyed-store.ts';
import { Client, startForTest } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';

const sid = 'the-id-that-only-the-client-has--';
const user = 'ann \ud800';

/** Every method of the contract, which answers with what it was asked. */
function echo(asked: unknown[][]): Required<SessionStore> {
  const method =
    (name: string) =>
    (...args: unknown[]): void => {
      asked.push([name, ...args.slice(0, -1)]);
      const done = args.at(-1);
      if (typeof done === 'function') done(null);
    };
  const names = ['get', 'set', 'destroy', 'touch', 'clear', 'update', 'length'] as const;
  const ofIndex = ['setFor', 'destroyFor', 'listByUser', 'destroyByUser'] as const;
  // Each takes its arguments as the contract has them; what they are called by is asserted below.
  return Object.fromEntries([...names, ...ofIndex].map((name) => [name, method(name)])) as never;
}

test('no method of a store is given an id or a user, and each gets the same names for the same', () => {
  const asked: unknown[][] = [];
  const store = keyedStore(echo(asked)) as Required<SessionStore>;
  const done = (): void => {};
  store.get(sid, done);
  store.set(sid, {}, done);
  store.destroy(sid, done);
  store.touch(sid, {}, done);
  store.update(sid, {}, [['a']], done);
  store.setFor(user, sid, {}, done);
  store.destroyFor(user, sid, done);
  store.listByUser(user, done);
  store.destroyByUser(user, sid, done);
  store.destroyByUser(user, null, done);
  store.clear(done);
  store.length(done);
  const [key, name] = [storeKeyOf(sid), userKeyOf(user)];
  assert.deepEqual(asked, [
    ['get', key],
    ['set', key, {}],
    ['destroy', key],
    ['touch', key, {}],
    ['update', key, {}, [['a']]],
    ['setFor', name, key, {}],
    ['destroyFor', name, key],
    ['listByUser', name],
    ['destroyByUser', name, key],
    ['destroyByUser', name, null],
    ['clear'],
    ['length'],
  ]);
});

test('what a store cannot do, the wrapper cannot either', () => {
  const { get, set, destroy } = echo([]);
  assert.deepEqual(Object.keys(keyedStore({ get, set, destroy })).sort(), ['destroy', 'get', 'set']);
});

test('names are as long for all, ASCII, and differ where users differ in half a surrogate pair', () => {
  const names = ['ann', 'Ann', '', 'x'.repeat(256), 'a\ud800', 'a\ud801', 'a\ufffd'].map(userKeyOf);
  assert.equal(new Set(names).size, names.length);
  for (const each of names) assert.match(each, /^[\w-]{43}$/);
});

test('neither the key nor the value of a stored session has the id', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  await client.write();
  const [, id = '', signature = ''] = /^session=([\w-]+)\.([^;]+)/.exec(client.cookie ?? '') ?? [];
  assert.equal(id.length, 32);
  const dump = JSON.stringify([...control.texts]);
  for (const secret of [id, signature, decodeURIComponent(signature)]) assert.ok(!dump.includes(secret));
  assert.deepEqual([...control.texts.keys()], [storeKeyOf(id)]);
});
