/** Apps that cannot start: each says why. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { startApp } from './running-app.ts';
import { configForTest } from './testing/app-client.ts';
import { freePort } from './testing/free-port.ts';
import { control } from './testing/trial-store.ts';

const redis = path.resolve(import.meta.dirname, '../strategies/redis/store.ts');

test('a store that cannot be loaded', async () => {
  const missing = configForTest({}, '/nowhere/store.ts');
  await assert.rejects(startApp(missing), /\/nowhere\/store\.ts cannot be loaded/);
  const noStore = configForTest({}, path.resolve(import.meta.dirname, 'counters.ts'));
  await assert.rejects(startApp(noStore), /default export/);
});

test('a store whose servers are not there', async () => {
  const nowhere = { cache: [{ host: '127.0.0.1', port: await freePort(), password: 'x' }] };
  await assert.rejects(
    startApp({ ...configForTest({}, redis), endpoints: nowhere }),
    /The store of "trial" cannot be opened/,
  );
  await assert.rejects(startApp(configForTest({}, redis)), /no endpoint is named "cache"/);
});

test('a port that is taken; the store is closed again', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const address = other.address();
  assert.ok(address && typeof address === 'object');
  control.reset();
  const listen = { host: '127.0.0.1', port: address.port };
  await assert.rejects(startApp({ ...configForTest(), listen }), /EADDRINUSE/);
  assert.equal(control.closed, 1);
});
