import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Slowdown } from '../../infra/runtimes/runtime.ts';
import { type SelftestComparison, type SelftestRecord, selftestRecord } from '../../record/selftest.ts';
import { UserError } from '../../record/user-error.ts';
import { workload } from '../../record/workload.ts';
import { workload as steady } from '../../scenarios/workloads/steady.ts';
import { readLimits } from '../limits.ts';
import { silentProgress } from '../progress.ts';
import { strategyNamed, temporaryFolder } from '../testing/fake-run.ts';
import { FakeRuntime, type FakeScript } from '../testing/fake-runtime.ts';
import type { SelftestWishes } from './plan.ts';
import { type EndedSelftest, runSelftest } from './run.ts';

const COST = 400;
const READ = 900;
const wishes: SelftestWishes = {
  strategy: strategyNamed('redis'),
  scenario: { workload: workload.parse(steady), script: '/nowhere/steady.ts' },
  comparisons: 2,
  slowdowns: [0.05, 0.2],
  slow: ['cpu', 'latency'],
  slowed: 1,
  blocks: 1,
  duration: 1,
  rate: { mode: 'auto' },
};

interface Made extends EndedSelftest {
  readonly folder: string;
  readonly told: readonly SelftestComparison[];
}

/** @param said gets the lines that stay on the screen */
async function selftest(
  t: TestContext,
  script: FakeScript = {},
  {
    interruption = new AbortController(),
    said = [],
    judged = () => {},
  }: { interruption?: AbortController; said?: string[]; judged?: (folder: string) => void } = {},
): Promise<Made> {
  // The load is over in an instant, in which the machine's own counters tell nothing.
  const limits = readLimits({ SESSION_BENCH_NOISE: 'tolerate' });
  if (limits.status === 'mistakes') assert.fail(limits.mistakes.join());
  const folder = await temporaryFolder(t);
  const told: SelftestComparison[] = [];
  const machine = {
    command: ['npm', 'test'],
    limits: limits.value,
    progress: { ...silentProgress, say: (line: string) => said.push(line) },
    signal: interruption.signal,
    runtime: 'native',
    createRuntime: async () => new FakeRuntime(script),
  } as const;
  const reports = {
    baselineOf: (run: { readonly trials: readonly { readonly kind: string }[] }) =>
      run.trials.some(({ kind }) => kind === 'valid') ? { cpu: COST, latency: READ } : null,
    judge: () => ({ outcome: 'ok' as const, results: [] }),
    page: async () => 'a page',
  };
  const parts = { wishes, budgets: [], id: 'selftest', seed: 3, machine, reports };
  const onComparison = (comparison: SelftestComparison) => {
    told.push(comparison);
    judged(folder);
  };
  const { record, unwritten } = await runSelftest({ ...parts, onComparison }, folder);
  return { record, unwritten, folder, told };
}

const stored = async (folder: string): Promise<SelftestRecord> =>
  selftestRecord.parse(JSON.parse(await readFile(path.join(folder, 'selftest.json'), 'utf8')));

test('calibrates, then compares the strategy with itself and with slower ones, each run in a folder', async (t) => {
  const slowdowns: (Slowdown | null)[] = [];
  const said: string[] = [];
  const { record, unwritten, folder, told } = await selftest(
    t,
    { burst: () => 3000, deployed: (_, { slowdown }) => slowdowns.push(slowdown) },
    { said },
  );
  assert.deepEqual(
    [record.status, record.rate, record.baselineMicros, record.baselineReadMicros],
    // Both sides share three tenths of what one gave.
    ['finished', 450, COST, READ],
  );
  const calibration = await readdir(path.join(folder, 'calibration/trials'));
  assert.equal(calibration.length, 2, 'no more blocks than a comparison has');
  assert.deepEqual(
    record.comparisons.map(({ number, slow, addedShare, addedMicros, run }) => [
      number,
      slow,
      addedShare,
      addedMicros,
      run,
    ]),
    [
      [1, 'cpu', 0, 0, 'comparisons/001'],
      [2, 'cpu', 0.05, 0.05 * COST, 'comparisons/002'],
      [3, 'cpu', 0.2, 0.2 * COST, 'comparisons/003'],
      [4, 'latency', 0.05, 0.05 * READ, 'comparisons/004'],
      [5, 'latency', 0.2, 0.2 * READ, 'comparisons/005'],
      [6, 'cpu', 0, 0, 'comparisons/006'],
    ],
  );
  assert.deepEqual(told, record.comparisons);
  assert.equal(record.planned, 6);
  assert.equal(unwritten, null);
  // Seven runs were beside the same noise.
  assert.equal(said.filter((line) => line.includes('SESSION_BENCH_NOISE')).length, 1, said.join('\n'));
  assert.equal(new Set(said).size, said.length);
  assert.deepEqual(await stored(folder), record);
  assert.equal(await readFile(path.join(folder, 'selftest.md'), 'utf8'), 'a page');
  assert.equal((await readdir(path.join(folder, 'comparisons'))).length, 6 + 1, 'and the latest');
  // A baseline and a candidate in each run, the calibration's among them.
  assert.equal(slowdowns.length, 2 * (1 + 6));
  assert.deepEqual(
    slowdowns.filter((each) => each !== null),
    [
      { cpuMicrosPerRequest: 0.05 * COST },
      { cpuMicrosPerRequest: 0.2 * COST },
      { storeDelayMicros: 0.05 * READ },
      { storeDelayMicros: 0.2 * READ },
    ],
  );
});

test('what cannot run here ends the self-test with what is missing, said once', async (t) => {
  const lack = { what: 'redis', why: 'no such image', remedy: 'Pull it.' };
  const lacks = { 'redis-a': [lack], 'redis-b': [lack] };
  const said: string[] = [];
  await assert.rejects(
    selftest(t, { lacks }, { said }),
    (error: unknown) =>
      error instanceof UserError &&
      error.kind === 'unavailable' &&
      /redis cannot run here/.test(error.message),
  );
  assert.deepEqual(
    said.filter((line) => line.includes('no such image')),
    ['! redis: no such image. Pull it.'],
  );
});

test('without a valid trial nothing is known of the cost, and the message says why', async (t) => {
  await assert.rejects(
    selftest(t, { trial: () => ({ generatorCpuShare: 0.95 }) }),
    (error: unknown) =>
      error instanceof UserError &&
      error.kind === 'invalid' &&
      /could not be measured: the generator used 95.0 % .* Try again when the machine is quieter/.test(
        error.message,
      ),
  );
});

test('the log of what failed is with the trials, and not in the message', async (t) => {
  await assert.rejects(
    selftest(t, { trial: () => ({ generatorFails: 'the disk is on fire' }) }),
    (error: unknown) => error instanceof UserError && !error.message.includes('on fire'),
  );
});

test('where the disk takes no more, the comparisons that were judged are given back', async (t) => {
  const spoil = (folder: string): void => {
    rmSync(path.join(folder, 'selftest.json'), { recursive: true });
    mkdirSync(path.join(folder, 'selftest.json'));
  };
  const { record, unwritten } = await selftest(t, {}, { judged: spoil });
  assert.match(unwritten?.message ?? '', /^selftest\.json could not be written to .*a folder of that name/);
  assert.deepEqual([record.status, record.comparisons.length], ['failed', 1]);
  assert.ok(record.endedAt !== null);
});

test('an interruption keeps the comparisons that were judged', async (t) => {
  const interruption = new AbortController();
  let runs = 0;
  const { record, folder } = await selftest(
    t,
    {
      before(step) {
        if (step === 'provision') runs += 1;
        if (runs === 3 && step.startsWith('measure')) interruption.abort();
      },
    },
    { interruption },
  );
  assert.equal(record.status, 'interrupted');
  // The third run is the second comparison.
  assert.equal(record.comparisons.length, 1);
  assert.deepEqual(await stored(folder), record);
});
