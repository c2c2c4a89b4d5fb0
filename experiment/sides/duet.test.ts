/** Both sides of a pair at the same time: what they share, and what one side's fault does to the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headlineOf } from '../../record/log-lines.ts';
import { usualLimits } from '../limits.ts';
import type { Plan, RateChoice, SidesDesign } from '../plan.ts';
import { timingsTogether } from '../stopwatch.ts';
import { type FakeRun, fakeRun, invalid, measured, settingFor, strategyNamed } from '../testing/fake-run.ts';
import type { FakeScript, FakeTrial } from '../testing/fake-runtime.ts';
import { sideOf, sidesPlan } from './plan.ts';

const code = { label: 'the same code', commit: null, dirty: null, digest: null };
const app = { appMain: '/tree/servers/app/main.ts', slowdown: null };
const given: RateChoice = { mode: 'given', value: 500 };

function plan(blocks: number, names: readonly string[], rate = given): Plan<SidesDesign> {
  const { strategies: _, ...setting } = settingFor();
  const design = { command: 'compare', baseline: code, candidate: code, blocks, rate } as const;
  const pairs = names.map((name) => ({
    strategy: name,
    baseline: sideOf(strategyNamed(name), 'baseline', 'main', app),
    candidate: sideOf(strategyNamed(name), 'candidate', 'the working tree', app),
    addedMicros: 0,
  }));
  return sidesPlan(setting, { ...design, blocksPerDeployment: 10 }, pairs);
}

/** The candidate shows this in its first trial, and all else is sound. */
function once(fault: FakeTrial): FakeScript {
  let told = false;
  return {
    trial({ strategy }) {
      if (told || !strategy.endsWith('candidate')) return {};
      told = true;
      return fault;
    },
  };
}

const stepsOf = ({ runtime: { steps } }: FakeRun, ...kinds: readonly string[]): string[] =>
  steps.filter((step) => kinds.some((kind) => step.startsWith(`${kind} `)));

test('both sides are under load before either is measured, and at rest before the next pair', async (t) => {
  const run = await fakeRun(t, plan(1, ['redis', 'sticky']));
  assert.ok(run.record.design.kind === 'sides' && run.record.design.pairing === 'duet');
  const steps = stepsOf(run, 'seed', 'measure', 'freeze');
  const pairs = steps.slice(steps.findIndex((step) => step.startsWith('seed')));
  for (const pair of [pairs.slice(0, 6), pairs.slice(6, 12)]) {
    assert.deepEqual(
      pair.map((step) => step.split(' ')[0]),
      ['seed', 'seed', 'measure', 'measure', 'freeze', 'freeze'],
    );
    assert.equal(new Set(pair.map((step) => step.split(/[ -]/)[1])).size, 1, 'of one strategy');
  }
});

const slowSeeding = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('a side that is ready waits for the other', async (t) => {
  const log: string[] = [];
  await fakeRun(t, plan(1, ['redis']), {
    script: {
      before: (step) => void (step.startsWith('measure') && log.push('measure')),
      async seeding(side) {
        await slowSeeding(side.endsWith('candidate') ? 200 : 100);
        log.push('seeded');
      },
    },
  });
  assert.deepEqual(log, ['seeded', 'seeded', 'measure', 'measure']);
});

test('of sides that are driven at once the run has spent the time of the longer one', async (t) => {
  const run = await fakeRun(t, plan(3, ['redis']), {
    script: { seeding: (side) => slowSeeding(side.endsWith('candidate') ? 200 : 100) },
  });
  const spent = run.read.trials.flatMap((trial) => ('record' in trial && trial.record ? [trial.record] : []));
  const pairs = [...Map.groupBy(spent, ({ block }) => block).values()];
  const longest = pairs.map((pair) => timingsTogether(pair.map(({ timings }) => timings)));
  for (const step of ['seed', 'thaw', 'clear', 'warmup', 'measure', 'drain'])
    assert.equal(
      run.record.timings[step] ?? 0,
      longest.reduce((sum, timings) => sum + (timings[step] ?? 0), 0),
      step,
    );
});

test('steps in which the sides were slow in turns are not added up', () => {
  const sides = [
    { seed: 80, measure: 15 },
    { seed: 10, measure: 90 },
  ];
  assert.deepEqual(timingsTogether(sides), { seed: 10, measure: 90 });
  assert.deepEqual(timingsTogether([{}, { seed: 1 }]), { seed: 1 });
  assert.deepEqual(timingsTogether([]), {});
});

test('what the generator and the servers of the other side use is no noise', async (t) => {
  const { read } = await fakeRun(t, plan(2, ['redis']), {
    script: { trial: () => ({ generatorCpuShare: 0.4, foreignShare: 0.02 }) },
  });
  for (const trial of read.trials) {
    assert.ok(trial.kind === 'valid', trial.kind);
    // In ticks of 10 ms.
    assert.ok(Math.abs((trial.record.foreignShare ?? 1) - 0.02) < 0.01, `${trial.record.foreignShare}`);
  }
});

test('both sides share three tenths of what the slower one gives alone', async (t) => {
  const rates: string[] = [];
  const script: FakeScript = {
    burst: (side) => (side.endsWith('baseline') ? 4000 : 3000),
    generating: ({ env }) => void (env.SESSION_RATE && rates.push(env.SESSION_RATE)),
  };
  const { record } = await fakeRun(t, plan(1, ['redis'], { mode: 'auto' }), { script });
  assert.deepEqual(rates, ['450', '450']);
  assert.ok(record.design.kind === 'sides');
  assert.match(
    record.design.rate?.explanation ?? '',
    /450 .*2 that are driven at once .*redis-candidate, 3,000/,
  );
});

test('a pair is as good as its worse side: what only the machine disturbed is measured again, both sides at once', async (t) => {
  const cases: readonly (readonly [string, FakeTrial, readonly string[], repeated: boolean])[] = [
    ['a server dies', { dies: 'cache-1' }, ['server-died'], false],
    ['a server is killed', { dies: 'cache-1', cause: 'SIGKILL' }, ['server-killed'], false],
    ['nobody can log in', { loginsFail: true }, ['logins-failed'], false],
    ['k6 ends early', { generatorFails: 'out of memory' }, ['generator-failed'], false],
    ['the counts differ', { mute: true }, ['counts-unknown'], false],
    ['arrivals are dropped', { dropped: 3 }, ['generator-dropped'], true],
    ['k6 is too busy', { generatorCpuShare: 0.9 }, ['generator-cpu'], true],
  ];
  for (const [what, fault, codes, repeated] of cases) {
    const run = await fakeRun(t, plan(2, ['redis']), { script: once(fault) });
    const reasons = Object.values(invalid(run));
    const expected = [codes, ['other-side-invalid']];
    assert.deepEqual(new Set(reasons.map(String)), new Set(expected.map(String)), what);
    assert.equal(reasons.length, 2, what);
    // The log of what failed is told once.
    const texts = run.read.trials.flatMap((trial) =>
      trial.kind === 'invalid' ? trial.record.reasons.map(({ message }) => message) : [],
    );
    assert.ok(texts.filter((text) => headlineOf(text) !== text).length <= 1, texts.join('\n'));
    const first = measured(run).filter((each) => each.startsWith('1 '));
    assert.equal(first.length, repeated ? 4 : 2, what);
    assert.equal(measured(run).filter((each) => each.startsWith('2 ')).length, 2, what);
    assert.equal(run.record.status, 'finished', what);
  }
});

test('what the machine does to both sides is told, and the pair counts', async (t) => {
  const cases: readonly (readonly [FakeTrial, readonly string[]])[] = [
    [{ foreignShare: 0.6 }, ['host-busy', 'host-busy']],
    [{ lagP99Micros: 90_000 }, ['generator-late']],
  ];
  for (const [met, codes] of cases) {
    const run = await fakeRun(t, plan(2, ['redis']), { script: once(met) });
    assert.deepEqual(invalid(run), {});
    assert.equal(measured(run).length, 4, 'and is not measured again');
    const told = run.read.trials.flatMap((trial) =>
      trial.kind === 'valid' ? trial.record.warnings.map(({ code }) => code) : [],
    );
    assert.deepEqual(told, codes);
  }
  const both = await fakeRun(t, plan(1, ['redis']), { script: once({ foreignShare: 0.6, dropped: 3 }) });
  assert.deepEqual(invalid(both)[1] ?? invalid(both)[2], ['generator-dropped', 'host-busy']);
});

/** What sides show in their trials, in turns: those of the first pair, then those of the second, and so on. */
function inPairs(...pairs: readonly (readonly [baseline: FakeTrial, candidate: FakeTrial])[]): FakeScript {
  const told = { baseline: 0, candidate: 0 };
  return {
    trial({ strategy }) {
      const [side, at] = strategy.endsWith('candidate')
        ? (['candidate', 1] as const)
        : (['baseline', 0] as const);
      told[side] += 1;
      return pairs[told[side] - 1]?.[at] ?? {};
    },
  };
}

const still: FakeTrial = { silent: [0.4, 1.9] };
/** The generator stands still with its side. */
const frozen: FakeTrial = { ...still, lagP99Micros: 1_400_000 };
const failing: FakeTrial = { ...frozen, errors: { server: 40 } };

const toldOf = ({ read }: FakeRun): readonly string[] =>
  read.trials.flatMap((trial) =>
    trial.kind === 'valid' ? trial.record.warnings.map(({ code }) => code) : [],
  );

test('a pair in which the machine stood still is measured again, both sides at once', async (t) => {
  const loud: FakeTrial = { ...still, foreignShare: 0.8 };
  const cases: readonly (readonly [string, FakeTrial, FakeTrial])[] = [
    ['the generators stood still too', frozen, failing],
    ['others had the machine', loud, { ...loud, errors: { server: 40 } }],
    ['servers do not tell their counts', frozen, { ...frozen, mute: true }],
  ];
  for (const [what, baseline, candidate] of cases) {
    const run = await fakeRun(t, plan(2, ['redis']), { script: inPairs([baseline, candidate]) });
    const reasons = Object.values(invalid(run));
    assert.equal(reasons.length, 2, what);
    for (const codes of reasons) assert.equal(codes[0], 'machine-stood-still', what);
    const blocks = measured(run).map((each) => each.slice(0, 1));
    assert.deepEqual(blocks, ['1', '1', '1', '1', '2', '2'], what);
    assert.equal(run.record.patience?.repeats, 1, what);
  }
});

test('a standstill that comes again is measured again while the patience of the run lasts, and no longer', async (t) => {
  const run = await fakeRun(t, plan(2, ['redis']), {
    script: inPairs(...Array.from({ length: 99 }, () => [frozen, failing] as const)),
  });
  const trials = measured(run).length;
  assert.equal(Object.keys(invalid(run)).length, trials);
  assert.ok(trials > 4 && trials < 40, `${trials}`);
  const { repeatedSeconds = 0, allowedSeconds = 0 } = run.record.patience ?? {};
  assert.ok(repeatedSeconds <= allowedSeconds);
});

test('where noise is tolerated a pair that stood still is left out all the same, and not measured again', async (t) => {
  const limits = { ...usualLimits, noise: 'tolerated', lagP99Micros: Number.POSITIVE_INFINITY } as const;
  const run = await fakeRun(t, plan(2, ['redis']), { script: inPairs([frozen, failing]), limits });
  assert.deepEqual(Object.values(invalid(run)), [['machine-stood-still'], ['machine-stood-still']]);
  assert.equal(measured(run).length, 4);
});

test('a side that stands still alone, or at another time, is a result', async (t) => {
  const early: FakeTrial = { silent: [0, 0.9], errors: { server: 40 } };
  const late: FakeTrial = { silent: [0.8, 1.9] };
  const cases: readonly (readonly [string, FakeTrial, FakeTrial])[] = [
    ['the candidate alone', {}, { ...still, errors: { server: 40 } }],
    [
      'the candidate alone, on a machine that others have',
      { foreignShare: 0.8 },
      { ...failing, foreignShare: 0.8 },
    ],
    ['the baseline alone', still, {}],
    ['one after the other', late, early],
    ['too short to fail a call', { silent: [0.4, 1.3] }, { silent: [0.5, 1.3], errors: { server: 40 } }],
  ];
  for (const [what, baseline, candidate] of cases) {
    const run = await fakeRun(t, plan(2, ['redis']), { script: inPairs([baseline, candidate]) });
    assert.deepEqual(invalid(run), {}, what);
    assert.equal(measured(run).length, 4, what);
    assert.ok(!toldOf(run).includes('sides-stood-still'), what);
  }
});

test('sides that stood still together for no reason outside of them count, and are told', async (t) => {
  // The generator of one side alone, as where it waits for a core with its own servers.
  for (const [baseline, candidate] of [
    [still, still],
    [still, frozen],
    [still, { ...still, foreignShare: 0.2 }],
  ] as const) {
    const run = await fakeRun(t, plan(2, ['redis']), { script: inPairs([baseline, candidate]) });
    assert.deepEqual(invalid(run), {});
    assert.equal(toldOf(run).filter((code) => code === 'sides-stood-still').length, 2);
    assert.equal(measured(run).length, 4);
  }
});

test('generators of both sides share the cores of one', async (t) => {
  const run = await fakeRun(t, plan(1, ['redis']), {
    script: { trial: () => ({ generatorCpuShare: 0.45 }) },
  });
  assert.deepEqual(Object.values(invalid(run))[0], ['generator-cpu']);
  const [trial] = run.read.trials;
  assert.ok(trial?.kind === 'invalid');
  assert.match(trial.record.reasons[0]?.message ?? '', /both sides together used 90\.0 %/);
});

test('a side that does not come back is told, and the other side is measured for its answers', async (t) => {
  let clears = 0;
  const run = await fakeRun(t, plan(2, ['redis']), {
    script: {
      before(step) {
        // Its burst clears it first, then its trials.
        if (step === 'clear redis-candidate') clears += 1;
        if (step === 'clear redis-candidate' && clears === 2) throw new Error('no answer');
      },
    },
  });
  assert.deepEqual(Object.values(invalid(run)).sort(), [['not-ready'], ['other-side-invalid']]);
  const half = run.read.trials.find(
    (trial) => trial.kind === 'invalid' && trial.strategy === 'redis-baseline',
  );
  assert.ok(half?.kind === 'invalid' && half.record.requests.generator > 0);
});

test('Ctrl-C in a duet ends both sides and keeps what they had measured', async (t) => {
  const interruption = new AbortController();
  let measures = 0;
  const run = await fakeRun(t, plan(3, ['redis']), {
    interruption,
    script: {
      before(step) {
        if (step.startsWith('measure')) measures += 1;
        // The first side of the second pair.
        if (measures === 3) interruption.abort();
      },
    },
  });
  assert.equal(run.record.status, 'interrupted');
  assert.deepEqual(Object.values(invalid(run)), [['interrupted'], ['interrupted']]);
  assert.deepEqual(
    measured(run).map((each) => each.split(' ')[0]),
    ['1', '1', '2', '2'],
  );
  for (const trial of run.read.trials)
    assert.ok('record' in trial && (trial.record?.requests.generator ?? 0) > 0, 'what was measured is kept');
});
