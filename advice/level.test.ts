import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Advice, advise, choicesIn } from './advise.ts';
import type { Evidence, LoadNumbers, SeenCpu, StrategyEvidence } from './evidence/evidence.ts';
import { levers, pulled } from './flips.ts';
import { chosenOf, optionsFor } from './options.ts';
import { inventedEvidence, modestWishes, RUN, roundPrices, withStrategy } from './testing/evidence.ts';
import type { Wishes } from './wishes/wishes.ts';

const withLoad = (
  evidence: Evidence,
  name: string,
  change: (load: LoadNumbers) => Partial<LoadNumbers>,
  alsoSeen: readonly SeenCpu[] = [],
): Evidence =>
  withStrategy(evidence, name, (strategy): StrategyEvidence => {
    const { load } = strategy;
    if (load.kind === 'missing' || load.value.status === 'failed') return assert.fail(name);
    return { ...strategy, alsoSeen, load: { ...load, value: { ...load.value, ...change(load.value) } } };
  });

/** All CPU times of a strategy so many times as long. */
const slower = (evidence: Evidence, name: string, times: number): Evidence =>
  withLoad(evidence, name, ({ cpuMicros: { balancer, app, store } }) => ({
    cpuMicros: { balancer: balancer * times, app: app * times, store: store && store * times },
  }));

const names = inventedEvidence.strategies.map(({ name }) => name);
const ask = (evidence: Evidence, wishes: Wishes): Advice =>
  advise({ evidence, wishes, prices: roundPrices }, 'brief');
const strategiesOf = (advice: Advice): readonly string[] =>
  choicesIn(advice).map(({ candidate }) => candidate.strategy.name);

/** Servers of apps alone decide, in whole numbers: here Redis needs a server less by little. */
const own: Wishes = { ...modestWishes, hosting: 'own', survives: ['app-restart'], mayLose: 'none' };
const at = (rate: number): Wishes => ({ ...own, rate: { low: rate, likely: rate, high: rate } });
const two: Evidence = {
  ...inventedEvidence,
  strategies: inventedEvidence.strategies.filter(({ name }) => name === 'redis' || name === 'postgres'),
};

const noisy = (evidence: Evidence, cpuNoise: number): Evidence =>
  evidence.strategies.reduce((all, { name }) => withLoad(all, name, () => ({ cpuNoise })), evidence);

// One app of two carries 950 requests of 1,000 µs while the other is away; those of PostgreSQL take 1,100 µs.
test('options are level where noise decides which costs less, and not where it does not', () => {
  const near = ask(noisy(two, 0.08), at(890));
  assert.deepEqual(strategiesOf(near), ['redis', 'postgres']);
  assert.match(near.sentences[0] ?? '', /redis .* or postgres .*level/);
  assert.equal(near.runnerUp, null);
  const apart = ask(noisy(two, 0.01), at(890));
  assert.deepEqual(strategiesOf(apart), ['redis']);
  assert.equal(apart.runnerUp, 'postgres');
});

test('another run that puts them the other way round makes them level', () => {
  const quiet = noisy(two, 0.001);
  assert.deepEqual(strategiesOf(ask(quiet, at(900))), ['redis']);
  const seen = (app: number, run = 'other'): SeenCpu => ({
    run,
    rate: 2000,
    cpuMicros: { balancer: 150, app, store: 80 },
    cpuNoise: 0.001,
  });
  const both = (redis: number, postgres: number): Evidence =>
    withLoad(
      withLoad(quiet, 'redis', () => ({}), [seen(redis)]),
      'postgres',
      () => ({}),
      [seen(postgres)],
    );
  // Both faster in a run at a higher rate says nothing of their order; one of them faster does.
  assert.deepEqual(strategiesOf(ask(both(900, 1200), at(900))), ['redis']);
  assert.deepEqual(strategiesOf(ask(both(1200, 900), at(900))), ['redis', 'postgres']);
});

test('where noise moves the choice and another, what is chosen then was told as level', () => {
  const rates = fc.double({ min: 1, max: 3.6, noNaN: true }).map((power) => 10 ** power);
  const angles = fc.double({ min: 0, max: Math.PI / 2, noNaN: true });
  let moved = 0;
  fc.assert(
    fc.property(
      rates,
      angles,
      fc.integer({ min: 3, max: 6 }),
      fc.nat(names.length - 1),
      (rate, angle, power, at) => {
        const wishes: Wishes = {
          ...modestWishes,
          sessions: { kind: 'alive', count: 10 ** power },
          rate: { low: rate, likely: rate, high: rate },
        };
        const advice = ask(inventedEvidence, wishes);
        const best = advice.options.find(({ name }) => name === advice.choice) ?? assert.fail();
        const { name } = best.candidate.strategy;
        // Of the noise, as much as the directions that are tried are sure to cover.
        const most = 0.85 * 0.05;
        const longer = slower(inventedEvidence, name, 1 + most * Math.sin(angle));
        const other = names[at] ?? '';
        const evidence = other === name ? longer : slower(longer, other, 1 - most * Math.cos(angle));
        const found = chosenOf(optionsFor({ evidence, wishes, prices: roundPrices }));
        const before = advice.options.find((each) => each.name === found?.name);
        // At the edge of what can be had, or where it was not sure to do before, noise decides about more than the cost.
        if (best.costRange?.most === null || before?.status !== 'meets') return;
        const strategy = found?.candidate.strategy.name ?? '';
        if (strategy !== name) moved += 1;
        assert.ok(strategiesOf(advice).includes(strategy), strategy);
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(moved > 0, 'noise moved no choice');
});

test('the range of a cost holds the cost, and noise widens it', () => {
  for (const rate of [50, 500, 1500, 4000]) {
    const wide = ask(noisy(inventedEvidence, 0.3), at(rate)).options;
    for (const { name, cost, costRange } of ask(inventedEvidence, at(rate)).options) {
      assert.equal(cost === null, costRange === null);
      if (cost === null || costRange === null) continue;
      const { least, most } = costRange;
      assert.ok((least ?? 0) <= cost.monthly && cost.monthly <= (most ?? Number.MAX_VALUE), name);
      const wider = wide.find((each) => each.name === name)?.costRange ?? assert.fail(name);
      assert.ok((wider.least ?? 0) <= (least ?? 0), name);
      assert.ok((wider.most ?? Number.MAX_VALUE) >= (most ?? Number.MAX_VALUE), name);
    }
  }
});

test('nothing flips short of sixteen times where nothing is told, and what is told to flip does', () => {
  const questions = fc.record({
    sessions: fc.double({ min: 3, max: 6, noNaN: true }).map((power) => 10 ** power),
    rate: fc.double({ min: 1.5, max: 3.5, noNaN: true }).map((power) => 10 ** power),
    hosting: fc.constantFrom('own', 'managed', null),
  });
  fc.assert(
    fc.property(
      questions,
      fc.constantFrom(2, 4, 8, 16),
      fc.constantFrom(...levers),
      ({ sessions, rate, hosting }, times, lever) => {
        const wishes: Wishes = {
          ...modestWishes,
          hosting,
          sessions: { kind: 'alive', count: sessions },
          rate: { low: rate, likely: rate, high: rate },
        };
        const question = { evidence: inventedEvidence, wishes, prices: roundPrices };
        const { choice, kind, flips } = advise(question);
        if (kind !== 'firm') return;
        const flip = flips.find((each) => each.lever === lever && each.times > 1);
        const there = advise(pulled(question, lever, times), 'brief');
        const holds = there.kind === 'firm' && [there.choice, ...there.level].includes(choice);
        if (flip === undefined) assert.ok(holds, `${lever} ${times}`);
        else if (times < flip.times / 1.02) assert.ok(holds, `${lever} ${times}, flips at ${flip.times}`);
      },
    ),
    { numRuns: 40 },
  );
});

test('a search, in which each strategy is at a rate of its own, says nothing of their order', () => {
  const quiet = noisy(two, 0.001);
  const searched = (name: string, rate: number, app: number) => (evidence: Evidence) =>
    withLoad(evidence, name, () => ({}), [
      { run: 'search', rate, cpuMicros: { balancer: 20, app, store: 10 }, cpuNoise: 0.05 },
    ]);
  const apart = searched('postgres', 9000, 90)(searched('redis', 2000, 1200)(quiet));
  assert.deepEqual(strategiesOf(ask(apart, at(900))), ['redis']);
  const alike = searched('postgres', 2000, 90)(searched('redis', 2000, 1200)(quiet));
  assert.deepEqual(strategiesOf(ask(alike, at(900))), ['redis', 'postgres']);
});

test('a cost that may be over the budget is told, and so is what may be within it', () => {
  const rate = 890;
  const free = ask(noisy(two, 0.08), at(rate));
  const costOf = (name: string): number =>
    free.options.find((each) => each.name === name)?.cost?.monthly ?? assert.fail(name);
  const budget = (costOf('redis') + costOf('postgres')) / 2;
  const { sentences, choice } = ask(noisy(two, 0.08), { ...at(rate), budget });
  assert.equal(choice, 'redis');
  assert.ok(sentences.some((each) => each.startsWith('redis may cost up to')));
  assert.ok(sentences.some((each) => /^Over the budget by less than is in doubt: postgres/.test(each)));
});

test('where no run saw both, the run of each counts', () => {
  const elsewhere = withStrategy(noisy(two, 0.08), 'postgres', (strategy) =>
    strategy.load.kind === 'measured'
      ? { ...strategy, load: { ...strategy.load, run: `${RUN}-other` } }
      : strategy,
  );
  assert.deepEqual(strategiesOf(ask(elsewhere, at(890))), ['redis', 'postgres']);
});

test('that a request takes less time at a higher rate is told among what is taken for granted', () => {
  const told = (app: number, rate: number): readonly string[] => {
    const seen: SeenCpu = { run: 'other', rate, cpuMicros: { balancer: 75, app, store: 40 }, cpuNoise: 0.05 };
    const { options } = ask(
      withLoad(inventedEvidence, 'redis', () => ({}), [seen]),
      modestWishes,
    );
    const { sizing } = options.find(({ name }) => name === 'redis') ?? assert.fail();
    return sizing.kind === 'sized'
      ? sizing.assumed.filter((each) => each.includes('fewer servers may do'))
      : [];
  };
  assert.match(told(500, 5000)[0] ?? '', /1,000\/s: at 5,000\/s it took 50 %/);
  assert.deepEqual(told(1100, 5000), []);
  assert.deepEqual(told(500, 500), [], 'a lower rate');
});
