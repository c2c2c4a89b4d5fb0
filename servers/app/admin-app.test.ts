import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, problemOf, startForTest, token } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';

const authorization = `Bearer ${token}`;

test('requests to the session routes are counted at arrival, with any answer, and others are not', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  await client.login();
  await client.request('POST', '/session', { nonsense: true });
  for (let turn = 0; turn < 3; turn += 1) await client.read();
  control.conduct = 'fails';
  await client.write();
  control.conduct = 'works';
  await client.logout();
  await client.logout();
  for (const route of ['/health', '/ready', '/nothing']) await client.request('GET', route);
  await client.request('PUT', '/session');
  assert.deepEqual((await admin.request('GET', '/counters')).body, {
    login: 2,
    read: 3,
    write: 1,
    logout: 2,
    storeFailures: [{ reason: 'get: the trial store fails', count: 1 }],
  });
});

test('the store can be counted and emptied', async (t) => {
  const app = await startForTest(t);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  for (let turn = 0; turn < 4; turn += 1) await new Client(app).login();
  assert.deepEqual((await admin.request('GET', '/sessions')).body, { count: 4 });
  const cleared = await admin.request('POST', '/clear');
  assert.equal(cleared.status, 204);
  assert.deepEqual((await admin.request('GET', '/sessions')).body, { count: 0 });
});

test('why the store does not answer is told here, and to no client', async (t) => {
  const app = await startForTest(t);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  assert.deepEqual((await admin.request('GET', '/ready')).body, { status: 'ready' });
  control.conduct = 'fails';
  assert.ok(problemOf(await admin.request('GET', '/ready'), 503).endsWith('the trial store is away'));
  assert.ok(!problemOf(await new Client(app).request('GET', '/ready'), 503).includes('trial'));
});

test('without the token there is nothing, and the public listener has none of it', async (t) => {
  const app = await startForTest(t);
  await new Client(app).login();
  const wrong = [undefined, 'Bearer', `Bearer ${token}x`, `bearer ${token}`, token];
  for (const value of wrong) {
    const admin = new Client({ url: app.adminUrl }, value === undefined ? {} : { authorization: value });
    problemOf(await admin.request('GET', '/counters'), 401);
    problemOf(await admin.request('GET', '/ready'), 401);
    problemOf(await admin.request('POST', '/clear'), 401);
    problemOf(await admin.request('GET', '/nothing'), 401);
  }
  assert.equal(control.calls.clear, 0);
  for (const route of ['/counters', '/sessions']) {
    problemOf(await new Client(app, { authorization }).request('GET', route), 404);
  }
});
