/**
 * By the words in which programs tell their version. Redis 8.12 was not to be had when this was written: its rule is from
 * its source and from how its release candidates are numbered.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeContext } from '../definition.ts';
import { serviceKind } from '../index.ts';

const redis = (version: string) =>
  `Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1`;
const valkey = (version: string) => `Valkey server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64`;

/** The configuration of a node whose program says this of itself. */
function configurationOf(version: string | null, settings: Readonly<Record<string, unknown>>): string {
  const service = serviceKind('redis').configure(settings, 3);
  const node: NodeContext = {
    name: 'cluster-1',
    number: 1,
    count: 3,
    host: '127.0.0.1',
    ports: { main: 7000, bus: 7001 },
    folders: { config: '/etc', data: '/data', run: '/run' },
    memoryMiB: 64,
    cores: 1,
    openFiles: 20_000,
    network: 'direct',
    programs: Object.fromEntries(
      service.programs.map(({ name }) => [name, { path: name, root: null, resolvedName: name, version }]),
    ),
    secret: (name) => name,
    certificate: () => ({ key: 'key', certificate: 'certificate' }),
  };
  return service
    .plan(node)
    .files.map(({ content }) => content)
    .join();
}

const cluster = { cluster: true };
const guarded = /^cluster-bus-port-protected-mode no$/m;

test('a Redis that guards the bus of its cluster is told that ours is meant', () => {
  for (const version of ['8.11.240', '8.11.241', '8.12.0', '8.14.3', '9.0.0', '10.0.0', '255.255.255'])
    assert.match(configurationOf(redis(version), cluster), guarded, version);
});

test('others, to which the setting is unknown and an end, are not', () => {
  const others = [
    ...['6.2.14', '7.0.15', '7.4.9', '8.0.3', '8.2.9', '8.2.10', '8.10.2', '8.11.0', '8.11.239'].map(redis),
    ...['8.0.0', '8.1.4', '9.1.4', '9.12.0', '10.0.0'].map(valkey),
    'KeyDB server v=9.0.0 sha=00000000:0',
    'redis-server: command not understood',
    '',
    null,
  ];
  for (const version of others)
    assert.doesNotMatch(configurationOf(version, cluster), guarded, String(version));
});

test('a Valkey that runs in place of Redis is known by its own words, and a single server has no bus', () => {
  assert.doesNotMatch(configurationOf(valkey('9.1.4'), { ...cluster, program: 'valkey-server' }), guarded);
  assert.doesNotMatch(configurationOf(redis('8.12.0'), {}), guarded);
});
