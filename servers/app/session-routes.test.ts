import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { storeKeyOf } from '../contract/store-key.ts';
import { startApp } from './running-app.ts';
import { Client, configForTest, problemOf, startForTest } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';
import { updates, updatingStorePath } from './testing/updating-store.ts';

/** Stops the clock of this process, which the app reads, and moves it on by so many seconds at each call. */
function stopClock(t: TestContext): (seconds: number) => void {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  return (seconds) => t.mock.timers.tick(seconds * 1000);
}

/** Store calls since the last time, those that happened. */
function callsSince(): Record<string, number> {
  const happened = Object.entries(control.calls).filter(([, count]) => count > 0);
  control.calls = { get: 0, set: 0, destroy: 0, touch: 0, clear: 0, length: 0 };
  return Object.fromEntries(happened);
}

test('a session from login to logout, over the sticky store', async (t) => {
  const store = path.resolve(import.meta.dirname, '../strategies/sticky/store.ts');
  const app = await startApp(configForTest({}, store));
  t.after(() => app.stop(1000));
  const ann = new Client(app);
  const bob = new Client(app);
  assert.equal((await ann.read()).status, 401);

  const login = await ann.login('ann', 1700);
  assert.equal(login.status, 201);
  assert.deepEqual(login.body, { user: 'ann', version: 1, payloadBytes: 1700 });
  await bob.login('bob', 0);

  assert.deepEqual((await ann.read()).body, { user: 'ann', version: 1, payloadBytes: 1700 });
  assert.deepEqual((await ann.write(7)).body, { user: 'ann', version: 2, payloadBytes: 1700 });
  assert.deepEqual((await ann.write(0)).body, { user: 'ann', version: 3, payloadBytes: 1700 });
  assert.deepEqual((await ann.read()).body, { user: 'ann', version: 3, payloadBytes: 1700 });
  assert.deepEqual((await bob.read()).body, { user: 'bob', version: 1, payloadBytes: 0 });

  const { cookie } = ann;
  assert.equal((await ann.logout()).status, 204);
  assert.equal(ann.cookie, undefined, 'the cookie is cleared');
  ann.cookie = cookie;
  for (const after of [await ann.read(), await ann.write(), await ann.logout()]) {
    problemOf(after, 401);
    ann.cookie = cookie;
  }
  assert.equal((await bob.read()).status, 200);
});

test('the session cookie is HttpOnly, Lax, for all paths, and lives as long as the browser', async (t) => {
  const app = await startForTest(t);
  const { headers } = await new Client(app).login();
  const [pair, ...attributes] = headers.get('set-cookie')?.split('; ') ?? [];
  assert.match(pair ?? '', /^session=[\w-]{32}\./);
  assert.deepEqual(attributes.sort(), ['HttpOnly', 'Path=/', 'SameSite=Lax']);
});

test('no answer of a session may be kept by a cache, refusals and failures included', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  const answers = [
    await client.read(),
    await client.login(),
    await client.read(),
    await client.write(),
    await client.request('POST', '/session', { nonsense: true }),
    await client.logout(),
  ];
  control.conduct = 'fails';
  answers.push(await client.login());
  for (const { status, headers } of answers)
    assert.equal(headers.get('cache-control'), 'no-store', String(status));
});

test('where TLS ends in front, the cookie is __Host- and Secure, and clear requests are refused', async (t) => {
  const app = await startForTest(t, { tls: true });
  const client = new Client(app, { 'x-forwarded-proto': 'https' });
  const { headers } = await client.login();
  const [pair, ...attributes] = headers.get('set-cookie')?.split('; ') ?? [];
  assert.match(pair ?? '', /^__Host-session=/);
  assert.deepEqual(attributes.sort(), ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']);
  assert.deepEqual((await client.write()).body, { user: 'ann', version: 2, payloadBytes: 100 });
  assert.match((await client.logout()).headers.get('set-cookie') ?? '', /^__Host-session=;.*Secure/);

  assert.match(problemOf(await new Client(app).login(), 403), /TLS/);
  assert.equal((await new Client(app).request('GET', '/health')).status, 200);
});

test('each operation asks the store for what it needs and no more', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  assert.deepEqual(callsSince(), { set: 1 });
  await client.read();
  assert.deepEqual(callsSince(), { get: 1 });
  await client.write();
  assert.deepEqual(callsSince(), { get: 1, set: 1 });
  const { cookie } = client;
  await client.logout();
  assert.deepEqual(callsSince(), { get: 1, destroy: 1 });
  client.cookie = cookie;
  await client.read();
  assert.deepEqual(callsSince(), { get: 1 });
  client.cookie = cookie;
  await client.login();
  assert.deepEqual(callsSince(), { get: 1, set: 1 });
  await client.login();
  assert.deepEqual(callsSince(), { get: 1, destroy: 1, set: 1 });
});

test('a cookie with a wrong signature is no session, and the store is not asked', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  const sid = /^session=([\w-]+)\./.exec(client.cookie ?? '')?.[1];
  callsSince();
  for (const forged of [`session=${sid}.${'x'.repeat(43)}`, `session=${sid}`, 'session=', 'session=.']) {
    client.cookie = forged;
    problemOf(await client.read(), 401);
  }
  assert.deepEqual(callsSince(), {});
});

test('a login ends the session that came with it, under a new id', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login('ann');
  const old = client.cookie;
  await client.login('bob');
  assert.notEqual(client.cookie, old);
  assert.equal(control.texts.size, 1);
  assert.deepEqual((await client.read()).body, { user: 'bob', version: 1, payloadBytes: 100 });
  client.cookie = old;
  problemOf(await client.read(), 401);
});

test('a login never takes over an id that the client brought', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  const known = client.cookie;
  await client.logout();
  client.cookie = known;
  await client.login();
  assert.notEqual(client.cookie, known);
  // An id that is in the store without a login, as another application might leave it.
  const sid = /^session=([\w-]+)\./.exec(known ?? '')?.[1] ?? '';
  control.texts.set(storeKeyOf(sid), JSON.stringify({ cookie: {}, cart: [] }));
  client.cookie = known;
  await client.login();
  assert.notEqual(client.cookie, known);
  client.cookie = known;
  problemOf(await client.read(), 401);
});

test('reads move the idle deadline on in the second half of it, without writing', async (t) => {
  const pass = stopClock(t);
  const app = await startForTest(t, { ttlSeconds: 600 });
  const client = new Client(app);
  await client.login();
  pass(299.999);
  await client.read();
  assert.equal(control.calls.touch, 0);
  pass(0.001);
  assert.equal((await client.read()).status, 200);
  assert.equal(control.calls.touch, 1);
  assert.equal(control.calls.set, 1);
  await client.write();
  pass(299.999);
  await client.read();
  assert.equal(control.calls.touch, 1);
});

for (const [what, session, seconds] of [
  ['that is configured', { ttlSeconds: 600, lifetimeSeconds: 900 }, 900],
  ['of 12 times its idle life', { ttlSeconds: 600 }, 7_200],
] as const) {
  test(`a session ends with the absolute lifetime ${what}, however much it is used`, async (t) => {
    const pass = stopClock(t);
    const app = await startForTest(t, session);
    const client = new Client(app);
    await client.login();
    const { cookie } = client;
    for (let second = 300; second < seconds; second += 300) {
      pass(300);
      assert.equal((await client.write()).status, 200);
    }
    pass(299.999);
    assert.equal((await client.read()).status, 200);
    pass(0.001);
    problemOf(await client.read(), 401);
    assert.equal(control.texts.size, 0, 'it is ended in the store too');
    client.cookie = cookie;
    problemOf(await client.write(), 401);
  });
}

test('a 401 names a scheme and clears a cookie that is of no use', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  const bare = await client.read();
  assert.match(bare.headers.get('www-authenticate') ?? '', /^Cookie /);
  assert.equal(bare.headers.get('set-cookie'), null);
  client.cookie = 'session=old.one';
  assert.match((await client.read()).headers.get('set-cookie') ?? '', /^session=; Max-Age=0/);
});

async function startUpdating(t: TestContext): Promise<Client> {
  control.reset();
  updates.length = 0;
  const app = await startApp(configForTest({}, updatingStorePath));
  t.after(() => app.stop(1000));
  return new Client(app);
}

test('a store that can write a part is given what has changed, and nothing else is written', async (t) => {
  const ann = await startUpdating(t);
  await ann.login();
  callsSince();
  assert.deepEqual((await ann.write(3)).body, { user: 'ann', version: 2, payloadBytes: 100 });
  assert.deepEqual(updates, [{ changed: [['version'], ['writtenAt'], ['parts', '3']] }]);
  assert.deepEqual(callsSince(), { get: 1, set: 1 }, 'the set of the trial store’s own update, and no other');
  assert.equal((await ann.read()).status, 200);
});

test('a write to a session that ended meanwhile is no write, where the store can tell', async (t) => {
  const ann = await startUpdating(t);
  await ann.login();
  control.afterGet = () => control.texts.clear();
  problemOf(await ann.write(), 401);
  assert.equal(ann.cookie, undefined, 'the cookie is cleared');
  assert.equal(control.texts.size, 0, 'the session was not brought back');
});

test('a part that could not be written is not followed by a write of the whole', async (t) => {
  const ann = await startUpdating(t);
  await ann.login();
  control.conduct = 'fails';
  control.affects = new Set(['set']);
  callsSince();
  problemOf(await ann.write(), 503);
  assert.deepEqual(callsSince(), { get: 1, set: 1 });
  control.conduct = 'works';
  assert.deepEqual((await ann.read()).body, { user: 'ann', version: 1, payloadBytes: 100 });
});
