import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { withLog } from '../record/log-lines.ts';
import { readTrialsOf } from '../record/read/run.ts';
import { UserError } from '../record/user-error.ts';
import type { ResultsFolder } from '../record/write.ts';
import type { BlocksDesign, Plan } from './plan.ts';
import { fakeRun, measured, settingFor, strategyNamed, temporaryFolder } from './testing/fake-run.ts';
import { FakeRuntime, type FakeScript } from './testing/fake-runtime.ts';

const plan = (...names: readonly string[]): Plan<BlocksDesign> => ({
  ...settingFor(...names),
  design: { kind: 'blocks', blocks: 2, rate: { mode: 'given', value: 500 }, fewestReads: 0 },
});

const failing = (failed: string, why: string): FakeScript => ({
  before(step) {
    if (step === failed) throw new Error(why);
  },
});

test('a strategy whose servers are missing is not measured, and the record says what it lacks', async (t) => {
  const lack = { what: 'memcached', why: 'it is not on PATH', remedy: 'Install memcached.' };
  const script = { lacks: { memcached: [lack] } };
  const run = await fakeRun(t, plan('redis', 'memcached'), { script });
  const [redis, memcached] = run.record.strategies;
  assert.equal(redis?.status, 'measured');
  assert.deepEqual(
    [memcached?.status, memcached?.reasons],
    [
      'not-measured',
      [{ code: 'missing', message: 'memcached: it is not on PATH', remedy: 'Install memcached.' }],
    ],
  );
  assert.ok(!run.runtime.steps.includes('deploy memcached'));
  assert.deepEqual([...new Set(measured(run))], ['1 redis', '2 redis']);
  assert.match(run.said.join('\n'), /memcached cannot run here: memcached: it is not on PATH\. Install/);
});

test('a variant is measured beside its strategy, and its trials are read under its own name', async (t) => {
  const run = await fakeRun(t, plan('redis', 'redis@aof-always'));
  assert.deepEqual([...measured(run)].sort(), [
    '1 redis',
    '1 redis@aof-always',
    '2 redis',
    '2 redis@aof-always',
  ]);
  assert.deepEqual(run.read.problems, []);
});

test('where nothing can run the run ends, and no trial is missing', async (t) => {
  const lacks = { redis: [{ what: 'redis', why: 'no such image', remedy: 'Pull it.' }] };
  const run = await fakeRun(t, plan('redis'), { script: { lacks } });
  assert.deepEqual([run.record.status, run.record.plan.order], ['finished', []]);
  assert.deepEqual(run.record.versions, [], 'nothing ran, and no generator either');
  assert.deepEqual(run.read.problems, []);
});

test('a strategy that does not start does not hinder the others', async (t) => {
  const script = failing('deploy sticky', 'app-1 ended with exit code 1: the disk is on fire');
  const run = await fakeRun(t, plan('redis', 'sticky', 'postgres'), { script });
  const sticky = run.record.strategies.find(({ name }) => name === 'sticky');
  assert.equal(sticky?.status, 'not-measured');
  assert.deepEqual(
    sticky?.reasons.map(({ code, message }) => [code, message]),
    [['not-started', 'sticky did not start: app-1 ended with exit code 1: the disk is on fire']],
  );
  assert.equal(measured(run).length, 4);
  assert.equal(run.record.status, 'finished');
});

test('the log of a server is kept once, with the reason, and the screen gets the headline', async (t) => {
  const why = withLog('app-1 ended with exit code 1', ['cannot listen', 'the disk is on fire']);
  const cases = [
    ['provision', 1],
    ['deploy redis', 1],
    ['freeze redis', 1],
    ['burst redis', 1],
    // After its burst, and after its trial.
    ['freeze redis', 2],
    ['freeze redis', 3],
  ] as const;
  for (const [failed, time] of cases) {
    let times = 0;
    const script: FakeScript = {
      before(step) {
        if (step === failed && ++times === time) throw new Error(why);
      },
    };
    const given = { ...plan('redis', 'sticky'), burstSeconds: 1 };
    const { record, said } = await fakeRun(t, given, { script });
    const screen = said.join('\n');
    assert.match(screen, /app-1 ended with exit code 1/);
    assert.doesNotMatch(screen, /on fire/);
    const reasons = [...record.strategies.flatMap((each) => each.reasons), ...record.faults];
    assert.equal(reasons.filter(({ message }) => message.includes('on fire')).length, 1, `${failed} ${time}`);
  }
});

test('a deployment whose first freeze fails is stopped before anything is measured', async (t) => {
  const run = await fakeRun(t, plan('redis', 'sticky'), {
    script: failing('freeze sticky', 'its processes cannot be paused'),
  });
  const { steps } = run.runtime;
  assert.ok(steps.indexOf('stop sticky') < steps.findIndex((step) => /^(burst|measure)/.test(step)));
  const sticky = run.record.strategies.find(({ name }) => name === 'sticky');
  assert.match(sticky?.reasons[0]?.message ?? '', /sticky did not start: its processes cannot be paused/);
  assert.deepEqual(measured(run), ['1 redis', '2 redis']);
});

test('errors met while stopping are in the record, of the deployments and of the runtime', async (t) => {
  const dead: FakeScript = {
    stopErrors: [new Error('process 17 does not end')],
    trial: ({ number }) => (number === 1 ? { dies: 'cache-1' } : {}),
  };
  const { record } = await fakeRun(t, plan('redis'), { script: dead });
  assert.deepEqual(
    record.faults.map(({ code, message }) => `${code}: ${message}`),
    Array.from({ length: 2 }, () => 'stop-failed: process 17 does not end'),
  );
  assert.equal(record.status, 'finished');
});

test('an interruption at any step keeps what was measured, stops everything, and is no fault', async (t) => {
  const whole = await fakeRun(t, plan('redis', 'sticky'));
  const { steps } = whole.runtime;
  const lastTrial = steps.findLastIndex((step) => step.startsWith('freeze'));
  for (const [index, step] of steps.slice(0, lastTrial + 1).entries()) {
    const interruption = new AbortController();
    const runtime: string[] = [];
    const script: FakeScript = {
      before(next) {
        if (runtime.push(next) > index) interruption.abort();
      },
    };
    const run = await fakeRun(t, plan('redis', 'sticky'), { script, interruption });
    assert.equal(run.record.status, 'interrupted', step);
    assert.ok(run.record.endedAt !== null);
    assert.deepEqual(run.record.faults, [], step);
    const before = steps.slice(0, index).filter((each) => each.startsWith('measure')).length;
    const { trials } = run.read;
    assert.ok(trials.length >= before, `${trials.length} trials for ${before} after ${step}`);
    for (const [at, trial] of trials.entries()) {
      if (at + 1 < trials.length) assert.equal(trial.kind, 'valid', step);
      else if (trial.kind === 'invalid') assert.equal(trial.record.reasons[0]?.code, 'interrupted');
      else assert.equal(trial.kind, 'valid', step);
    }
  }
});

test('what fails because of an interruption is no fault', async (t) => {
  for (const failed of ['deploy redis', 'thaw redis', 'burst redis', 'freeze redis']) {
    const interruption = new AbortController();
    const script: FakeScript = {
      before(step) {
        if (step !== failed) return;
        interruption.abort();
        throw new Error('ended by a signal');
      },
    };
    // Without a burst there is no rate to be found either.
    const given = plan('redis');
    const found = { ...given, design: { ...given.design, rate: { mode: 'auto' } } } as const;
    const run = await fakeRun(t, found, { script, interruption });
    assert.deepEqual([run.record.status, run.record.faults], ['interrupted', []], failed);
  }
});

test('a trial that is interrupted keeps the operations until then', async (t) => {
  const interruption = new AbortController();
  const script: FakeScript = {
    before(step) {
      if (step.startsWith('measure')) interruption.abort();
    },
  };
  const { read } = await fakeRun(t, plan('redis'), { script, interruption });
  const [trial] = read.trials;
  assert.ok(trial?.kind === 'invalid' && read.trials.length === 1);
  assert.deepEqual(
    trial.record.reasons.map(({ code }) => code),
    ['interrupted'],
  );
  // Half of the two seconds.
  assert.equal(trial.record.operations.read?.count, 375);
});

/** Fails once so many records of trials have been written. */
const fullAfter =
  (most: number) =>
  (folder: ResultsFolder): ResultsFolder => {
    let written = 0;
    return {
      ...folder,
      async writeTrial(trial, record) {
        written += 1;
        if (written > most) throw new UserError('unwritable', 'the disk is full');
        await folder.writeTrial(trial, record);
      },
    };
  };

test('results that cannot be written end the run at once, with all servers stopped and what there is told', async (t) => {
  const run = await fakeRun(t, plan('redis', 'sticky'), { results: fullAfter(1) });
  const { steps } = run.runtime;
  assert.equal(steps.filter((step) => step.startsWith('measure')).length, 2);
  assert.equal(steps.filter((step) => step.startsWith('stop')).length, 2);
  assert.equal(run.unwritten?.message, 'the disk is full');
  assert.deepEqual(
    [run.record.status, run.record.faults.map(({ code }) => code)],
    ['failed', ['results-unwritten']],
  );
  assert.deepEqual(
    run.read.trials.map(({ kind }) => kind),
    ['valid', 'unfinished'],
  );
});

test('a record that cannot be written at the end is given back, so that a report can be made of it', async (t) => {
  const results = (folder: ResultsFolder): ResultsFolder => ({
    ...folder,
    async writeRun(record) {
      if (record.status !== 'running') throw new UserError('unwritable', 'the disk is full');
      await folder.writeRun(record);
    },
  });
  const run = await fakeRun(t, plan('redis'), { results });
  assert.equal(run.unwritten?.message, 'the disk is full');
  assert.deepEqual([run.record.status, run.read.record.status], ['finished', 'running']);
  const { problems, trials } = await readTrialsOf(run.record, run.read.folder);
  assert.deepEqual([problems, trials.map(({ kind }) => kind)], [[], ['valid', 'valid']]);
});

test('latest moves once, to a run that has measured something', async (t) => {
  const cases: readonly (readonly [FakeScript, number])[] = [
    [{}, 1],
    [failing('deploy redis', 'no such program'), 0],
    [{ trial: () => ({ generatorFails: 'no such file' }) }, 0],
    [{ trial: ({ number }) => (number === 1 ? { generatorFails: 'no such file' } : {}) }, 1],
    [{ lacks: { redis: [{ what: 'redis', why: 'no such image', remedy: 'Pull it.' }] } }, 0],
  ];
  for (const [script, moves] of cases) {
    let moved = 0;
    const results = (folder: ResultsFolder): ResultsFolder => ({
      ...folder,
      async pointLatest() {
        moved += 1;
        return 'latest stays where it is';
      },
    });
    const run = await fakeRun(t, plan('redis'), { script, results });
    assert.equal(moved, moves);
    assert.equal(run.record.status, 'finished');
    assert.equal(run.said.includes('latest stays where it is'), moves === 1);
  }
});

test('a trial whose apps were started anew, for want of a way to end sessions, says so', async (t) => {
  for (const clearedBy of ['store', 'servers', 'restart'] as const) {
    const { read } = await fakeRun(t, plan('redis'), { script: { clearedBy } });
    const told = read.trials.map((trial) =>
      trial.kind === 'valid' ? trial.record.warnings.map(({ code }) => code) : assert.fail(trial.kind),
    );
    const expected = clearedBy === 'restart' ? ['restarted-to-clear'] : [];
    assert.deepEqual(told, [expected, expected], clearedBy);
  }
});

test('the burst leaves no files', async (t) => {
  const { read } = await fakeRun(t, plan('redis'));
  const files = await readdir(read.folder);
  assert.deepEqual(
    files.filter((name) => name.startsWith('burst')),
    [],
  );
});

test('the fake runtime notices a deployment that runs beside a trial', async (t) => {
  const runtime = new FakeRuntime();
  const options = {
    apps: 2,
    appMain: '',
    sessionTtlSeconds: 1,
    storeTimeoutMs: 1,
    placement: {
      cores: { generator: [0], balancer: [0], app: [1], store: [1] },
      shared: true,
      siblings: null,
      kinds: null,
      description: '',
    },
    slowdown: null,
  };
  const redis = await runtime.deploy(strategyNamed('redis'), options);
  await runtime.deploy(strategyNamed('sticky'), options);
  await runtime.generate(redis, {
    script: '',
    env: { SESSION_LOOP: 'closed', SESSION_DURATION: '1' },
    outputFolder: await temporaryFolder(t),
    placement: options.placement,
    onEvent() {},
    signal: new AbortController().signal,
  });
  assert.deepEqual(runtime.misuse, ['sticky was running while redis was measured']);
});
