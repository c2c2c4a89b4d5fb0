/** Every variant's settings are in force: its servers are asked in their own words, once the store has written a session. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { newCertificate } from '../../infra/machine/certificate.ts';
import { encryptionOf } from '../../infra/runtimes/exposure.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { whyNoServices } from '../../infra/runtimes/testing/services.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { variantsOf } from '../../infra/variants.ts';
import type { Endpoint, OpenStoreFunction } from '../contract/store.ts';
import { newSid, type OpenForTest, StoreBench } from './testing/kit.ts';

interface Asked extends Pick<OpenForTest, 'store'> {
  readonly bench: StoreBench;
  /** Opens a store as an app does. */
  readonly open: OpenStoreFunction;
  /** The first server of the strategy's one service. */
  readonly endpoint: Endpoint;
}

async function withRedis<Result>(
  { host, port, password = '' }: Endpoint,
  ask: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  const redis = new Redis({ host, port, password });
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function answerOfPostgres({ host, port, user, password, database }: Endpoint, sql: string) {
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

async function answerOfMysql({ host, port, user, password, database }: Endpoint, sql: string) {
  const login = { ...(user && { user }), ...(password && { password }), ...(database && { database }) };
  const connection = await mysql.createConnection({ host, port, ...login });
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await connection.end();
  }
}

const keptInFile =
  (flushed: string) =>
  async ({ endpoint, bench, store }: Asked): Promise<void> => {
    const ask = (name: string) =>
      withRedis(endpoint, async (redis) => Object.values((await redis.config('GET', name)) as string[])[1]);
    const settings = ['appendonly', 'appendfsync', 'auto-aof-rewrite-percentage'];
    assert.deepEqual(await Promise.all(settings.map(ask)), ['yes', flushed, '0']);

    const bytes = () =>
      withRedis(endpoint, async (redis) =>
        Number(/^aof_current_size:(\d+)/m.exec(await redis.info('persistence'))?.[1]),
      );
    const sids = Array.from({ length: 100 }, newSid);
    await Promise.all(sids.map((sid) => store.set(sid, { text: 'x'.repeat(1000) })));
    assert.ok((await bytes()) > 100_000, 'sessions are in the file');
    await store.clear();
    for (const { control } of bench.services.services) await control.emptied?.();
    assert.ok((await bytes()) < 10_000, 'and are not carried from trial to trial');
  };

/** The server takes nothing in clear, and the store takes no other server for its own. */
async function byTlsAlone({ bench, open, endpoint }: Asked): Promise<void> {
  const answers = await encryptionOf(bench.services.services);
  assert.deepEqual(
    answers.map(({ tls, clear }) => [tls, clear]),
    [['taken', 'refused']],
  );
  assert.ok(endpoint.certificate);
  const { certificate } = newCertificate('another server');
  const { certificate: _own, ...inClear } = endpoint;
  for (const wrong of [{ ...endpoint, certificate }, inClear]) {
    const services = Object.fromEntries(Object.keys(bench.endpoints).map((name) => [name, [wrong]]));
    await assert.rejects(
      Promise.resolve(
        open({
          endpoints: services,
          settings: {},
          userIndex: null,
          ttlSeconds: 60,
          timeoutMs: 2_000,
          instance: 1,
          log: { warn() {} },
        }),
      ),
    );
  }
}

/** By variant: one that has no line here has not been seen to be what it says. */
const inForce: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  'redis@aof-everysec': keptInFile('everysec'),
  'redis@aof-always': keptInFile('always'),
  'valkey@aof-everysec': keptInFile('everysec'),
  'valkey@aof-always': keptInFile('always'),
  'redis@tls': byTlsAlone,
  'valkey@tls': byTlsAlone,
  'postgres@tls': byTlsAlone,
  'mysql@tls': byTlsAlone,
  'redis-cluster@wait-1': async ({ bench }) => assert.equal((await bench.services.commands()).wait, 1),
  // What it changes is in the client: its servers are asked in vain.
  'redis-cluster@client-defaults': async ({ bench }) =>
    assert.equal((await bench.services.commands()).set, 1),
  'postgres@async-commit': async ({ endpoint }) =>
    assert.equal(await answerOfPostgres(endpoint, 'SHOW synchronous_commit'), 'off'),
  'postgres@unlogged': async ({ endpoint }) => {
    const sql = "SELECT relpersistence FROM pg_class WHERE oid = 'sessions'::regclass";
    assert.equal(await answerOfPostgres(endpoint, sql), 'u');
  },
  'mysql@flush-each-second': async ({ endpoint }) =>
    assert.equal(await answerOfMysql(endpoint, 'SELECT @@innodb_flush_log_at_trx_commit'), 2),
};

async function askServers(t: TestContext, { folder, topology }: Strategy, name: string): Promise<void> {
  const module: { readonly default: OpenStoreFunction } = await import(
    pathToFileURL(path.join(folder, 'store.ts')).href
  );
  const bench = new StoreBench({ topology, open: module.default });
  await bench.start();
  try {
    // A test of its own, so that the store is closed before its servers end.
    await t.test('its servers say so', async (step) => {
      const { store } = await bench.open(step);
      await store.set(newSid(), { user: 'ann' });
      const endpoint = Object.values(bench.endpoints)[0]?.[0] ?? assert.fail('it has no server');
      await inForce[name]?.({ bench, open: module.default, store, endpoint });
    });
  } finally {
    await bench.stop();
  }
}

const variants = (await discoverStrategies()).flatMap(variantsOf);

test('every variant is asked for, and no other', () => {
  assert.deepEqual(Object.keys(inForce).sort(), variants.map(({ name }) => name).sort());
});

for (const variant of variants) {
  const lack = await whyNoServices(variant.topology);
  test(`what ${variant.name} says is in force`, { skip: lack ?? false }, (t) =>
    askServers(t, variant, variant.name),
  );
}
