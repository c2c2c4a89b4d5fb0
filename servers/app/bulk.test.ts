/** With a store that has no bulk access: the trial store. Those of the strategies are held by their contract suite. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, problemOf, startForTest, token } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';

const authorization = `Bearer ${token}`;
const whole = { bulk: 'b', from: 0, count: 50, payloadBytes: 200, endsAt: null };

test('a store without bulk access is filled by its own writes, with what a login writes', async (t) => {
  const app = await startForTest(t);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  assert.equal((await admin.request('POST', '/bulk/fill', whole)).status, 204);
  assert.equal(control.texts.size, 50);
  const check = await admin.request('POST', '/bulk/check', { bulk: 'b', number: 49, payloadBytes: 200 });
  assert.deepEqual(check.body, { difference: null });
  assert.equal(control.texts.size, 50, 'the login that it was held against has ended');
  const client = new Client(app);
  await client.login('b-1-7', 200);
  const own = [...control.texts.values()].at(-1) ?? '';
  const filled = [...control.texts.values()].find((text) => text.includes('"b-1-7"')) ?? '';
  const timeless = (text: string) => text.replace(/"(startedAt|writtenAt)":\d+/g, '');
  assert.equal(timeless(filled), timeless(own), 'byte for byte');
});

test('a store that does not answer the login in time says nothing of the session: that is no difference', async (t) => {
  const app = await startForTest(t);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  await admin.request('POST', '/bulk/fill', whole);
  control.affects = new Set(['set']);
  control.conduct = 'fails';
  const check = { bulk: 'b', number: 49, payloadBytes: 200 };
  assert.match(problemOf(await admin.request('POST', '/bulk/check', check), 503), /in time/);
  control.conduct = 'works';
  assert.deepEqual((await admin.request('POST', '/bulk/check', check)).body, { difference: null });
});

test('each session of a population is under a name of its own that looks like any other', async (t) => {
  const app = await startForTest(t);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  await admin.request('POST', '/bulk/fill', whole);
  await admin.request('POST', '/bulk/fill', { ...whole, bulk: 'c' });
  assert.equal(control.texts.size, 100);
  for (const sid of control.texts.keys()) assert.match(sid, /^[\w-]{43}$/);
});

test('a fill that fails says so, and what cannot be is refused', async (t) => {
  const app = await startForTest(t);
  const admin = new Client({ url: app.adminUrl }, { authorization });
  const soon = { ...whole, endsAt: Date.now() + 5_000 };
  assert.match(problemOf(await admin.request('POST', '/bulk/fill', soon), 503), /no bulk access/);
  control.conduct = 'fails';
  assert.match(problemOf(await admin.request('POST', '/bulk/fill', whole), 503), /the trial store fails/);
  control.conduct = 'works';
  for (const wrong of [{ ...whole, count: 0 }, { ...whole, payloadBytes: 70_000 }, { ...whole, more: 1 }, {}])
    problemOf(await admin.request('POST', '/bulk/fill', wrong), 400);
});

test('nobody without the token fills a store or gets its cookies', async (t) => {
  const app = await startForTest(t);
  const strange = new Client({ url: app.adminUrl }, { authorization: 'Bearer wrong' });
  problemOf(await strange.request('POST', '/bulk/fill', whole), 401);
  problemOf(await strange.request('POST', '/bulk/members', { bulk: 'b', numbers: [1] }), 401);
  problemOf(await new Client(app, { authorization }).request('POST', '/bulk/fill', whole), 404);
  assert.equal(control.texts.size, 0);
});
