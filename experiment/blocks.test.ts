import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { trialSeconds } from './estimate.ts';
import type { BlocksDesign, Plan } from './plan.ts';
import { MAX_SEED, shuffledOrders } from './random.ts';
import { type FakeRun, fakeRun, invalid, measured, settingFor } from './testing/fake-run.ts';
import type { FakeScript, FakeTrial } from './testing/fake-runtime.ts';

const seeds = fc.integer({ min: 0, max: MAX_SEED });

test('every block holds every strategy once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 20 }), seeds, (items, count, seed) => {
      const orders = shuffledOrders(items, count, seed);
      assert.equal(orders.length, count);
      for (const order of orders) assert.deepEqual([...order].sort(), [...items].sort());
    }),
  );
});

test('the same seed gives the same orders, and another seed gives others', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f'];
  fc.assert(
    fc.property(seeds, (seed) => {
      assert.deepEqual(shuffledOrders(items, 12, seed), shuffledOrders(items, 12, seed));
    }),
  );
  assert.notDeepEqual(shuffledOrders(items, 12, 1), shuffledOrders(items, 12, 2));
});

test('over many blocks each strategy comes first about equally often', () => {
  const orders = shuffledOrders(['a', 'b', 'c', 'd', 'e', 'f'], 6000, 42);
  for (const item of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const firsts = orders.filter((order) => order[0] === item).length;
    assert.ok(firsts > 850 && firsts < 1150, `${item} came first ${firsts} times of 6000`);
  }
});

const atRate = (value: number) => ({ mode: 'given', value }) as const;

const plan = (design: Partial<BlocksDesign> = {}, ...names: readonly string[]): Plan<BlocksDesign> => ({
  ...settingFor(...(names.length > 0 ? names : ['redis', 'sticky', 'postgres'])),
  design: { kind: 'blocks', blocks: 3, rate: atRate(500), fewestReads: 0, ...design },
});

test('every block of a run measures each strategy once, in the order that the seed gives', async (t) => {
  const run = await fakeRun(t, plan());
  const orders = shuffledOrders(['redis', 'sticky', 'postgres'], 3, 7);
  assert.deepEqual(run.record.plan.order, orders);
  assert.deepEqual(
    measured(run),
    orders.flatMap((order, index) => order.map((name) => `${index + 1} ${name}`)),
  );
  assert.ok(run.read.trials.every(({ kind }) => kind === 'valid'));
  assert.deepEqual(run.read.problems, []);
  assert.equal(run.record.status, 'finished');
  assert.deepEqual(
    run.record.strategies.map(({ status }) => status),
    ['measured', 'measured', 'measured'],
  );
  const again = await fakeRun(t, plan());
  assert.deepEqual(measured(again), measured(run));
});

test('a common rate is half of what the slowest gave in its burst', async (t) => {
  const burst = (name: string) => ({ redis: 5000, sticky: 9000, postgres: 3123 })[name] ?? 0;
  const run = await fakeRun(t, plan({ rate: { mode: 'auto' } }), { script: { burst } });
  assert.ok(run.record.design.kind === 'blocks');
  assert.equal(run.record.design.rate?.value, 1500);
  assert.deepEqual(run.record.design.rate.probed, { redis: 5000, sticky: 9000, postgres: 3123 });
  for (const trial of run.read.trials) assert.ok(trial.kind === 'valid' && trial.record.offeredRate === 1500);
  assert.match(
    run.said.join('\n'),
    /Rate: 1,500 operations\/s: half of what the slowest strategy \(postgres/,
  );
});

test('all have their bursts before the first trial, though the rate is given, unless none is planned', async (t) => {
  const bursts = ({ runtime: { steps } }: FakeRun) => steps.filter((step) => step.startsWith('burst'));
  const run = await fakeRun(t, plan());
  assert.deepEqual(bursts(run), ['burst redis', 'burst sticky', 'burst postgres']);
  const { steps } = run.runtime;
  assert.ok(steps.lastIndexOf('burst postgres') < steps.findIndex((step) => step.startsWith('measure')));
  assert.deepEqual(bursts(await fakeRun(t, { ...plan(), burstSeconds: 0 })), []);
});

test('a strategy whose burst fails sets no rate, which the record says; its trials show the rest', async (t) => {
  const script = {
    before(step: string) {
      if (step === 'burst sticky') throw new Error('nothing answers');
    },
  };
  const run = await fakeRun(t, plan({ rate: { mode: 'auto' } }), { script });
  assert.ok(run.record.design.kind === 'blocks');
  assert.deepEqual(Object.keys(run.record.design.rate?.probed ?? {}), ['redis', 'postgres']);
  assert.deepEqual(
    run.record.faults.map(({ code, message }) => [code, message]),
    [['not-sized', 'The burst on sticky failed: nothing answers']],
  );
  assert.equal(measured(run).filter((each) => each.endsWith('sticky')).length, 3);
});

test('a strategy that fails fast sets no rate, slow or quick', async (t) => {
  const script: FakeScript = {
    burst: (name) => ({ redis: 5000, sticky: 100, postgres: 90_000 })[name] ?? 0,
    burstFails: (name) => ({ redis: 0.04, sticky: 0.06, postgres: 1 })[name] ?? 0,
  };
  const run = await fakeRun(t, plan({ rate: { mode: 'auto' } }), { script });
  assert.ok(run.record.design.kind === 'blocks');
  // What got no right answer is no throughput.
  assert.deepEqual(run.record.design.rate?.probed, { redis: 4800 });
  assert.equal(run.record.design.rate.value, 2400);
  assert.deepEqual(
    run.record.faults.map(({ code }) => code),
    ['not-sized', 'not-sized'],
  );
  assert.match(run.record.faults[0]?.message ?? '', /sticky failed: 6 of 100 requests got no right answer/);
});

test('where nothing answers in its burst the run fails, and says so', async (t) => {
  const run = await fakeRun(t, plan({ rate: { mode: 'auto' } }), { script: { burst: () => 0 } });
  assert.equal(run.record.status, 'failed');
  assert.deepEqual(
    run.record.faults.map(({ code }) => code),
    ['run-failed'],
  );
  assert.match(run.record.faults[0]?.message ?? '', /no strategy answered a single request/);
  assert.deepEqual(measured(run), []);
});

test('trials are lengthened for their reads, and the record says so', async (t) => {
  const run = await fakeRun(t, plan({ rate: atRate(400), fewestReads: 1000 }));
  assert.equal(run.record.plan.measureSeconds, 3);
  assert.match(run.said.join('\n'), /Trials take 3 s each, for enough requests at this rate/);
  for (const trial of run.read.trials)
    assert.ok(trial.kind === 'valid' && trial.record.measuredSeconds === 3);
});

const machineTroubles: readonly (readonly [string, FakeTrial])[] = [
  ['host-busy', { foreignShare: 0.3 }],
  ['generator-late', { lagP99Micros: 9000 }],
  ['generator-cpu', { generatorCpuShare: 0.9 }],
  ['generator-dropped', { dropped: 5 }],
];

test('what only the machine disturbed is kept, and measured again at the end of its block', async (t) => {
  for (const [code, trouble] of machineTroubles) {
    const script: FakeScript = { trial: ({ number }) => (number === 2 || number === 4 ? trouble : {}) };
    const run = await fakeRun(t, plan({ blocks: 2 }), { script });
    const [[, second] = [], ...later] = run.record.plan.order;
    // Trial 4 is the repeat: it was disturbed too, and is repeated again.
    const repeats = [`1 ${second}`, `1 ${second}`];
    const expected = [...(run.record.plan.order[0] ?? []).map((name) => `1 ${name}`), ...repeats];
    assert.deepEqual(measured(run), [...expected, ...later.flat().map((name) => `2 ${name}`)]);
    assert.deepEqual(invalid(run), { 2: [code], 4: [code] });
  }
});

test('what the generator alone does again and again is the rate, and is measured twice more', async (t) => {
  for (const [code, trouble] of machineTroubles.slice(1)) {
    const { order } = (await fakeRun(t, plan({ blocks: 1 }))).record.plan;
    const hopeless = order[0]?.[1];
    const script: FakeScript = { trial: ({ strategy }) => (strategy === hopeless ? trouble : {}) };
    const run = await fakeRun(t, plan({ blocks: 1 }), { script });
    assert.equal(measured(run).length, 5, code);
    assert.deepEqual(Object.keys(invalid(run)), ['2', '4', '5']);
  }
});

const ownTroubles: readonly (readonly [readonly string[], FakeTrial])[] = [
  [['server-died'], { dies: 'cache-1' }],
  [['server-died', 'host-busy'], { dies: 'cache-1', foreignShare: 0.3 }],
  [['generator-failed'], { generatorFails: 'out of memory' }],
];

test('a trial that is invalid for a reason of its own is not repeated', async (t) => {
  for (const [codes, trouble] of ownTroubles) {
    const script: FakeScript = { trial: ({ number }) => (number === 2 ? trouble : {}) };
    const run = await fakeRun(t, plan({ blocks: 2 }), { script });
    assert.equal(measured(run).length, 6);
    assert.deepEqual(invalid(run), { 2: codes });
  }
});

test('a stall in which the balancer answers, or nobody tells a count, stays in the numbers', async (t) => {
  const stalls: readonly FakeTrial[] = [{ byBalancer: 300 }, { mute: true, failing: { read: 0.5 } }];
  for (const stall of stalls) {
    const script: FakeScript = { trial: ({ number }) => (number === 2 ? stall : {}) };
    const run = await fakeRun(t, plan({ blocks: 2 }), { script });
    assert.deepEqual(invalid(run), {});
    const [, second] = run.read.trials;
    assert.ok(second?.kind === 'valid' && (second.record.operations.read?.errors.server ?? 0) > 0);
    assert.equal(second.record.warnings.length, 1);
  }
  // Without a failure to explain it, a count that is not told is a reason.
  const mute: FakeScript = { trial: ({ number }) => (number === 2 ? { mute: true } : {}) };
  assert.deepEqual(invalid(await fakeRun(t, plan({ blocks: 2 }), { script: mute })), {
    2: ['counts-unknown'],
  });
});

test('wrong answers are counted in a trial that is valid', async (t) => {
  const script: FakeScript = { trial: ({ number }) => (number === 1 ? { violations: { lost: 3 } } : {}) };
  const [first] = (await fakeRun(t, plan(), { script })).read.trials;
  assert.ok(first?.kind === 'valid');
  assert.equal(first.record.operations.read?.violations.lost, 3);
});

test('a deployment that lost a server is stopped, replaced before its next trial, and has its burst first', async (t) => {
  const script: FakeScript = { trial: ({ number }) => (number === 1 ? { dies: 'cache-1' } : {}) };
  const run = await fakeRun(t, plan({ blocks: 2 }, 'redis', 'sticky'), { script });
  const [name = ''] = run.record.plan.order[0] ?? [];
  const [first] = run.read.trials;
  assert.ok(first?.kind === 'invalid');
  assert.match(
    first.record.reasons[0]?.message ?? '',
    /cache-1 .*exit code 1.*its last log lines: Ready to accept/,
  );
  const { steps } = run.runtime;
  const ofIt = steps.slice(steps.indexOf(`measure ${name}`)).filter((step) => step.endsWith(name));
  assert.deepEqual(ofIt.slice(0, 10), [
    ...[`measure ${name}`, `save logs of ${name}`, `stop ${name}`],
    ...[
      `deploy ${name}`,
      `freeze ${name}`,
      `thaw ${name}`,
      `clear ${name}`,
      `burst ${name}`,
      `freeze ${name}`,
    ],
    `thaw ${name}`,
  ]);
  assert.deepEqual(invalid(run), { 1: ['server-died'] });
});

test('a server that dies between trials costs no trial', async (t) => {
  let dead = false;
  const script: FakeScript = {
    before(step, { deployments }) {
      const other = step === 'measure redis' ? 'sticky' : 'redis';
      if (dead || !step.startsWith('measure')) return;
      dead = true;
      deployments.find(({ strategy }) => strategy.name === other)?.loseServer('cache-1');
    },
  };
  const run = await fakeRun(t, plan({ blocks: 2 }, 'redis', 'sticky'), { script });
  assert.ok(dead);
  assert.deepEqual(invalid(run), {});
  assert.equal(run.runtime.deployments.length, 3);
});

test('a deployment that cannot be replaced leaves an invalid trial, and the others are measured', async (t) => {
  let deploys = 0;
  const script: FakeScript = {
    trial: ({ strategy, number }) => (strategy === 'redis' && number < 3 ? { dies: 'cache-1' } : {}),
    before(step) {
      if (step === 'deploy redis') deploys += 1;
      if (step === 'deploy redis' && deploys > 1) throw new Error('no memory left');
    },
  };
  const run = await fakeRun(t, plan({ blocks: 2 }, 'redis', 'sticky'), { script });
  assert.equal(measured(run).length, 4);
  const codes = Object.values(invalid(run)).flat();
  assert.deepEqual(codes, ['server-died', 'not-started']);
});

test('a deployment that cannot be frozen after its trial is stopped, and started anew for the next', async (t) => {
  let freezes = 0;
  const script: FakeScript = {
    before(step) {
      // The first is after the start, the second after the burst.
      if (step === 'freeze redis') freezes += 1;
      if (step === 'freeze redis' && freezes === 3) throw new Error('it does not stop');
    },
  };
  const run = await fakeRun(t, plan({ blocks: 2 }, 'redis', 'sticky'), { script });
  assert.deepEqual(invalid(run), {});
  assert.match(run.said.join('\n'), /redis could not be frozen, so it was stopped: it does not stop/);
  assert.equal(run.runtime.steps.filter((step) => step === 'deploy redis').length, 2);
});

/** What a burst of the fake runtime gives. */
const BURST = 4000;

test('trials are announced with their block and number, and the time that is left falls', async (t) => {
  const script: FakeScript = { trial: ({ number }) => (number === 2 ? { foreignShare: 0.3 } : {}) };
  const { announced, record } = await fakeRun(t, plan({ blocks: 2 }, 'redis', 'sticky'), { script });
  const [one = [], two = []] = record.plan.order;
  assert.deepEqual(
    announced.map(({ title }) => title),
    [
      `block 1 of 2, trial 1 of 4, ${one[0]}`,
      `block 1 of 2, trial 2 of 4, ${one[1]}`,
      // The disturbed one once more.
      `block 1 of 2, trial 3 of 5, ${one[1]}`,
      `block 2 of 2, trial 4 of 5, ${two[0]}`,
      `block 2 of 2, trial 5 of 5, ${two[1]}`,
    ],
  );
  assert.deepEqual(
    announced.map(({ secondsLeft }) => Math.round(secondsLeft / trialSeconds(plan(), BURST))),
    [4, 3, 3, 2, 1],
  );
  assert.deepEqual(
    announced.map(({ rate, number, trials }) => [rate, number, trials]),
    [1, 2, 3, 4, 5].map((number) => [500, number, number < 3 ? 4 : 5]),
  );
});

test('the time that is left knows the population: by the burst at first, then by the seeding that was timed', async (t) => {
  const few = plan({ blocks: 2 }, 'redis');
  const many = { ...few, workload: { ...few.workload, sessions: 1_000_000 } };
  const [first, second] = (await fakeRun(t, many)).announced;
  assert.ok(Math.abs((first?.secondsLeft ?? 0) - 2 * trialSeconds(many, BURST)) < 1);
  assert.ok((first?.secondsLeft ?? 0) > 2 * (1_000_000 / BURST));
  // The fake population logs in at once.
  const load = many.warmupSeconds + many.measureSeconds;
  assert.ok((second?.secondsLeft ?? 0) < load + 60, `${second?.secondsLeft} s`);
});
