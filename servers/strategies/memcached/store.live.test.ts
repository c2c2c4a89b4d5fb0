import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testStore } from '../contract-suite.ts';
import { MemcachedClient } from './client.ts';
import { exptime } from './exptime.ts';
import open from './store.ts';
import { topology } from './topology.ts';
import { largestValue } from './values.ts';

testStore({
  name: 'memcached',
  topology,
  open,
  writeRaw: async ({ cache }, sid, text) => {
    const [endpoint] = cache ?? [];
    assert.ok(endpoint);
    const client = new MemcachedClient(endpoint, 1000);
    await new Promise<void>((resolve, reject) => {
      client.run(
        (memjs, done) => memjs.set(`session:${sid}`, text, { expires: 600 }, done),
        (error) => (error ? reject(error) : resolve()),
      );
    });
    client.close();
  },
  clock: 'servers',
  expiresLateByMs: 2000,
  exactLength: false,
  userIndex: {
    setFor: { get: 1, set: 1, touch: 1 },
    destroyFor: { delete: 1 },
    destroyByUser: { delete: 1 },
    listByUser: null,
    trips: { get: 2, setFor: 2 },
  },
  largestBytes: largestValue,
});

describe('exptime', () => {
  const now = Date.UTC(2026, 0, 1);
  const day = 24 * 3600;

  test('is never 0, which would be for ever', () => {
    for (const ttl of [0.001, 0.3, 0.999]) assert.equal(exptime(ttl, now), 2);
  });

  test('is rounded up, and one second longer, for spans', () => {
    assert.equal(exptime(1, now), 2);
    assert.equal(exptime(1.2, now), 3);
    assert.equal(exptime(30 * day - 1, now), 30 * day);
  });

  test('is a point in time as soon as the number would be taken for one', () => {
    assert.equal(exptime(30 * day, now), now / 1000 + 30 * day + 1);
    assert.equal(exptime(400 * day, now + 999), now / 1000 + 400 * day + 1);
  });

  test('does not wrap around', () => {
    assert.equal(exptime(1e12, now), 2 ** 32 - 1);
  });
});
