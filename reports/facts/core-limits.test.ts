/** What is full first, against limits that were worked out by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inventedOnPaper } from '../../record/testing/on-paper.ts';
import { type Costs, firstLimit } from './core-limits.ts';

const twoCores = { generator: [0], balancer: [0], app: [1], store: [1] };
const own = { generator: [0], balancer: [1], app: [2, 3], store: [4, 5, 6, 7] };

const costs: Costs = {
  onPaper: inventedOnPaper('postgres'),
  cpuMicros: { generator: 40, balancer: 60, app: 200, store: 50 },
  busiestOverMean: 1,
  apps: 2,
  cores: twoCores,
  budgets: [],
};

const budget = (tier: 'app' | 'store', nodes: number, cpus: number) => ({
  ...{ service: tier, tier, nodes, cpus, cores: [1], memoryMiB: 100 },
});

const cases: readonly (readonly [
  name: string,
  changed: Partial<Costs>,
  limit: string,
  tiers: readonly string[],
  rate: number,
])[] = [
  ['apps and servers share a core', {}, 'cores', ['app', 'store'], 4_000],
  [
    'generator and balancer share the core that is full',
    { cpuMicros: { generator: 200, balancer: 200, app: 200, store: 50 } },
    'cores',
    ['generator', 'balancer'],
    2_500,
  ],
  ['apps with two cores of their own', { cores: own }, 'processes', ['app'], 10_000],
  [
    'the busiest app is full before the mean',
    { cores: own, busiestOverMean: 1.25 },
    'processes',
    ['app'],
    8_000,
  ],
  [
    'an app that is uneven on one core takes it from the other',
    { busiestOverMean: 1.25 },
    'cores',
    ['app', 'store'],
    4_000,
  ],
  ['more processes than cores', { cores: own, apps: 8 }, 'cores', ['app'], 10_000],
  [
    'a balancer with a core of its own',
    { cores: own, apps: 8, cpuMicros: { ...costs.cpuMicros, balancer: 250 } },
    'cores',
    ['balancer'],
    4_000,
  ],
  [
    'Redis uses one core of four',
    { onPaper: inventedOnPaper('redis'), cores: own, cpuMicros: { ...costs.cpuMicros, store: 500 } },
    'processes',
    ['store'],
    2_000,
  ],
  [
    'PostgreSQL uses all four',
    { cores: own, cpuMicros: { ...costs.cpuMicros, store: 500 } },
    'cores',
    ['store'],
    8_000,
  ],
  [
    'a cluster uses one for each of six',
    {
      onPaper: inventedOnPaper('redis-cluster'),
      cores: { ...own, store: [4, 5, 6, 7, 8, 9, 10, 11] },
      apps: 9,
      cpuMicros: { ...costs.cpuMicros, app: 10, store: 1_000, balancer: 10 },
    },
    'processes',
    ['store'],
    6_000,
  ],
  [
    'nobody knows what an unknown strategy uses: its cores',
    {
      onPaper: inventedOnPaper('mine'),
      cores: own,
      apps: 8,
      cpuMicros: { ...costs.cpuMicros, store: 1_000 },
    },
    'cores',
    ['store'],
    4_000,
  ],
  [
    'containers may use less than cores',
    { budgets: [budget('app', 2, 0.25), budget('store', 1, 1)] },
    'budget',
    ['app'],
    2_500,
  ],
  [
    'a budget cannot be lent to the busiest app',
    { budgets: [budget('app', 2, 0.25)], busiestOverMean: 1.25 },
    'budget',
    ['app'],
    2_000,
  ],
  [
    'without servers',
    { onPaper: inventedOnPaper('sticky'), cpuMicros: { ...costs.cpuMicros, store: 0 } },
    'cores',
    ['app'],
    5_000,
  ],
];

for (const [name, changed, limit, tiers, rate] of cases)
  test(name, () => {
    const found = firstLimit({ ...costs, ...changed });
    assert.ok(found);
    assert.deepEqual([found.limit, found.tiers, Math.round(found.rate)], [limit, tiers, rate]);
  });

test('operations that cost nothing fill nothing', () => {
  const cpuMicros = { generator: 0, balancer: 0, app: 0, store: 0 };
  assert.equal(firstLimit({ ...costs, cpuMicros }), null);
});

const someCores = fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 8 });
const micros = fc.integer({ min: 1, max: 1_000 });
const anyCosts = fc.record({
  onPaper: fc.constantFrom('sticky', 'redis', 'postgres', 'mine').map(inventedOnPaper),
  cpuMicros: fc.record({ generator: micros, balancer: micros, app: micros, store: micros }),
  busiestOverMean: fc.double({ min: 1, max: 2, noNaN: true }),
  apps: fc.integer({ min: 2, max: 16 }),
  cores: fc.record({ generator: someCores, balancer: someCores, app: someCores, store: someCores }),
  budgets: fc.constant([]),
});
const rateOf = (of: Costs): number => firstLimit(of)?.rate ?? assert.fail('no limit');

test('more apps, more cores and evener users never lower the rate; dearer operations never raise it', () => {
  fc.assert(
    fc.property(anyCosts, (of) => {
      const rate = rateOf(of) + 1e-6;
      const { cores, cpuMicros } = of;
      return (
        rateOf({ ...of, apps: of.apps + 1 }) >= rate - 2e-6 &&
        rateOf({ ...of, cores: { ...cores, app: [...cores.app, 99] } }) >= rate - 2e-6 &&
        rateOf({ ...of, busiestOverMean: 1 }) >= rate - 2e-6 &&
        rateOf({ ...of, cpuMicros: { ...cpuMicros, app: cpuMicros.app + 1 } }) <= rate
      );
    }),
  );
});

test('the rate fits: cores can be divided so that every tier gets what it needs', () => {
  fc.assert(
    fc.property(anyCosts, (of) => {
      const rate = rateOf(of);
      const all = new Set(Object.values(of.cores).flat()).size;
      const used = Object.values(of.cpuMicros).reduce((sum, each) => sum + each, 0) * rate;
      return used <= all * 1e6 * (1 + 1e-9);
    }),
  );
});
