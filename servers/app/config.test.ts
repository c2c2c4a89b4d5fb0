import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ConfigError, parseConfig, readConfig } from './config.ts';
import { configForTest } from './testing/app-client.ts';

test('a good configuration is read from the file that the environment names', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sb-app-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'app.json');
  await writeFile(file, JSON.stringify(configForTest()));
  assert.deepEqual(await readConfig({ SESSION_APP_CONFIG: file }), configForTest());
  await writeFile(file, '{');
  await assert.rejects(readConfig({ SESSION_APP_CONFIG: file }), /app\.json.*cannot be read as JSON/);
});

test('without a configuration the error says which variable to set', async () => {
  await assert.rejects(readConfig({}), /SESSION_APP_CONFIG is not set/);
});

test('all mistakes of a configuration are reported together', () => {
  const wrong = {
    ...configForTest(),
    storeModule: 'store.ts',
    session: { secret: 'short', ttlSeconds: 0 },
    storeTimeoutMs: '1000',
    endpoints: { cache: [{ host: 'here', port: 0 }] },
    surprise: true,
  };
  assert.throws(
    () => parseConfig(wrong, 'the test'),
    (error) => {
      assert.ok(error instanceof ConfigError);
      for (const mistake of [
        'the test',
        'storeModule',
        'session.secret',
        'session.ttlSeconds',
        'storeTimeoutMs',
        'endpoints.cache[0].port',
        'surprise',
      ])
        assert.ok(error.message.includes(mistake), `${mistake} in ${error.message}`);
      return true;
    },
  );
});

test('a slowdown of nothing, and one that is too large, are mistakes', () => {
  for (const slowdown of [
    { cpuMicrosPerRequest: 0 },
    { cpuMicrosPerRequest: 1e6 },
    { cpuMicros: 5 },
    { storeDelayMicros: -1 },
    { cpuMicrosPerRequest: 5, storeDelayMicros: 5 },
    20,
  ])
    assert.throws(() => parseConfig({ ...configForTest(), slowdown }, 'the test'), ConfigError);
});
