import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { Endpoint } from '../../../servers/contract/store.ts';
import type { ServiceSpec } from '../../../servers/contract/topology.ts';
import { assertNothingLeft } from '../../machine/testing/traces.ts';
import type { ReachableNode } from '../../services/definition.ts';
import { memcachedStats } from '../../services/memcached/connection.ts';
import { withRedis } from '../../services/redis/connection.ts';
import { startServices } from '../testing/services.ts';

interface Kind {
  readonly spec: ServiceSpec;
  readonly product: RegExp;
  readonly version: RegExp;
  /** Asks the server something that needs a login. Rejects when it refuses. */
  ask(endpoint: Endpoint): Promise<unknown>;
  /** What it says when it refuses. */
  readonly refusal: RegExp;
}

/** An endpoint as the definitions of services know a node. */
function nodeAt({ host, port }: Endpoint): ReachableNode {
  const ports = { main: port };
  return { name: 'server', host, ports, reach: { host, ports, runFolder: '' } };
}

function askRedis(endpoint: Endpoint): Promise<unknown> {
  return withRedis(nodeAt(endpoint), endpoint.password ?? '', (redis) => redis.ping());
}

async function askPostgres(endpoint: Endpoint): Promise<unknown> {
  const client = new pg.Client({ ...endpoint, password: endpoint.password ?? '' });
  try {
    await client.connect();
    return await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

async function askMysql({ host, port, user, password, database }: Endpoint): Promise<unknown> {
  const connection = await createConnection({
    host,
    port,
    ...(user && { user }),
    ...(password && { password }),
    ...(database && { database }),
  });
  try {
    return await connection.query('DO 1');
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
  },
  {
    spec: { name: 'cache', kind: 'memcached', count: 1, memoryMiB: 64 },
    product: /^Memcached$/,
    version: /^\d+\.\d+\.\d+$/,
    ask: askMemcached,
    refusal: /authentication failed/i,
  },
  {
    spec: { name: 'database', kind: 'postgres', count: 1, memoryMiB: 256 },
    product: /^PostgreSQL$/,
    version: /^\d+\.\d+$/,
    ask: askPostgres,
    refusal: /authentication failed|no password|empty password|must be a string/i,
  },
  {
    spec: { name: 'database', kind: 'mysql', count: 1, memoryMiB: 256 },
    product: /^(MariaDB|MySQL)$/,
    version: /^\d+\.\d+\.\d+$/,
    ask: askMysql,
    refusal: /Access denied/i,
  },
];

for (const { spec, product, version, ask, refusal } of kinds) {
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
    assert.deepEqual(
      Object.values(await services.commands()).filter((count) => count > 0),
      [],
      'our own questions are not counted',
    );

    const [first = ''] = services.servers;
    await services.kill(first);
    await assert.rejects(ask(endpoints[0] ?? assert.fail('no endpoint')));
    await services.restart(first);
    await ask(endpoints[0] ?? assert.fail('no endpoint'));
  });
}
