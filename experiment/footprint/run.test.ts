import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FootprintSeries } from '../../record/footprint.ts';
import { UserError } from '../../record/user-error.ts';
import type { ResultsFolder } from '../../record/write.ts';
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';
import {
  type FakeRun,
  type FakeRunOptions,
  fakeRun,
  invalid,
  measured,
  settingFor,
  strategyNamed,
} from '../testing/fake-run.ts';
import type { FakeScript } from '../testing/fake-runtime.ts';
import { grainsOf } from './line.ts';

const cache = { name: 'cache', kind: 'redis', count: 1, memoryMiB: 64 };

/** Has a server, as far as the record is concerned. */
function seriesOf(name: string, payloadBytes: number, sizes: readonly number[]): PlannedSeries {
  const fake = strategyNamed(name);
  const strategy = { ...fake, topology: { ...fake.topology, services: [cache] } };
  return { strategy, payloadBytes, sizes, keptIn: 'memory', raised: [], grains: grainsOf(2 ** 20, 2 ** 18) };
}

const sizes = [1_000, 10_000, 100_000];

function plan(
  names: readonly string[],
  { payloads = [200], watchSeconds = 0 }: Partial<Pick<FootprintDesign, 'payloads' | 'watchSeconds'>> = {},
): Plan<FootprintDesign> {
  const setting = settingFor(...names);
  const series = names.flatMap((name) => payloads.map((payload) => seriesOf(name, payload, sizes)));
  return {
    ...setting,
    workload: { ...setting.workload, sessions: 100_000 },
    design: {
      ...{ kind: 'footprint', sizes, payloads, series, told: [] },
      ...{ readRate: 500, readSessions: 100, watchSeconds },
    },
  };
}

/** 8 MB and 700 B for each, where nothing bends the line. */
const straight = (_strategy: string, sessions: number) => ({
  store: 8e6 + 700 * sessions,
  app: 1e8,
  disk: null,
});

interface Weighed {
  readonly run: FakeRun;
  readonly series: readonly FootprintSeries[];
}

async function weighed(
  t: TestContext,
  wanted: Plan<FootprintDesign>,
  { script = {}, ...options }: FakeRunOptions = {},
): Promise<Weighed> {
  const run = await fakeRun(t, wanted, { script: { weighs: straight, ...script }, ...options });
  assert.deepEqual(run.read.problems, [], 'footprint.json and the trials agree');
  return { run, series: run.read.footprint };
}

const fitOf = (series: FootprintSeries | undefined, weight = 'storeMemory') =>
  series?.fits.find((each) => each.weight === weight) ?? assert.fail(`no line of ${weight}`);

test('each number of sessions is filled, weighed and read, and the largest is predicted by the others', async (t) => {
  const { run, series } = await weighed(t, plan(['redis']));
  const [redis] = series;
  assert.equal(redis?.status, 'measured');
  assert.deepEqual(
    redis.points.map(({ sessions, entries, filled }) => [sessions, entries, filled.sessions]),
    [
      [0, 0, 0],
      [1_000, 1_000, 1_000],
      [10_000, 10_000, 9_000],
      [100_000, 100_000, 90_000],
    ],
  );
  const { line, heldOut, points } = fitOf(redis);
  assert.equal(points, 4);
  assert.equal(Math.round(line.bytesPerSession ?? 0), 700);
  assert.equal(Math.round(heldOut?.predictedBytes ?? 0), 78e6);
  assert.ok(Math.abs(heldOut?.error ?? 1) < 1e-6);
  assert.deepEqual(measured(run), ['1 redis', '2 redis', '3 redis']);
  assert.deepEqual(
    redis.points.map(({ trial }) => trial),
    [null, 1, 2, 3],
  );
  assert.ok(run.record.design.kind === 'footprint' && run.record.design.steps === 3);
  assert.match(run.said.join('\n'), /redis, 200 B: 100,000 sessions are predicted to take 74 MiB/);
});

test('the prediction is on the disk before the largest number is filled', async (t) => {
  const seen: (number | null | undefined)[] = [];
  const results = (folder: ResultsFolder): ResultsFolder => ({
    ...folder,
    async writeFootprint(record) {
      const [series] = record.series;
      if (series?.points.length === 3) seen.push(series.fits[0]?.heldOut?.measuredBytes);
      await folder.writeFootprint(record);
    },
  });
  const { run } = await weighed(t, plan(['redis']), { results });
  assert.deepEqual(seen, [null]);
  const written = run.runtime.steps.indexOf('fill redis 0 20000');
  assert.ok(written > 0, run.runtime.steps.join());
});

test('a line that bends is told by its error', async (t) => {
  const script: FakeScript = {
    weighs: (_name, sessions) => ({
      store: 8e6 + (sessions > 50_000 ? 1400 : 700) * sessions,
      app: 1e8,
      disk: null,
    }),
  };
  const { series } = await weighed(t, plan(['redis']), { script });
  const error = fitOf(series[0]).heldOut?.error ?? 0;
  assert.ok(error < -0.4 && error > -0.5, String(error));
});

test('disk and apps have lines of their own, and what nobody tells has none', async (t) => {
  const script: FakeScript = {
    weighs: (_name, sessions) => ({ store: 5e7, app: 1e8 + 20 * sessions, disk: 7e6 + 500 * sessions }),
  };
  const { series } = await weighed(t, plan(['postgres']), { script });
  assert.equal(Math.round(fitOf(series[0], 'storeDisk').line.bytesPerSession ?? 0), 500);
  assert.equal(Math.round(fitOf(series[0], 'appMemory').line.bytesPerSession ?? 0), 20);
  // Memory that did not move tells no session from none.
  const { line, heldOut } = fitOf(series[0]);
  assert.deepEqual([line.bytesPerSession, heldOut], [null, null]);
  assert.ok((line.bytesPerSessionAtMost ?? 0) > 0 && (line.bytesPerSessionAtMost ?? 0) < 100);
  assert.equal(series[0]?.fits.length, 4);
});

test('strategies are alone on the machine, one after the other, each size of session on new servers', async (t) => {
  const { run, series } = await weighed(t, plan(['redis', 'sticky'], { payloads: [200, 1_700] }));
  assert.deepEqual(
    series.map(({ strategy, payloadBytes, status }) => `${strategy} ${payloadBytes} ${status}`),
    ['redis 200 measured', 'redis 1700 measured', 'sticky 200 measured', 'sticky 1700 measured'],
  );
  const { steps } = run.runtime;
  assert.deepEqual(
    steps.filter((step) => /^(deploy|stop)/.test(step)),
    [
      ...['deploy redis', 'stop redis', 'deploy redis', 'stop redis'],
      ...['deploy sticky', 'stop sticky', 'deploy sticky', 'stop sticky'],
    ],
  );
  assert.equal(run.read.trials.length, 12);
});

test('the load is of sessions that are there: nobody logs in, and nothing is cleared before a trial', async (t) => {
  const asked: (string | undefined)[][] = [];
  const script: FakeScript = {
    generating: ({ env }) =>
      env.SESSION_LOOP === 'closed'
        ? undefined
        : asked.push([env.SESSION_SESSIONS, env.SESSION_PAYLOAD, env.SESSION_MEMBERS?.split('/').at(-1)]),
  };
  const { run } = await weighed(t, plan(['redis']), { script });
  assert.deepEqual(
    asked,
    Array.from({ length: 3 }, () => ['100', '200', 'members.tsv']),
  );
  const from = run.runtime.steps.indexOf('fill redis 0 500');
  const to = run.runtime.steps.lastIndexOf('measure redis');
  assert.ok(!run.runtime.steps.slice(from, to).includes('clear redis'));
});

test('a session that differs from what a login writes is in the record', async (t) => {
  const { series } = await weighed(t, plan(['redis']), { script: { difference: 'it differs in cookie' } });
  assert.ok(series[0]?.points.slice(1).every(({ difference }) => difference === 'it differs in cookie'));
});

test('a series that fails keeps what was weighed, and the others go on', async (t) => {
  const failures: readonly (readonly [string, RegExp, number])[] = [
    ['deploy redis', /redis did not start: OOM/, 0],
    ['fill redis 1 4500', /OOM/, 2],
    ['fill redis 0 20000', /OOM/, 3],
  ];
  for (const [failing, why, points] of failures) {
    const script: FakeScript = {
      before(step) {
        if (step === failing) throw new Error('OOM command not allowed');
      },
    };
    const { run, series } = await weighed(t, plan(['redis', 'sticky']), { script });
    assert.equal(series[0]?.status, 'stopped', failing);
    assert.match(series[0].why ?? '', why);
    assert.equal(series[0].points.length, points, failing);
    assert.equal(series[1]?.status, 'measured', failing);
    assert.equal(run.record.status, 'finished');
    assert.equal(fitOrNull(series[0])?.heldOut?.measuredBytes ?? null, null);
  }
});

const fitOrNull = (series: FootprintSeries) => series.fits[0] ?? null;

test('a server that ends takes its series with it, whose sessions are gone', async (t) => {
  const script: FakeScript = { trial: ({ number }) => (number === 2 ? { dies: 'cache-1' } : {}) };
  const { series } = await weighed(t, plan(['redis', 'sticky']), { script });
  assert.deepEqual([series[0]?.status, series[0]?.points.length], ['stopped', 2]);
  assert.match(series[0]?.why ?? '', /cache-1 ended with exit code 1/);
  assert.equal(series[1]?.status, 'measured');
});

test('a store that is still at ending its sessions is asked again, for a bounded time', async (t) => {
  for (const [failing, status] of [
    [5, 'measured'],
    [Number.POSITIVE_INFINITY, 'stopped'],
  ] as const) {
    let failed = 0;
    const script: FakeScript = {
      before(step, { steps }) {
        const full = steps.includes('fill redis 0 20000');
        if (step !== 'clear redis' || !full || failed >= failing) return;
        failed += 1;
        throw new Error('Command timed out');
      },
    };
    const { series } = await weighed(t, plan(['redis']), { script });
    assert.deepEqual([series[0]?.status, series[0]?.points.length], [status, 4]);
    assert.equal(series[0]?.weighedCleared !== null, status === 'measured');
    assert.equal(failed, Math.min(failing, 61));
  }
});

test('a strategy without room for two numbers is not measured, and says why', async (t) => {
  const both = plan(['redis', 'sticky']);
  const { series } = both.design;
  const some = { ...both, design: { ...both.design, series: series.slice(0, 1) } };
  const { run } = await weighed(t, some);
  const sticky = run.record.strategies.find(({ name }) => name === 'sticky');
  assert.deepEqual([sticky?.status, sticky?.reasons[0]?.code], ['not-measured', 'sizes-left-out']);
});

test('sessions that end together are watched until they are gone, or for as long as was planned', async (t) => {
  const quick = await weighed(t, plan(['redis'], { watchSeconds: 60 }), {
    script: { removedPerSecond: 20_000 },
  });
  const [fast] = quick.series;
  assert.equal(fast?.expiry?.ended, 100_000);
  assert.equal(fast.expiry.alive, 100);
  assert.ok((fast.expiry.seconds ?? 0) >= 4, JSON.stringify(fast.expiry));
  assert.ok((fast.expiry.gone ?? 0) >= 99_900);
  assert.deepEqual([fast.expiry.trialBefore, fast.expiry.trialDuring], [4, 5]);
  const slow = await weighed(t, plan(['redis'], { watchSeconds: 20 }), { script: { removedPerSecond: 100 } });
  const { seconds, gone, watchedSeconds } = slow.series[0]?.expiry ?? assert.fail('none');
  assert.equal(seconds, null);
  assert.ok(
    (gone ?? 0) > 1_000 && (gone ?? 0) < 50_000 && watchedSeconds >= 20,
    `${gone} in ${watchedSeconds}`,
  );
});

test('only the first size of session has its sessions end by themselves', async (t) => {
  const { series } = await weighed(t, plan(['redis'], { payloads: [200, 1_700], watchSeconds: 10 }));
  assert.deepEqual(
    series.map(({ expiry }) => expiry !== null),
    [true, false],
  );
});

test('an interruption at any step keeps what was weighed, stops everything, and is no fault', async (t) => {
  const whole = await weighed(t, plan(['redis']));
  const { steps } = whole.run.runtime;
  const last = steps.findLastIndex((step) => step.startsWith('freeze'));
  for (const [index, step] of steps.slice(0, last + 1).entries()) {
    const interruption = new AbortController();
    let seen = 0;
    const script: FakeScript = {
      before() {
        seen += 1;
        if (seen > index) interruption.abort();
      },
    };
    const { run, series } = await weighed(t, plan(['redis']), { script, interruption });
    assert.equal(run.record.status, 'interrupted', step);
    assert.deepEqual(run.record.faults, [], step);
    for (const { points, status } of series) {
      assert.notEqual(status, 'measured', step);
      const before = steps.slice(0, index).filter((each) => each === 'measure redis').length;
      assert.ok(points.length >= before, `${points.length} after ${step}`);
    }
  }
});

test('results that cannot be written end the run', async (t) => {
  const results = (folder: ResultsFolder): ResultsFolder => ({
    ...folder,
    async writeFootprint(record) {
      if ((record.series[0]?.points.length ?? 0) > 1) throw new UserError('unwritable', 'the disk is full');
      await folder.writeFootprint(record);
    },
  });
  const run = await fakeRun(t, plan(['redis', 'sticky']), { script: { weighs: straight }, results });
  assert.equal(run.unwritten?.message, 'the disk is full');
  assert.equal(run.record.status, 'failed');
  assert.ok(!run.runtime.steps.includes('deploy sticky'));
});

/** A program that is loud when the machine has been at it for so many seconds, for so many. */
const loudFrom =
  (from: number, seconds: number): NonNullable<FakeScript['noise']> =>
  (at) =>
    at >= from && at < from + seconds ? 1 : 0;

/** When the reading of a number began, in seconds of the fake machine. */
async function readingsBegan(t: TestContext, wanted: Plan<FootprintDesign>): Promise<readonly number[]> {
  const began: number[] = [];
  const script: FakeScript = {
    before(step, { now }) {
      if (step.startsWith('seed')) began.push(now);
    },
  };
  await weighed(t, wanted, { script });
  return began;
}

test('a reading that the machine disturbed is read again before the next number is filled', async (t) => {
  const [, second = 0] = await readingsBegan(t, plan(['redis']));
  const { run, series } = await weighed(t, plan(['redis']), { script: { noise: loudFrom(second + 1, 2) } });
  assert.deepEqual(Object.values(invalid(run)), [['host-busy']]);
  assert.deepEqual(measured(run), ['1 redis', '2 redis', '2 redis', '3 redis']);
  assert.deepEqual(
    series[0]?.points.map(({ trial }) => trial),
    [null, 1, 3, 4],
  );
  assert.equal(run.record.patience?.repeats, 1);
  const steps = run.runtime.steps.filter((step) => /^(fill|measure)/.test(step));
  const between = steps.slice(steps.indexOf('measure redis') + 1);
  assert.equal(between.filter((step) => step === 'measure redis').length, 3);
  const [firstRead, again] = between.flatMap((step, at) => (step === 'measure redis' ? [at] : []));
  assert.equal(again, (firstRead ?? 0) + 1, between.join());
});

test('beside what is loud for ever every number is read once, and little time is waited', async (t) => {
  const { run } = await weighed(t, plan(['redis']), { script: { noise: () => 1 } });
  assert.deepEqual(measured(run), ['1 redis', '2 redis', '3 redis']);
  const { patience } = run.record;
  assert.ok(patience && patience.repeats === 0);
  assert.ok(patience.waitedSeconds > 0 && patience.waitedSeconds <= patience.allowedSeconds);
});

test('repeats are bounded by the patience of the run', async (t) => {
  // Loud in every trial, and quiet between.
  const script: FakeScript = { trial: () => ({ foreignShare: 0.5 }) };
  const { run } = await weighed(t, plan(['redis']), { script });
  const { patience } = run.record;
  assert.ok(patience && patience.repeats > 0 && patience.repeats <= 9, JSON.stringify(patience));
  assert.ok(patience.waitedSeconds + patience.repeatedSeconds <= patience.allowedSeconds);
});

test('sessions that end are read at once: nobody waits while what is to be seen passes', async (t) => {
  const wanted = plan(['redis'], { watchSeconds: 20 });
  const began = await readingsBegan(t, wanted);
  const last = began.at(-1) ?? assert.fail('nothing was read');
  const { run, series } = await weighed(t, wanted, {
    script: { removedPerSecond: 100, noise: loudFrom(last - 1, 1_000) },
  });
  const { trialBefore, trialDuring } = series[0]?.expiry ?? assert.fail('no expiry');
  assert.deepEqual([trialBefore, trialDuring], [4, 5]);
  const during = run.read.trials.find(({ number }) => number === trialDuring);
  assert.ok(during?.kind === 'invalid' && during.record.noise?.waitedSeconds === 0);
});

test('writes that fail take no weighing with them, and are told', async (t) => {
  const { run, series } = await weighed(t, plan(['redis']), { script: { logs: true } });
  assert.equal(series[0]?.status, 'measured');
  assert.ok(series[0].points.every(({ logged }) => logged === null));
  assert.deepEqual(
    run.record.faults.map(({ code }) => code),
    ['log-unknown', 'log-unknown', 'log-unknown'],
  );
});

test('the empty store is weighed before the first sessions too, and lines begin at the less of both', async (t) => {
  let filled = 0;
  const script: FakeScript = {
    before(step) {
      if (step.startsWith('fill')) filled += 1;
    },
    weighs: (_name, sessions) => ({
      store: 8e6 + (filled > 0 ? 3e6 : 0) + 700 * sessions,
      app: 1e8,
      disk: null,
    }),
  };
  const { series } = await weighed(t, plan(['redis']), { script });
  const [redis] = series;
  assert.deepEqual([redis?.weighedBefore?.storeMemory, redis?.points[0]?.weighed.storeMemory], [8e6, 11e6]);
  assert.deepEqual([redis?.grains?.storeMemory, redis?.grains?.appMemory], [3e6, 2 ** 18]);
});
