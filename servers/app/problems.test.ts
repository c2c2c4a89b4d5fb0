import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import { type RunningApp, startApp } from './running-app.ts';
import { Client, configForTest, problemOf } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';

let app: RunningApp;
before(async () => {
  app = await startApp(configForTest());
});
after(() => app.stop(1000));
beforeEach(() => control.reset());

const badLogins: readonly (readonly [unknown, number])[] = [
  [{}, 400],
  [{ user: 'ann' }, 400],
  [{ payloadBytes: 10 }, 400],
  [{ user: '', payloadBytes: 10 }, 400],
  [{ user: 'x'.repeat(257), payloadBytes: 10 }, 400],
  [{ user: 7, payloadBytes: 10 }, 400],
  [{ user: 'ann', payloadBytes: '10' }, 400],
  [{ user: 'ann', payloadBytes: 1.5 }, 400],
  [{ user: 'ann', payloadBytes: -1 }, 400],
  [{ user: 'ann', payloadBytes: 65_537 }, 400],
  [{ user: 'ann', payloadBytes: 10, admin: true }, 400],
  [[], 400],
  ['{"user":', 400],
  ['', 400],
  [`{"user":"${'x'.repeat(2_000_000)}","payloadBytes":1}`, 413],
];

for (const [body, status] of badLogins) {
  test(`a login with ${JSON.stringify(body).slice(0, 60)} is refused with ${status}`, async () => {
    problemOf(await new Client(app).request('POST', '/session', body), status);
    assert.equal(control.calls.set, 0);
  });
}

for (const body of [{}, { part: -1 }, { part: 8 }, { part: '1' }, { part: 1, more: 1 }]) {
  test(`a write with ${JSON.stringify(body)} is refused and changes nothing`, async () => {
    const client = new Client(app);
    await client.login();
    problemOf(await client.request('PATCH', '/session', body), 400);
    assert.equal(control.calls.set, 1);
  });
}

test('the limits themselves are allowed', async () => {
  const client = new Client(app);
  for (const payloadBytes of [0, 1, 7, 8, 65_536]) {
    assert.deepEqual((await client.login('x'.repeat(256), payloadBytes)).body, {
      user: 'x'.repeat(256),
      version: 1,
      payloadBytes,
    });
    for (const part of [0, 7]) assert.equal((await client.write(part)).status, 200);
    assert.deepEqual((await client.read()).body, { user: 'x'.repeat(256), version: 3, payloadBytes });
  }
});

test('a body that is not JSON is refused with 415', async () => {
  const answer = await new Client(app).request('POST', '/session', 'user=ann', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  problemOf(answer, 415);
});

test('unknown routes, methods and addresses that cannot be read', async () => {
  const client = new Client(app);
  assert.match(problemOf(await client.request('GET', '/nothing?secret=1'), 404), /GET \/nothing\.$/);
  problemOf(await client.request('PUT', '/session'), 404);
  problemOf(await client.request('GET', '/session/'), 404);
  problemOf(await client.request('GET', '/%zz'), 400);
});

const strange: readonly (readonly [string, string, number])[] = [
  ['bytes that are not HTTP', 'hello there\r\n\r\n', 400],
  ['a CONNECT', 'CONNECT other.example:443 HTTP/1.1\r\nhost: other.example:443\r\n\r\n', 405],
];

for (const [what, bytes, status] of strange)
  test(`${what}: answered with a problem too`, async () => {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} .*\r\ncontent-type: application/problem\\+json`));
    assert.equal(JSON.parse(body).status, status);
  });
