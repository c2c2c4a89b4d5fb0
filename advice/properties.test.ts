/** What must hold of an advice whatever is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PromiseRecord } from '../record/search.ts';
import type { CapacityEvidence, Evidence } from './evidence/evidence.ts';
import { levers, pulled } from './flips.ts';
import { chosenOf, type Option, optionsFor } from './options.ts';
import { inventedEvidence, measured, modestWishes, RUN, roundPrices } from './testing/evidence.ts';
import { hostings } from './wishes/hosting.ts';
import { events, losses } from './wishes/losses.ts';
import type { Wishes } from './wishes/wishes.ts';

const wishesArbitrary: fc.Arbitrary<Wishes> = fc.record({
  sessions: fc
    .double({ min: 3, max: 7, noNaN: true })
    .map((power) => ({ kind: 'alive' as const, count: 10 ** power })),
  rate: fc.double({ min: 1, max: 4, noNaN: true }).map((power) => {
    const likely = 10 ** power;
    return { low: likely / 2, likely, high: likely * 1.5 };
  }),
  payloadBytes: fc.option(fc.integer({ min: 200, max: 5000 })),
  slo: fc.constant(null),
  budget: fc.option(fc.integer({ min: 50, max: 5000 })),
  mayLose: fc.constantFrom(...losses),
  survives: fc.subarray([...events]),
  endsAtOnce: fc.boolean(),
  endsAllOfAUser: fc.boolean(),
  has: fc.constant<string[]>([]),
  hosting: fc.option(fc.constantFrom(...hostings)),
  utilisation: fc.constantFrom(0.3, 0.6, 0.9),
  coreFactor: fc.constant(1),
});

const options = (wishes: Wishes, prices = roundPrices): readonly Option[] =>
  optionsFor({ evidence: inventedEvidence, wishes, prices });
const named = (all: readonly Option[], name: string): Option =>
  all.find((each) => each.name === name) ?? assert.fail(name);
const notOut = (all: readonly Option[]): readonly string[] =>
  all.filter(({ status }) => status !== 'out').map(({ name }) => name);

const factor = fc.double({ min: 0.1, max: 1, noNaN: true });

test('cheaper prices never make an option dearer', () => {
  for (const lever of ['price of servers', 'price of managed servers'] as const)
    fc.assert(
      fc.property(wishesArbitrary, factor, (wishes, times) => {
        const before = options(wishes);
        const question = pulled({ evidence: inventedEvidence, wishes, prices: roundPrices }, lever, times);
        for (const cheaper of optionsFor(question)) {
          const { cost } = named(before, cheaper.name);
          assert.equal(cheaper.cost === null, cost === null);
          if (cheaper.cost && cost)
            assert.ok(cheaper.cost.monthly <= cost.monthly + 0.011, `${lever} ${cheaper.name}`);
        }
      }),
    );
});

test('a wish that is added never adds an option', () => {
  const additions: readonly ((wishes: Wishes) => Wishes)[] = [
    (wishes) => ({ ...wishes, endsAtOnce: true }),
    (wishes) => ({ ...wishes, endsAllOfAUser: true }),
    (wishes) => ({ ...wishes, budget: Math.min(wishes.budget ?? 400, 400) }),
    (wishes) => ({ ...wishes, hosting: wishes.hosting ?? 'own' }),
    (wishes) => ({ ...wishes, survives: [...events] }),
    (wishes) => ({ ...wishes, mayLose: 'none' }),
    (wishes) => ({
      ...wishes,
      slo: {
        text: 'p99<6ms',
        terms: [{ kind: 'latency', operation: null, percentile: 99, limitMicros: 6000 }],
      },
    }),
  ];
  for (const add of additions)
    fc.assert(
      fc.property(wishesArbitrary, (wishes) => {
        const before = notOut(options(wishes));
        for (const name of notOut(options(add(wishes)))) assert.ok(before.includes(name), name);
      }),
    );
});

test('more budget never takes an option away', () => {
  fc.assert(
    fc.property(wishesArbitrary, (wishes) => {
      const budget = wishes.budget ?? 300;
      const after = notOut(options({ ...wishes, budget: budget * 2 }));
      for (const name of notOut(options({ ...wishes, budget }))) assert.ok(after.includes(name), name);
    }),
  );
});

test('more requests or sessions never make an option cheaper', () => {
  for (const lever of ['rate', 'sessions'] as const)
    fc.assert(
      fc.property(wishesArbitrary, factor, (wishes, times) => {
        const before = options(wishes);
        for (const smaller of optionsFor(
          pulled({ evidence: inventedEvidence, wishes, prices: roundPrices }, lever, times),
        )) {
          const { cost } = named(before, smaller.name);
          if (smaller.cost && cost)
            assert.ok(smaller.cost.monthly <= cost.monthly + 0.011, `${lever} ${smaller.name}`);
        }
      }),
    );
});

test('servers that may be less busy are never cheaper', () => {
  fc.assert(
    fc.property(wishesArbitrary, fc.double({ min: 0.1, max: 1, noNaN: true }), (wishes, times) => {
      const before = options(wishes);
      const utilisation = Math.max(0.05, wishes.utilisation * times);
      for (const idler of options({ ...wishes, utilisation })) {
        const { cost } = named(before, idler.name);
        if (idler.cost && cost) assert.ok(idler.cost.monthly >= cost.monthly - 0.011, idler.name);
      }
    }),
  );
});

const promiseOf = (operation: 'read' | null, percentile: 50 | 99, limitMicros: number): PromiseRecord => ({
  text: `${operation ?? 'all'} p${percentile} < ${limitMicros}`,
  terms: [{ kind: 'latency', operation, percentile, limitMicros }],
});

const promises = fc.record({
  operation: fc.constantFrom('read' as const, null),
  percentile: fc.constantFrom(50 as const, 99 as const),
  limitMicros: fc.integer({ min: 500, max: 20_000 }),
});

const searched: fc.Arbitrary<readonly CapacityEvidence[]> = fc.array(
  fc
    .record({ asked: promises, low: fc.option(fc.integer({ min: 100, max: 3000 })) })
    .map(({ asked, low }) => ({
      run: RUN,
      promise: promiseOf(asked.operation, asked.percentile, asked.limitMicros),
      answer: { limit: low === null ? ('none-passed' as const) : ('all-passed' as const), low, high: null },
    })),
  { maxLength: 3 },
);

test('a stricter promise never adds an option, whatever was searched for', () => {
  fc.assert(
    fc.property(wishesArbitrary, promises, factor, searched, (wishes, asked, times, capacity) => {
      const [first, ...others] = inventedEvidence.strategies;
      if (first === undefined) return;
      const withSearch = { ...first, capacity: measured(capacity) };
      const evidence: Evidence = { ...inventedEvidence, strategies: [withSearch, ...others] };
      const left = (slo: PromiseRecord | null): readonly string[] =>
        notOut(optionsFor({ evidence, wishes: { ...wishes, slo }, prices: roundPrices }));
      const { operation, percentile, limitMicros } = asked;
      const loose = promiseOf(operation, percentile, limitMicros);
      const strict = promiseOf(operation, percentile, limitMicros * times);
      const both = { text: 'both', terms: [...loose.terms, ...promiseOf(null, 99, 9000).terms] };
      for (const name of left(strict)) assert.ok(left(loose).includes(name), `${name}: ${strict.text}`);
      for (const name of left(both)) assert.ok(left(loose).includes(name), `${name}: a term more`);
      for (const name of left(loose)) assert.ok(left(null).includes(name), `${name}: no promise`);
    }),
  );
});

test('a choice meets every wish, costs what its lines sum to, and none that meets them is cheaper', () => {
  fc.assert(
    fc.property(wishesArbitrary, (wishes) => {
      const all = options(wishes);
      for (const { cost } of all)
        if (cost)
          assert.ok(
            Math.abs(cost.lines.reduce((sum, { monthly }) => sum + monthly, 0) - cost.monthly) < 0.005,
          );
      const chosen = chosenOf(all);
      if (chosen === null) return;
      assert.ok(chosen.judged.every(({ verdict }) => verdict === 'met'));
      for (const { status, cost } of all)
        if (status === 'meets') assert.ok((chosen.cost?.monthly ?? 0) <= (cost?.monthly ?? 0));
    }),
  );
});

test('in another currency every option costs the same, times the rate, and the choice is the same', () => {
  fc.assert(
    fc.property(wishesArbitrary, (wishes) => {
      const rate = 0.5;
      const times = (value: number): number => value * rate;
      const euros = {
        ...roundPrices,
        currency: 'EUR',
        vcpuHour: { ...roundPrices.vcpuHour, price: times(roundPrices.vcpuHour.price) },
        gibHour: { ...roundPrices.gibHour, price: times(roundPrices.gibHour.price) },
        diskGbMonth: { ...roundPrices.diskGbMonth, price: times(roundPrices.diskGbMonth.price) },
        balancerHour: { ...roundPrices.balancerHour, price: times(roundPrices.balancerHour.price) },
        balancerGb: { ...roundPrices.balancerGb, price: times(roundPrices.balancerGb.price) },
        zoneTrafficGib: { ...roundPrices.zoneTrafficGib, price: times(roundPrices.zoneTrafficGib.price) },
        managed: roundPrices.managed.map((node) => ({
          ...node,
          price: times(node.price),
          diskGbMonth: node.diskGbMonth === null ? null : times(node.diskGbMonth),
        })),
      };
      const free = { ...wishes, budget: null };
      const inDollars = options(free);
      for (const { name, cost } of options(free, euros)) {
        const dollars = named(inDollars, name).cost;
        if (cost && dollars) assert.ok(Math.abs(cost.monthly - times(dollars.monthly)) < 0.05, name);
      }
    }),
  );
});

test('every lever is a lever of the question', () => {
  const question = { evidence: inventedEvidence, wishes: modestWishes, prices: roundPrices };
  for (const lever of levers) assert.notDeepEqual(pulled(question, lever, 2), question);
});
