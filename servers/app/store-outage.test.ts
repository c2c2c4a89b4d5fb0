import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
import { Client, problemOf, startForTest, storeTimeoutMs } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';

const conducts = ['fails', 'fails with ENOENT', 'throws', 'hangs'] as const;

for (const conduct of conducts) {
  test(`when the store ${conduct}, every operation ends in 503 and the session is as it was`, async (t) => {
    const app = await startForTest(t);
    const client = new Client(app);
    await client.login();
    control.conduct = conduct;
    const answers = await Promise.all([
      client.read(),
      client.write(),
      client.logout(),
      client.login('eve'),
      new Client(app).login('eve'),
    ]);
    for (const answer of answers) {
      assert.match(problemOf(answer, 503), /session store/);
      assert.equal(answer.headers.get('retry-after'), '1');
      assert.equal(answer.headers.get('set-cookie'), null);
    }
    control.conduct = 'works';
    assert.deepEqual((await client.read()).body, { user: 'ann', version: 1, payloadBytes: 100 });
  });

  test(`when set ${conduct}, it is tried once, and the answer gives no cookie`, async (t) => {
    const app = await startForTest(t);
    const ann = new Client(app);
    await ann.login();
    control.conduct = conduct;
    control.affects = new Set(['set']);
    control.calls.set = 0;
    const [login, write] = await Promise.all([new Client(app).login(), ann.write()]);
    problemOf(login, 503);
    assert.equal(login.headers.get('set-cookie'), null);
    problemOf(write, 503);
    assert.equal(control.calls.set, 2, 'one for the login, one for the write');
    assert.deepEqual((await ann.read()).body, { user: 'ann', version: 1, payloadBytes: 100 });
  });

  test(`when destroy ${conduct}, a logout says so and the session stays`, async (t) => {
    const app = await startForTest(t);
    const ann = new Client(app);
    await ann.login();
    control.conduct = conduct;
    control.affects = new Set(['destroy']);
    const { cookie } = ann;
    for (const answer of await Promise.all([ann.logout(), ann.login('eve')])) problemOf(answer, 503);
    assert.equal(ann.cookie, cookie, 'the cookie was not cleared');
    assert.deepEqual((await ann.read()).body, { user: 'ann', version: 1, payloadBytes: 100 });
  });
}

test('an answer of the store that comes too late changes nothing', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  control.conduct = 'hangs';
  for (const answer of await Promise.all([client.read(), client.read()])) problemOf(answer, 503);
  control.conduct = 'works';
  control.release();
  assert.deepEqual((await client.read()).body, { user: 'ann', version: 1, payloadBytes: 100 });
});

test('a hanging store holds no request much longer than its time-out', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  control.conduct = 'hangs';
  const signal = AbortSignal.timeout(storeTimeoutMs * 20);
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const answer = await fetch(`${app.url}/session`, { headers: { cookie: client.cookie ?? '' }, signal });
      assert.equal(answer.status, 503);
    }),
  );
});

test('readiness follows the store, health does not', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  assert.deepEqual((await client.request('GET', '/ready')).body, { status: 'ready' });
  for (const conduct of ['fails', 'hangs'] as const) {
    control.conduct = conduct;
    const detail = problemOf(await client.request('GET', '/ready'), 503);
    assert.equal(detail, 'The session store does not answer. Try again soon.');
    assert.deepEqual((await client.request('GET', '/health')).body, { status: 'alive' });
  }
  control.conduct = 'works';
  await until('the app is ready again', 1000, async () => {
    assert.equal((await client.request('GET', '/ready')).status, 200);
  });
});

test('health and readiness make no session', async (t) => {
  const app = await startForTest(t);
  const client = new Client(app);
  await client.login();
  control.calls.get = 0;
  for (const route of ['/health', '/ready', '/nothing']) {
    assert.equal((await client.request('GET', route)).headers.get('set-cookie'), null);
  }
  assert.equal(control.calls.get, 0);
});
