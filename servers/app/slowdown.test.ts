import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { startApp } from './running-app.ts';
import { slowDown } from './slowdown.ts';
import { Client, configForTest } from './testing/app-client.ts';

test('each request of its scope burns as much as was asked for, and others none', async (t) => {
  const app = Fastify();
  t.after(() => app.close());
  const burnt: number[] = [];
  app.get('/health', async () => 'well');
  app.register(async (scope) => {
    slowDown(scope, 30, (micros) => void burnt.push(micros));
    scope.get('/session', async () => 'a session');
  });
  await app.inject('/health');
  assert.deepEqual(burnt, []);
  for (let request = 0; request < 3; request += 1)
    assert.equal((await app.inject('/session')).body, 'a session');
  assert.deepEqual(burnt, [30, 30, 30]);
});

test('an app that is slowed down answers as any other', async (t) => {
  const app = await startApp({ ...configForTest(), slowdown: { cpuMicrosPerRequest: 50 } });
  t.after(() => app.stop(1000));
  const client = new Client(app);
  const login = await client.request('POST', '/session', { user: 'u1', payloadBytes: 10 });
  assert.equal(login.status, 201);
  assert.equal((await client.request('GET', '/session')).status, 200);
});
