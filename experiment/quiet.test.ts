import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoudUser } from '../record/noise.ts';
import { readLimits, usualLimits } from './limits.ts';
import { Patience, patienceSeconds, unspent } from './patience.ts';
import type { BlocksDesign, Plan, SidesDesign } from './plan.ts';
import { silentProgress } from './progress.ts';
import { QuietWatch } from './quiet.ts';
import { searchDesign } from './search/plan.ts';
import { parseSlo } from './search/slo.ts';
import { type FakeRun, fakeRun, invalid, measured, settingFor } from './testing/fake-run.ts';
import { FakeRuntime, type FakeScript } from './testing/fake-runtime.ts';

const plan = (blocks = 3): Plan<BlocksDesign> => ({
  ...settingFor('redis', 'sticky'),
  design: { kind: 'blocks', blocks, rate: { mode: 'given', value: 500 }, fewestReads: 0 },
});

/** Strategies and blocks that have a valid trial, each once. */
const complete = ({ read }: FakeRun): number =>
  new Set(
    read.trials.flatMap((trial) =>
      trial.kind === 'valid' ? [`${trial.record.block} ${trial.strategy}`] : [],
    ),
  ).size;

const noiseOf = ({ read }: FakeRun) =>
  read.trials.flatMap((trial) => ('record' in trial && trial.record?.noise ? [trial.record.noise] : []));

const patienceOf = ({ record }: FakeRun) => record.patience ?? assert.fail('nobody kept it');

test('a quiet machine is looked at before each burst and trial, and not waited for', async (t) => {
  const run = await fakeRun(t, plan());
  const { steps } = run.runtime;
  assert.equal(steps.filter((step) => step === 'look').length, 2 + 6);
  // While a look is taken nothing of the run works.
  for (const [at, step] of steps.entries())
    if (step === 'look') assert.match(steps[at - 1] ?? '', /^(freeze|save)/);
  assert.deepEqual(run.waits, []);
  assert.deepEqual(patienceOf(run), unspent(patienceSeconds(plan())));
  for (const noise of noiseOf(run)) assert.deepEqual(noise, { waitedSeconds: 0, waitedFor: [], loud: [] });
});

test('what is loud for a while is waited out and named, and no trial is disturbed', async (t) => {
  const noise = (at: number) => (at < 14 ? 0.8 : 0);
  const run = await fakeRun(t, { ...plan(), burstSeconds: 0 }, { script: { noise } });
  assert.deepEqual([invalid(run), complete(run), measured(run).length], [{}, 6, 6]);
  const [first, ...others] = noiseOf(run);
  assert.ok(first && first.waitedSeconds > 13 && first.waitedSeconds < 17, `${first?.waitedSeconds}`);
  const [loud] = first.waitedFor;
  assert.ok(loud?.kind === 'process' && loud.name === 'apt-cache' && loud.pid === 12_222);
  assert.ok(Math.abs(loud.cores - 0.8) < 0.05, `${loud.cores}`);
  assert.ok(others.every(({ waitedSeconds }) => waitedSeconds === 0));
  assert.equal(patienceOf(run).waitedSeconds, first.waitedSeconds);
});

test('where what is to be measured passes by nobody looks, and the next waits are as long as they were', async () => {
  const runtime = new FakeRuntime({ noise: () => 1 });
  const { signal } = new AbortController();
  const { machine } = runtime;
  const watch = new QuietWatch(
    { machine, runtime, limits: usualLimits, progress: silentProgress, signal },
    new Patience(unspent(600)),
  );
  assert.deepEqual(await watch.untilQuiet(null, 0), { quiet: true, waitedSeconds: 0, waitedFor: [] });
  assert.deepEqual(runtime.steps, []);
  assert.ok((await watch.untilQuiet(null)).waitedSeconds >= 30);
});

test('a repeat has the wait that came before it', async (t) => {
  let trials = 0;
  let until = Number.NaN;
  const script: FakeScript = {
    noise: (at) => (at < until ? 1 : 0),
    before(step, { now }) {
      if (!step.startsWith('measure')) return;
      trials += 1;
      if (trials === 2) until = now + 5;
    },
  };
  const run = await fakeRun(t, plan(1), { script });
  const [, , repeat] = noiseOf(run);
  assert.deepEqual(Object.keys(invalid(run)), ['2']);
  assert.ok(repeat && repeat.waitedSeconds > 2 && repeat.waitedFor.length > 0, JSON.stringify(repeat));
  assert.equal(repeat.waitedSeconds, patienceOf(run).waitedSeconds);
});

test('a wait is told with who is loud and the time that is left, which it is part of', async (t) => {
  const run = await fakeRun(t, plan(), { script: { noise: (at) => (at > 8 && at < 22 ? 1 : 0) } });
  const ofTrial = run.waits.filter(({ secondsLeft }) => secondsLeft !== null);
  assert.equal(ofTrial[0]?.waitedSeconds, 0);
  for (const [at, { loud, waitedSeconds, mostSeconds, secondsLeft }] of ofTrial.entries()) {
    assert.equal(loud[0]?.kind, 'process');
    const trials = (secondsLeft ?? 0) - (mostSeconds - waitedSeconds);
    const before = ofTrial[at - 1];
    if (before)
      assert.ok(waitedSeconds > before.waitedSeconds && (secondsLeft ?? 0) < (before.secondsLeft ?? 0));
    assert.ok(trials > 0, `${trials}`);
  }
  assert.match(
    Object.values(run.read.trials)
      .flatMap((trial) =>
        trial.kind === 'invalid' ? trial.record.reasons.map(({ message }) => message) : [],
      )
      .join(),
    /apt-cache \(pid 12222\) \d+ % of a core/,
  );
});

test('what is loud for ever costs a bounded time, and its trials are measured all the same', async (t) => {
  for (const blocks of [1, 3, 30]) {
    const run = await fakeRun(t, plan(blocks), { script: { noise: () => 0.9 } });
    // Nothing is repeated beside it, and waits get short.
    assert.equal(measured(run).length, 2 * blocks);
    assert.equal(Object.keys(invalid(run)).length, 2 * blocks);
    const { waitedSeconds, allowedSeconds, repeats } = patienceOf(run);
    assert.equal(repeats, 0);
    assert.ok(waitedSeconds < 62 + 2 * blocks && waitedSeconds <= allowedSeconds + 1, `${waitedSeconds}`);
    assert.equal(run.record.status, 'finished');
    assert.equal(noiseOf(run).at(-1)?.loud[0]?.kind, 'process');
  }
});

test('beside bursts that take half of the time every strategy has all its blocks', async (t) => {
  for (const seconds of [5, 20, 29]) {
    const noise = (at: number) => (at % (2 * seconds) < seconds ? 1 : 0);
    const run = await fakeRun(t, plan(), { script: { noise } });
    assert.equal(complete(run), 6, `bursts of ${seconds} s`);
    // A block has one valid trial of each strategy, however often they were disturbed.
    assert.equal(run.read.trials.filter(({ kind }) => kind === 'valid').length, 6);
    const { waitedSeconds, repeatedSeconds, allowedSeconds } = patienceOf(run);
    assert.ok(waitedSeconds + repeatedSeconds <= allowedSeconds + 1);
  }
});

test('so it is for seven strategies, with trials and the time around them as long as those of a usual run', async (t) => {
  const seven = settingFor('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const usual = { ...plan(), ...seven, warmupSeconds: 2.6, measureSeconds: 5 };
  const noise = (at: number) => (at % 40 < 20 ? 1 : 0);
  const run = await fakeRun(t, usual, { script: { noise } });
  const { waitedSeconds, repeatedSeconds, allowedSeconds } = patienceOf(run);
  assert.equal(complete(run), 21, JSON.stringify(patienceOf(run)));
  assert.ok(waitedSeconds + repeatedSeconds <= allowedSeconds + 1);
});

test('noise that no look sees is measured again in vain a few times in each block, and no more than patience lasts', async (t) => {
  const script: FakeScript = { trial: () => ({ foreignShare: 0.4 }) };
  for (const blocks of [1, 3, 12]) {
    const run = await fakeRun(t, plan(blocks), { script });
    const { repeats, repeatedSeconds, allowedSeconds } = patienceOf(run);
    assert.ok(repeats > 0 && repeats <= 5 * blocks, `${repeats}`);
    assert.equal(measured(run).length, 2 * blocks + repeats);
    assert.ok(repeatedSeconds <= allowedSeconds);
  }
});

test('the first block cannot use up the patience of the run, and its trials are measured again later', async (t) => {
  const script: FakeScript = { trial: ({ number }) => (number <= 20 ? { foreignShare: 0.4 } : {}) };
  const run = await fakeRun(t, plan(12), { script });
  const order = measured(run);
  const second = order.findIndex((each) => each.startsWith('2 '));
  assert.ok(second > 2 && second <= 2 + 5, order.join());
  assert.equal(complete(run), 24);
  assert.ok(order.slice(second).some((each) => each.startsWith('1 ')));
});

test('where noise is tolerated nobody looks, waits or measures again', async (t) => {
  const reading = readLimits({ SESSION_BENCH_NOISE: 'tolerate' });
  assert.ok(reading.status === 'ok');
  const script: FakeScript = {
    noise: () => 1,
    trial: ({ number }) => (number === 2 ? { generatorCpuShare: 0.95 } : {}),
  };
  const run = await fakeRun(t, plan(), { script, limits: reading.value });
  assert.deepEqual(run.waits, []);
  assert.ok(!run.runtime.steps.includes('look'));
  assert.deepEqual(invalid(run), { 2: ['generator-cpu'] });
  assert.equal(measured(run).length, 6);
  assert.equal(run.record.patience, null);
});

test('an interruption ends a wait at once, before a burst and before a trial, and begins no trial', async (t) => {
  for (const looks of [1, 5, 9]) {
    const interruption = new AbortController();
    let seen = 0;
    const script: FakeScript = {
      noise: () => 1,
      before(step) {
        if (step !== 'look') return;
        seen += 1;
        if (seen === looks) interruption.abort();
      },
    };
    const run = await fakeRun(t, { ...plan(), burstSeconds: looks === 1 ? 2 : 0 }, { script, interruption });
    assert.equal(run.record.status, 'interrupted');
    assert.equal(seen, looks);
    assert.deepEqual([measured(run), run.record.faults, run.read.problems], [[], [], []]);
  }
});

test('what was measured before an interrupted wait is kept', async (t) => {
  const interruption = new AbortController();
  const script: FakeScript = {
    noise: (at) => (at > 9 ? 1 : 0),
    before(step, { now }) {
      if (step === 'look' && now > 12) interruption.abort();
    },
  };
  const run = await fakeRun(t, plan(), { script, interruption });
  assert.equal(run.record.status, 'interrupted');
  assert.ok(measured(run).length > 0 && measured(run).length < 6);
  assert.ok(run.read.trials.every(({ kind }) => kind === 'valid' || kind === 'invalid'));
});

test('every design waits', async (t) => {
  const slo = parseSlo('p99<50ms');
  assert.ok(slo.status === 'valid');
  const code = { label: '', commit: null, dirty: null, digest: null };
  const sides: SidesDesign = {
    ...plan(2).design,
    kind: 'sides',
    command: 'compare',
    baseline: code,
    candidate: code,
    pairs: [{ strategy: 'store', baseline: 'redis', candidate: 'sticky', addedMicros: 0 }],
    apps: new Map(),
    blocksPerDeployment: 1,
  };
  for (const design of [searchDesign(slo.slo, 4), sides]) {
    // From each burst on, so that the trial after the last one meets it.
    let until = 0;
    const script: FakeScript = {
      noise: (at) => (at < until ? 1 : 0),
      before(step, { now }) {
        if (step.startsWith('burst')) until = now + 10;
      },
    };
    const run = await fakeRun(t, { ...settingFor('redis', 'sticky'), design }, { script });
    assert.ok(patienceOf(run).waitedSeconds > 0, design.kind);
    assert.ok(
      noiseOf(run).some(({ waitedFor }) => waitedFor.length > 0),
      design.kind,
    );
  }
});

test('patience is spent by waits and repeats alike, and never below nothing', () => {
  const spent = unspent(100);
  const patience = new Patience(spent);
  const loud: LoudUser = { kind: 'process', name: 'cc1', pid: 7, cores: 0.9 };
  assert.equal(patience.left(), 100);
  patience.waited({ waitedSeconds: 30, waitedFor: [loud, { ...loud, cores: 0.5 }] });
  patience.repeated(15);
  assert.deepEqual([patience.left(), patience.left(0.5), patience.left(0.2)], [55, 5, 0]);
  assert.deepEqual(spent, {
    allowedSeconds: 100,
    waitedSeconds: 30,
    waitedFor: [loud],
    repeats: 1,
    repeatedSeconds: 15,
  });
  patience.waited({ waitedSeconds: 80, waitedFor: [] });
  assert.equal(patience.left(), 0);
});
