import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CoreFacts, unknownCores } from './cores.ts';
import { placeOn } from './placement.ts';

const tiers = ['generator', 'balancer', 'app', 'store'] as const;
const upTo = (count: number) => Array.from({ length: count }, (_, core) => core);

/** Cores of one kind, in pairs of siblings that lie so far apart; 0: each alone. */
const machine = (count: number, apart: number, allowed = upTo(count)): CoreFacts => ({
  allowed,
  siblings: upTo(count)
    .filter((core) => apart === 0 || core % (2 * apart) < apart)
    .map((core) => (apart === 0 ? [core] : [core, core + apart]))
    .filter((unit) => unit.some((core) => allowed.includes(core))),
  kinds: [{ name: 'capacity 1024', cores: allowed }],
});

/** Performance cores with two threads first, then efficiency cores. */
function hybrid(performance: number, efficiency: number, allowed?: readonly number[]): CoreFacts {
  const threads = 2 * performance;
  const mine = (core: number) => allowed?.includes(core) ?? true;
  const small = upTo(efficiency).map((core) => threads + core);
  const units = [
    ...upTo(performance).map((core) => [2 * core, 2 * core + 1]),
    ...small.map((core) => [core]),
  ];
  return {
    allowed: [...upTo(threads), ...small].filter(mine),
    siblings: units.filter((unit) => unit.some(mine)),
    kinds: [
      { name: 'performance', cores: upTo(threads).filter(mine) },
      { name: 'efficiency', cores: small.filter(mine) },
    ].filter(({ cores }) => cores.length > 0),
  };
}

interface Case {
  readonly name: string;
  readonly on: CoreFacts;
  /** Of generator, balancer, apps, servers. */
  readonly cores: readonly (readonly number[])[];
  readonly shared: boolean;
  readonly told: readonly RegExp[];
}

const cases: readonly Case[] = [
  {
    name: 'one core',
    on: unknownCores([3]),
    cores: [[3], [3], [3], [3]],
    shared: true,
    told: [/shares core 3/],
  },
  {
    name: 'two cores',
    on: machine(2, 0),
    cores: [[0], [0], [1], [1]],
    shared: true,
    told: [/balancer share core 0/],
  },
  {
    name: 'two siblings',
    on: machine(2, 1),
    cores: [[0], [0], [1], [1]],
    shared: true,
    told: [/servers share a physical core \(0, 1\)/],
  },
  {
    name: 'four cores that are not numbered from 0',
    on: machine(8, 0, [4, 5, 6, 7]),
    cores: [[4], [5], [6], [7]],
    shared: false,
    told: [/own: the generator core 4/],
  },
  {
    name: 'four threads, siblings beside each other',
    on: machine(4, 1),
    cores: [[0], [1], [2], [3]],
    shared: true,
    told: [
      /The generator and the balancer share a physical core \(0, 1\)/,
      /The apps and the servers share a physical core \(2, 3\)/,
    ],
  },
  {
    name: 'four threads, siblings 0/2',
    on: machine(4, 2),
    cores: [[0], [2], [1], [3]],
    shared: true,
    told: [/The generator and the balancer share a physical core \(0, 2\)/],
  },
  {
    name: 'six threads, siblings 0/3',
    on: machine(6, 3),
    cores: [[0], [3], [1, 4], [2, 5]],
    shared: true,
    told: [/The generator and the balancer share a physical core \(0, 3\)/],
  },
  {
    name: 'eight threads, siblings 0/4',
    on: machine(8, 4),
    cores: [
      [0, 4],
      [1, 5],
      [2, 6],
      [3, 7],
    ],
    shared: false,
    told: [/Every tier has its own/],
  },
  {
    name: 'eight threads, siblings 0/1',
    on: machine(8, 1),
    cores: [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ],
    shared: false,
    told: [/Every tier has its own/],
  },
  {
    name: 'eight cores',
    on: machine(8, 0),
    cores: [[0, 1], [2], [3, 4], [5, 6, 7]],
    shared: false,
    told: [/Every tier/],
  },
  {
    name: 'one sibling of each is allowed',
    on: machine(8, 4, [0, 1, 2, 3]),
    cores: [[0], [1], [2], [3]],
    shared: false,
    told: [/Siblings of these cores \(4, 5, 6, 7\) are not ours/],
  },
  {
    name: 'a cpuset across siblings',
    on: machine(8, 4, [0, 1, 5]),
    cores: [[0], [0], [1], [5]],
    shared: true,
    told: [/The apps and the servers share a physical core \(1, 5\)/, /\(4\) are not ours/],
  },
  {
    name: 'four performance cores and eight others',
    on: hybrid(4, 8),
    cores: [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ],
    shared: false,
    told: [/All are of one kind \(performance\); cores 8, .* stay idle/],
  },
  {
    name: 'two performance cores and eight others',
    on: hybrid(2, 8),
    cores: [[4, 5], [6], [7, 8], [9, 10, 11]],
    shared: false,
    told: [/one kind \(efficiency\); cores 0, 1, 2, 3 of other kinds/],
  },
  {
    name: 'two performance cores and two others',
    on: hybrid(2, 2),
    cores: [[0, 1], [2, 3], [4], [5]],
    shared: false,
    told: [/different kinds: the generator on performance, .* the servers on efficiency/],
  },
  {
    name: 'performance cores alone are allowed',
    on: hybrid(4, 8, upTo(8)),
    cores: [
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ],
    shared: false,
    told: [/servers cores 6, 7\.$/],
  },
  {
    name: 'nothing is told',
    on: unknownCores(upTo(4)),
    cores: [[0], [1], [2], [3]],
    shared: false,
    told: [
      /^Every tier has logical cores of its own/,
      /does not tell which cores share a physical/,
      /does not tell whether its cores are of one kind/,
    ],
  },
];

for (const { name, on, cores: expected, shared, told } of cases)
  test(`placement: ${name}`, () => {
    const placement = placeOn(on);
    assert.deepEqual(
      tiers.map((tier) => placement.cores[tier]),
      expected,
    );
    assert.equal(placement.shared, shared);
    assert.deepEqual([placement.siblings, placement.kinds], [on.siblings, on.kinds]);
    for (const words of told) assert.match(placement.description, words);
  });

const anyCores = fc
  .uniqueArray(fc.nat(255), { minLength: 1, maxLength: 128 })
  .map((cores) => cores.toSorted((a, b) => a - b));

test('whatever the machine: every tier has a core, only allowed ones are used, none is idle, and sharing is told', () => {
  fc.assert(
    fc.property(anyCores, fc.constantFrom(0, 1, 128), (allowed, apart) => {
      const facts = machine(256, apart, allowed);
      const { cores, shared } = placeOn(facts);
      const used = tiers.flatMap((tier) => [...cores[tier]]);
      assert.ok(tiers.every((tier) => cores[tier].length > 0));
      assert.deepEqual(new Set(used), new Set(allowed));
      const units = tiers.flatMap((tier) => [
        ...new Set(cores[tier].map((core) => facts.siblings?.findIndex((unit) => unit.includes(core)))),
      ]);
      assert.equal(shared, new Set(units).size < units.length);
    }),
  );
});
