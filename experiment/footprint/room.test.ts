import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomOf } from '../../infra/rooms.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { SESSION_FIELDS_BYTES } from '../fit.ts';
import { presets } from '../presets.ts';
import { footprintMistakes, footprintPlan } from './plan.ts';
import { type Means, roomFor } from './room.ts';

const strategies = await discoverStrategies();
const named = (name: string) => strategies.find((each) => each.name === name) ?? assert.fail(name);
const gib = (number: number) => number * 2 ** 30;
const means = (memory: number | null, disk: number | null = null): Means => ({ memory, disk });
const sizes = [1_000, 100_000, 10_000_000];

const wanted = (name: string, payloadBytes = 1_700) => ({
  strategy: named(name),
  apps: 2,
  payloadBytes,
  sizes,
});

test('what has room is measured, and what has not is left out with a number that has', () => {
  const { series, without, why } = roomFor(wanted('redis'), means(gib(4)));
  assert.deepEqual([series.sizes, without], [[1_000, 100_000], [10_000_000]]);
  const most = Number(/at most ([\d,]+) would fit/.exec(why)?.[1]?.replaceAll(',', ''));
  const fitting = roomFor({ ...wanted('redis'), sizes: [1_000, most] }, means(gib(4)));
  assert.deepEqual(fitting.without, [], why);
  const tooMany = roomFor({ ...wanted('redis'), sizes: [1_000, Math.ceil(most * 1.2)] }, means(gib(4)));
  assert.equal(tooMany.without.length, 1, why);
});

test('each kind is bound by what holds its sessions, replicas included', () => {
  const fits = (name: string, there: Means) => roomFor(wanted(name), there).series.sizes.length;
  assert.equal(fits('postgres', means(0, gib(100))), 3);
  assert.equal(fits('postgres', means(gib(100), gib(5))), 2);
  assert.equal(fits('redis', means(gib(100), 0)), 3);
  // 2.3 KB and more of each session, and as much again on the replicas.
  assert.equal(fits('redis', means(gib(24))), 3);
  assert.equal(fits('redis-cluster', means(gib(24))), 2);
  assert.equal(fits('sticky', means(gib(3))), 2);
  for (const name of ['redis', 'postgres', 'sticky']) assert.equal(fits(name, means(null)), 3, name);
});

for (const name of ['redis', 'valkey', 'memcached', 'redis-cluster', 'sticky', 'redis-hash'])
  test(`${name}: budgets are raised until the largest number has room in them, and no other setting moves`, () => {
    const { series } = roomFor(wanted(name), means(gib(200)));
    const [budget] = series.raised;
    assert.ok(budget && budget.givenMiB > budget.usualMiB);
    const room = roomOf(series.strategy.topology, 2) ?? assert.fail('no room');
    const { likely } = room.need(10_000_000, 1_700 + SESSION_FIELDS_BYTES);
    assert.ok(likely <= room.bytes * room.closeAt, `${likely} of ${room.bytes}`);
    const { services, appMemoryMiB: _apps, ...rest } = series.strategy.topology;
    const { services: before, ...usual } = named(name).topology;
    assert.deepEqual(rest, usual);
    assert.deepEqual(
      services.map((each) => ({ ...each, memoryMiB: 0 })),
      before.map((each) => ({ ...each, memoryMiB: 0 })),
    );
  });

test('where there is room already, and on a disk, budgets stay', () => {
  assert.deepEqual(roomFor({ ...wanted('redis'), sizes: [1_000, 2_000] }, means(gib(4))).series.raised, []);
  const { series } = roomFor(wanted('mysql'), means(0, gib(500)));
  assert.deepEqual([series.raised, series.keptIn], [[], 'disk']);
  assert.equal(series.strategy, named('mysql'));
});

const preset = presets.find(({ name }) => name === 'quick') ?? assert.fail('no preset');
const asked = { preset, strategies: [named('redis'), named('postgres')], apps: 2, payloads: [1_700, 200] };

test('sizes that a person gave and that have no room are mistakes; those of the preset are left out and told', () => {
  const little = means(gib(0.05), gib(500));
  const mistakes = footprintMistakes({ ...asked, sizes: [1_000, 100_000] }, little);
  assert.deepEqual(
    mistakes.map((mistake) =>
      /^(\S+) has no room for ([\d,]+) sessions of ([\d,]+) B/.exec(mistake)?.slice(1),
    ),
    [
      ['redis', '100,000', '200'],
      ['redis', '100,000', '1,700'],
    ],
  );
  assert.deepEqual(footprintMistakes({ ...asked, sizes: undefined }, little), []);
  const { design } = footprintPlan(
    { ...asked, sizes: undefined, readRate: undefined, duration: undefined, seed: 1 },
    little,
  );
  assert.deepEqual(
    design.series.map(({ strategy, payloadBytes, sizes: fitting }) => [strategy.name, payloadBytes, fitting]),
    [
      ['redis', 200, [1_000, 10_000]],
      ['redis', 1_700, [1_000, 10_000]],
      ['postgres', 200, [1_000, 10_000, 100_000]],
      ['postgres', 1_700, [1_000, 10_000, 100_000]],
    ],
  );
  assert.deepEqual([...new Set(design.told.map(({ code }) => code))], ['sizes-left-out']);
});

test('a series of fewer than two numbers is not measured, and said to be', () => {
  const { design } = footprintPlan(
    { ...asked, sizes: undefined, readRate: undefined, duration: undefined, seed: 1 },
    means(0, gib(500)),
  );
  assert.deepEqual([...new Set(design.series.map(({ strategy }) => strategy.name))], ['postgres']);
  assert.match(design.told[0]?.message ?? '', /not measured at all/);
});

test('every preset has its extent, and plans are ascending whatever was typed', () => {
  for (const each of presets) {
    const plan = footprintPlan({
      ...asked,
      preset: each,
      sizes: [10_000, 100, 1_000],
      readRate: 250,
      duration: 2,
      seed: 1,
    });
    assert.deepEqual(
      [plan.design.sizes, plan.design.payloads],
      [
        [100, 1_000, 10_000],
        [200, 1_700],
      ],
    );
    assert.deepEqual([plan.workload.sessions, plan.design.readRate, plan.measureSeconds], [10_000, 250, 2]);
    assert.deepEqual([plan.workload.mix.read, plan.workload.zipfExponent], [1, 0]);
  }
});

test('what readings tell apart is what each kind takes from the system at a time', () => {
  const grains = (name: string) => roomFor(wanted(name), means(gib(200), gib(500))).series.grains;
  // A slab page, an extent; a cluster has six servers.
  assert.deepEqual([grains('memcached').storeMemory, grains('mysql').storeDisk], [2 ** 20, 2 ** 20]);
  assert.equal(grains('redis-cluster').storeMemory, 6 * grains('redis').storeMemory);
  assert.equal(grains('sticky').appCounted, grains('redis').appCounted);
  for (const name of ['redis', 'postgres', 'sticky'])
    for (const grain of Object.values(grains(name))) assert.ok(grain > 0 && grain <= 2 ** 20, name);
});
