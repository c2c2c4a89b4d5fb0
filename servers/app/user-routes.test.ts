import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { adminRoutes, type OwnSessions } from '../contract/app.ts';
import { type RunningApp, startApp } from './running-app.ts';
import { Client, configForTest, problemOf, startForTest, token } from './testing/app-client.ts';

const sticky = path.resolve(import.meta.dirname, '../strategies/sticky/store.ts');

async function startWithIndex(t: TestContext, session = {}): Promise<RunningApp> {
  const app = await startApp({ ...configForTest(session, sticky), userIndex: true });
  t.after(() => app.stop(1000));
  return app;
}

async function signedIn(app: RunningApp, user: string): Promise<Client> {
  const client = new Client(app);
  assert.equal((await client.login(user)).status, 201);
  return client;
}

async function listOf(client: Client): Promise<OwnSessions['sessions']> {
  const { status, body } = await client.request('GET', '/sessions');
  assert.equal(status, 200);
  return Object(body).sessions;
}

const statusOf = async (client: Client): Promise<number> => (await client.read()).status;

async function endUser(app: RunningApp, body: object) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(app.adminUrl + adminRoutes.endUser, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

test('a user sees their own sessions, the newest first, and no id of any', async (t) => {
  const app = await startWithIndex(t);
  const [first, second, other] = [
    await signedIn(app, 'ann'),
    await signedIn(app, 'ann'),
    await signedIn(app, 'bob'),
  ];
  await first.write();
  const listed = await listOf(first);
  assert.equal(listed.length, 2);
  assert.equal(listed.filter(({ current }) => current).length, 1);
  assert.deepEqual((await listOf(second)).map(({ id }) => id).sort(), listed.map(({ id }) => id).sort());
  assert.equal((await listOf(other)).length, 1);
  const id = /^session=([\w-]+)\./.exec(first.cookie ?? '')?.[1] ?? assert.fail();
  assert.ok(!JSON.stringify(listed).includes(id));
});

test('a user ends one session, all others, and all; nobody else’s', async (t) => {
  const app = await startWithIndex(t);
  const [first, second, third, other] = [
    await signedIn(app, 'ann'),
    await signedIn(app, 'ann'),
    await signedIn(app, 'ann'),
    await signedIn(app, 'bob'),
  ];
  const own = (await listOf(second)).find(({ current }) => current) ?? assert.fail();
  const bobs = (await listOf(other))[0] ?? assert.fail();
  problemOf(await first.request('DELETE', `/sessions/${bobs.id}`), 404);
  assert.equal((await first.request('DELETE', `/sessions/${own.id}`)).status, 204);
  problemOf(await first.request('DELETE', `/sessions/${own.id}`), 404);
  assert.deepEqual([await statusOf(first), await statusOf(second), await statusOf(third)], [200, 401, 200]);
  assert.equal((await first.request('DELETE', '/sessions/others')).status, 204);
  assert.deepEqual([await statusOf(first), await statusOf(third)], [200, 401]);
  const { cookie } = first;
  assert.equal((await first.request('DELETE', '/sessions')).status, 204);
  assert.equal(first.cookie, undefined, 'the cookie is cleared');
  first.cookie = cookie;
  assert.deepEqual([await statusOf(first), await statusOf(other)], [401, 200]);
});

test('a session that was logged out, replaced by a login or is too old is in no list', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const app = await startWithIndex(t, { ttlSeconds: 600, lifetimeSeconds: 700 });
  const [old, out, again] = [
    await signedIn(app, 'ann'),
    await signedIn(app, 'ann'),
    await signedIn(app, 'ann'),
  ];
  await out.logout();
  await again.login('ann');
  t.mock.timers.tick(400_000);
  await old.write();
  assert.equal((await listOf(again)).length, 2);
  await again.login('ann');
  t.mock.timers.tick(301_000);
  assert.equal((await listOf(again)).length, 1);
});

test('an administrator ends all sessions of a user', async (t) => {
  const app = await startWithIndex(t);
  const user = 'Zoë/?#\ud83d';
  const [first, second, other] = [
    await signedIn(app, user),
    await signedIn(app, user),
    await signedIn(app, 'bob'),
  ];
  assert.deepEqual(await endUser(app, { user }), { status: 200, body: { ended: 2 } });
  assert.deepEqual([await statusOf(first), await statusOf(second), await statusOf(other)], [401, 401, 200]);
  assert.deepEqual(await endUser(app, { user }), { status: 200, body: { ended: 0 } });
  for (const wrong of [{}, { user: '' }, { user: 7 }, { user, also: 1 }])
    assert.equal((await endUser(app, wrong)).status, 400);
});

test('without a session there is nothing to list or end', async (t) => {
  const app = await startWithIndex(t);
  for (const [method, route] of [
    ['GET', '/sessions'],
    ['DELETE', '/sessions'],
    ['DELETE', '/sessions/others'],
    ['DELETE', '/sessions/any'],
  ] as const)
    problemOf(await new Client(app).request(method, route), 401);
});

test('an app without an index has no such routes, and says so to its administrator', async (t) => {
  const app = await startForTest(t);
  const client = await signedIn(app, 'ann');
  problemOf(await client.request('GET', '/sessions'), 404);
  assert.equal((await endUser(app, { user: 'ann' })).status, 404);
});

test('what is asked of all sessions is not counted among the operations on one', async (t) => {
  const app = await startWithIndex(t);
  const client = await signedIn(app, 'ann');
  await listOf(client);
  await client.request('DELETE', '/sessions/others');
  const headers = { authorization: `Bearer ${token}` };
  const { login, read, logout } = Object(
    await (await fetch(app.adminUrl + adminRoutes.counters, { headers })).json(),
  );
  assert.deepEqual({ login, read, logout }, { login: 1, read: 0, logout: 0 });
});
