import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Redis } from 'ioredis';
import type { SessionData, ValuePath } from '../../contract/store.ts';
import { testStore } from '../contract-suite.ts';
import { type Endpoints, newSid, type StoreBench } from '../testing/kit.ts';
import open from './store.ts';
import { topology } from './topology.ts';

async function withRedis<Result>(
  { cache }: Endpoints,
  work: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  const { host, port, password } = cache?.[0] ?? {};
  const redis = new Redis({ host: host ?? '', port: port ?? 0, ...(password && { password }) });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const ann = { user: 'ann', version: 1, parts: { 0: 'a', 1: 'b' } };

async function openWithUpdate(t: TestContext, bench: StoreBench, options = {}) {
  const opened = await bench.open(t, options);
  const { store } = opened.open;
  const update = (sid: string, session: SessionData, changed: readonly ValuePath[]) =>
    new Promise<boolean | undefined>((resolve, reject) => {
      store.update?.(sid, session, changed, (error, found) => (error ? reject(error) : resolve(found)));
    });
  return { ...opened, update };
}

function testHashes(bench: StoreBench): void {
  test('two that write different parts at once lose none of them', async (t) => {
    const { store, update } = await openWithUpdate(t, bench);
    const sid = newSid();
    await store.set(sid, ann);
    const written = [
      update(sid, { ...ann, parts: { ...ann.parts, 0: 'mine' } }, [['parts', '0']]),
      update(sid, { ...ann, parts: { ...ann.parts, 1: 'yours' } }, [['parts', '1']]),
    ];
    assert.deepEqual(await Promise.all(written), [true, true]);
    assert.deepEqual(await store.get(sid), { ...ann, parts: { 0: 'mine', 1: 'yours' } });
  });

  test('a write does not bring back a session that has ended, and says so', async (t) => {
    const { store, update } = await openWithUpdate(t, bench);
    const sid = newSid();
    await store.set(sid, ann);
    await store.destroy(sid);
    assert.equal(await update(sid, { ...ann, version: 2 }, [['version']]), false);
    assert.equal(await store.get(sid), null);
  });

  test('a write moves the deadline on, and set leaves nothing of the session before', async (t) => {
    const { store, update } = await openWithUpdate(t, bench);
    const brief = await openWithUpdate(t, bench, { ttlSeconds: 5 });
    const sid = newSid();
    const left = () => withRedis(bench.endpoints, (redis) => redis.pttl(`session:${sid}`));
    await brief.store.set(sid, { ...ann, old: true });
    assert.ok((await left()) <= 5_000);
    await update(sid, ann, [['version']]);
    assert.ok((await left()) > 5_000);
    await store.set(sid, { user: 'bob' });
    assert.deepEqual(await store.get(sid), { user: 'bob' });
  });

  test('what is no hash counts as no session, is reported, and can be replaced', async (t) => {
    const { store, warnings } = await openWithUpdate(t, bench);
    const sid = newSid();
    await withRedis(bench.endpoints, (redis) => redis.set(`session:${sid}`, 'text'));
    assert.equal(await store.get(sid), null);
    assert.match(warnings.map(({ message }) => message).join(), /malformed/);
    await store.set(sid, ann);
    assert.deepEqual(await store.get(sid), ann);
  });

  test('a full server refuses a session, and the one that was there stays', async (t) => {
    const { store, update } = await openWithUpdate(t, bench);
    const sid = newSid();
    await store.set(sid, ann);
    await withRedis(bench.endpoints, async (redis) => {
      const [, most = ''] = (await redis.config('GET', 'maxmemory')) as [string, string];
      try {
        await redis.config('SET', 'maxmemory', '1');
        await assert.rejects(store.set(sid, { user: 'bob' }), /OOM/);
        await assert.rejects(update(sid, { ...ann, version: 2 }, [['version']]), /OOM/);
      } finally {
        await redis.config('SET', 'maxmemory', most);
      }
    });
    assert.deepEqual(await store.get(sid), ann);
  });
}

testStore(
  {
    name: 'redis-hash',
    topology,
    open,
    writeRaw: (endpoints, sid, text) =>
      withRedis(endpoints, async (redis) => {
        await redis.hset(`session:${sid}`, '', text);
        await redis.pexpire(`session:${sid}`, 600_000);
      }),
    clock: 'servers',
    expiresLateByMs: 0,
    exactLength: true,
    userIndex: {
      setFor: { evalsha: 2, time: 1, zremrangebyscore: 1, zadd: 1, pexpire: 2, del: 1, hset: 1 },
      destroyFor: { zrem: 1, del: 1 },
      listByUser: { evalsha: 1, zrange: 1, hgetall: 3 },
      destroyByUser: { evalsha: 1, zrange: 1, del: 3, zrem: 3 },
    },
  },
  { ownTests: testHashes },
);
