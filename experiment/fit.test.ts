import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jemallocBytes } from '../infra/services/room.ts';
import { discoverStrategies } from '../infra/strategies.ts';
import type { Topology } from '../servers/contract/topology.ts';
import { cannotHold, closeFits } from './fit.ts';
import { strategyNamed } from './testing/fake-run.ts';

const strategies = await discoverStrategies();

const population = (sessions: number, payloadBytes: number, names: readonly string[]) => ({
  strategies: strategies.filter(({ name }) => names.includes(name)),
  apps: 2,
  workload: { sessions, payloadBytes },
});

const inMemory = ['memcached', 'redis', 'redis-cluster', 'sticky', 'valkey'];

interface Case {
  readonly sessions: number;
  readonly payload: number;
  readonly refused: readonly string[];
  readonly close: readonly string[];
}

/** As measured: 512 MiB of Redis took 6,579 sessions of 64 KiB, and 3 times 256 MiB some 9,700. */
const cases: readonly Case[] = [
  { sessions: 1_000, payload: 1_700, refused: [], close: [] },
  { sessions: 10_000, payload: 1_700, refused: [], close: [] },
  { sessions: 5_000, payload: 65_536, refused: [], close: [] },
  { sessions: 6_500, payload: 65_536, refused: [], close: ['redis', 'valkey'] },
  {
    sessions: 10_000,
    payload: 65_536,
    refused: ['memcached', 'redis', 'valkey'],
    close: ['memcached', 'redis', 'redis-cluster', 'sticky', 'valkey'],
  },
  { sessions: 1_000_000, payload: 1_700, refused: inMemory, close: inMemory },
  { sessions: 1_000_000, payload: 100, refused: [], close: ['memcached', 'redis', 'valkey'] },
];

for (const { sessions, payload, refused, close } of cases)
  test(`${sessions} sessions of ${payload} B: who cannot hold them, and who has little room`, () => {
    const all = population(sessions, payload, inMemory);
    const named = (messages: readonly string[]) => messages.map((message) => message.split(' ')[0]);
    assert.deepEqual(named(cannotHold(all)), refused);
    assert.deepEqual(named(closeFits(all).map(({ message }) => message)), close);
  });

test('a number that is named in place of too many is one that has room', () => {
  for (const name of inMemory) {
    const [message = ''] = cannotHold(population(1_000_000, 1_700, [name]));
    const fitting = Number(/at most ([\d,]+) --sessions/.exec(message)?.[1]?.replaceAll(',', ''));
    assert.ok(fitting > 100_000, message);
    assert.deepEqual(closeFits(population(fitting, 1_700, [name])), [], name);
  }
});

test('what more apps and more nodes hold counts', () => {
  const sticky = population(1_000_000, 1_700, ['sticky']);
  assert.equal(cannotHold(sticky).length, 1);
  assert.equal(cannotHold({ ...sticky, apps: 4 }).length, 0);
  assert.match(cannotHold(population(1_000_000, 1_700, ['redis-cluster']))[0] ?? '', /3 of 256 MiB/);
});

test('databases have the free disk, which no disk has for a petabyte', () => {
  const onDisk = population(10_000_000_000, 65_536, ['mysql', 'postgres']);
  assert.equal(cannotHold(onDisk).length, 2);
  assert.equal(closeFits(onDisk).length, 2);
  assert.deepEqual(cannotHold(population(1_000, 1_700, ['mysql', 'postgres'])), []);
});

test('of a topology with several services, and of one that is wrong, nothing is claimed', () => {
  const cache = { name: 'cache', kind: 'redis', count: 1, memoryMiB: 16 };
  const topologies: readonly Topology['services'][] = [
    [cache, { ...cache, name: 'other' }],
    [{ ...cache, kind: 'nobody-knows' }],
    [{ ...cache, settings: { nonsense: true } }],
  ];
  for (const services of topologies) {
    const fake = strategyNamed('own');
    const own = { ...fake, topology: { ...fake.topology, services } };
    const all = { strategies: [own], apps: 2, workload: { sessions: 1_000_000, payloadBytes: 65_536 } };
    assert.deepEqual([cannotHold(all), closeFits(all)], [[], []]);
  }
});

test('jemalloc gives four sizes between powers of two', () => {
  const cases = [
    [320, 320],
    [321, 384],
    [1025, 1280],
    [2048, 2048],
    [8265, 10_240],
    [65_801, 81_920],
  ] as const;
  for (const [bytes, given] of cases) assert.equal(jemallocBytes(bytes), given);
});
