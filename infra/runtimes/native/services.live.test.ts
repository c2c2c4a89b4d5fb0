import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, Server } from 'memjs';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { Endpoint } from '../../../servers/contract/store.ts';
import type { ServiceSpec } from '../../../servers/contract/topology.ts';
import { assertNothingLeft } from '../../machine/testing/traces.ts';
import type { ReachableNode } from '../../services/definition.ts';
import { memcachedStats } from '../../services/memcached/connection.ts';
import { withRedis } from '../../services/redis/connection.ts';
import { encryptionOf, knockAtAll, listenersOf } from '../exposure.ts';
import type { RunningService } from '../running-service.ts';
import { startServices } from '../testing/services.ts';

interface Kind {
  readonly spec: ServiceSpec;
  readonly product: RegExp;
  readonly version: RegExp;
  /** Asks the server something that needs a login. Rejects when it refuses. */
  ask(endpoint: Endpoint): Promise<unknown>;
  /** What it says when it refuses. */
  readonly refusal: RegExp;
  /** Gives its account a password that everybody tries; null where that takes other arguments. */
  readonly open: ((endpoint: Endpoint) => Promise<unknown>) | null;
}

/** An endpoint as the definitions of services know a node. */
function nodeAt({ host, port }: Endpoint): ReachableNode {
  const ports = { main: port };
  return { name: 'server', host, ports, reach: { host, ports, runFolder: '' } };
}

function askRedis(endpoint: Endpoint): Promise<unknown> {
  return withRedis(nodeAt(endpoint), endpoint.password ?? '', (redis) => redis.ping());
}

const openRedis = ({ password = '', ...endpoint }: Endpoint): Promise<unknown> =>
  withRedis(nodeAt(endpoint), password, (redis) => redis.config('SET', 'requirepass', ''));

async function askPostgres(endpoint: Endpoint, question = 'SELECT 1'): Promise<unknown> {
  const client = new pg.Client({ ...endpoint, password: endpoint.password ?? '' });
  try {
    await client.connect();
    return await client.query(question);
  } finally {
    await client.end();
  }
}

async function askMysql(
  { host, port, user, password, database }: Endpoint,
  question = 'DO 1',
): Promise<unknown> {
  const connection = await createConnection({
    host,
    port,
    ...(user && { user }),
    ...(password && { password }),
    ...(database && { database }),
  });
  try {
    return await connection.query(question);
  } finally {
    connection.destroy();
  }
}

function askMemcached(endpoint: Endpoint): Promise<unknown> {
  return memcachedStats(nodeAt(endpoint), { user: endpoint.user ?? '', password: endpoint.password ?? '' });
}

const kinds: readonly Kind[] = [
  {
    spec: { name: 'cache', kind: 'redis', count: 1, memoryMiB: 64 },
    product: /^(Redis|Valkey)$/,
    version: /^\d+\.\d+\.\d+$/,
    ask: askRedis,
    refusal: /WRONGPASS|NOAUTH/,
    open: openRedis,
  },
  {
    spec: {
      name: 'cluster',
      kind: 'redis',
      count: 6,
      memoryMiB: 64,
      settings: { cluster: true, replicas: 1 },
    },
    product: /^(Redis|Valkey)$/,
    version: /^\d+\.\d+\.\d+$/,
    ask: askRedis,
    refusal: /WRONGPASS|NOAUTH/,
    open: openRedis,
  },
  {
    spec: { name: 'cache', kind: 'memcached', count: 1, memoryMiB: 64 },
    product: /^Memcached$/,
    version: /^\d+\.\d+\.\d+$/,
    ask: askMemcached,
    refusal: /authentication failed/i,
    open: null,
  },
  {
    spec: { name: 'database', kind: 'postgres', count: 1, memoryMiB: 256 },
    product: /^PostgreSQL$/,
    version: /^\d+\.\d+$/,
    ask: askPostgres,
    refusal: /authentication failed|no password|empty password|must be a string/i,
    open: (endpoint) => askPostgres(endpoint, "ALTER ROLE session PASSWORD 'session'"),
  },
  {
    spec: { name: 'database', kind: 'mysql', count: 1, memoryMiB: 256 },
    product: /^(MariaDB|MySQL)$/,
    version: /^\d+\.\d+\.\d+$/,
    ask: askMysql,
    refusal: /Access denied/i,
    open: (endpoint) => askMysql(endpoint, "SET PASSWORD = PASSWORD('session')"),
  },
];

const exposureOf = async (service: RunningService) => ({
  listeners: await listenersOf([service]),
  knocks: await knockAtAll([service]),
  encryption: await encryptionOf([service]),
});

for (const { spec, product, version, ask, refusal, open } of kinds) {
  test(`${spec.name} of ${spec.count} ${spec.kind}: starts, logs in, refuses other logins, says its version, leaves nothing`, async (t) => {
    const services = await startServices({ services: [spec] });
    const endpoints = services.endpoints[spec.name] ?? [];
    t.after(async () => {
      await services.stop();
      await assertNothingLeft(endpoints.map(({ port }) => port));
    });

    assert.equal(endpoints.length, spec.count);
    for (const endpoint of endpoints) {
      assert.equal(endpoint.host, '127.0.0.1');
      assert.ok((endpoint.password ?? '').length >= 32);
      await ask(endpoint);
      const { password, ...withoutPassword } = endpoint;
      await assert.rejects(ask({ ...endpoint, password: `${password}x` }), refusal);
      await assert.rejects(ask(withoutPassword), refusal);
    }

    const [told] = await services.versions();
    assert.match(told?.product ?? '', product);
    assert.match(told?.version ?? '', version);
    const holdings = await Promise.all(services.services.map(({ control }) => control.holding?.()));
    for (const holding of holdings) {
      assert.ok(
        holding && (holding.memoryBytes !== null || holding.diskBytes !== null),
        'it tells of its data',
      );
    }
    for (const { control } of services.services) {
      await control.tidy?.();
      assert.equal(await control.entries?.(), 0);
    }
    assert.deepEqual(
      Object.values(await services.commands()).filter((count) => count > 0),
      [],
      'our own questions are not counted',
    );

    const strain = await Promise.all(services.services.map(({ control }) => control.strain?.()));
    for (const [index, server] of strain.flatMap((each) => each ?? []).entries()) {
      assert.equal(server.node, services.servers[index]);
      assert.match(server.product, product);
      assert.ok(Object.keys(server.counts).length > 0, 'it tells something');
      assert.deepEqual(
        Object.values(server.counts).filter((count) => count > 0),
        [],
      );
    }
    assert.equal(strain.flat().length, spec.count);

    const [first = ''] = services.servers;
    await services.kill(first);
    await assert.rejects(ask(endpoints[0] ?? assert.fail('no endpoint')));
    await services.restart(first);
    await ask(endpoints[0] ?? assert.fail('no endpoint'));

    const [service] = services.services;
    assert.ok(service);
    const { listeners, knocks, encryption } = await exposureOf(service);
    assert.deepEqual([...new Set(listeners.map(({ reach }) => reach))], ['loopback']);
    assert.deepEqual(
      knocks.filter(({ admitted }) => admitted),
      [],
    );
    for (const node of services.servers) {
      assert.ok(knocks.filter((knock) => knock.node === node).length >= 3, node);
      assert.ok(
        listeners.some((listener) => listener.node === node),
        node,
      );
    }
    assert.equal(encryption.length, spec.count);
    if (open === null) return;
    for (const endpoint of endpoints) await open(endpoint);
    const opened = (await exposureOf(service)).knocks.filter(({ admitted }) => admitted);
    assert.deepEqual(
      new Set(opened.map(({ node }) => node)),
      new Set(services.servers),
      'an open door is found',
    );
  });
}

const ENTRY = 'x'.repeat(100_000);
/** More than twice what the servers below may keep. */
const ENTRIES = 400;

async function fillRedis(endpoint: Endpoint): Promise<void> {
  await withRedis(nodeAt(endpoint), endpoint.password ?? '', (redis) =>
    Promise.allSettled(Array.from({ length: ENTRIES }, (_, key) => redis.set(`key ${key}`, ENTRY))),
  );
}

async function fillMemcached({ host, port, user = '', password = '' }: Endpoint): Promise<void> {
  const client = new Client([new Server(host, port, user, password)], { retries: 0 });
  const set = (key: number) =>
    new Promise<void>((resolve) => client.set(`key-${key}`, ENTRY, { expires: 600 }, () => resolve()));
  for (let key = 0; key < ENTRIES; key += 1) await set(key);
  client.close();
}

const full = [
  { kind: 'redis', fill: fillRedis, count: 'refusedForMemory' },
  { kind: 'memcached', fill: fillMemcached, count: 'evicted' },
] as const;

for (const { kind, fill, count } of full)
  test(`${kind}: a memory that is full is told by the server, with its limit`, async (t) => {
    const spec = { name: 'cache', kind, count: 1, memoryMiB: 16 };
    const services = await startServices({ services: [spec] });
    t.after(() => services.stop());
    const [endpoint] = services.endpoints.cache ?? [];
    await fill(endpoint ?? assert.fail('no endpoint'));
    const [service] = services.services;
    const [server] = (await service?.control.strain?.()) ?? [];
    assert.ok(server);
    assert.equal(server.memory?.limitBytes, 16 * 2 ** 20);
    assert.ok((server.counts[count] ?? 0) > 0, JSON.stringify(server));
  });
