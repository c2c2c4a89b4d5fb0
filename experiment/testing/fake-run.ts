/** Runs plans on the fake runtime, and holds every run to what is true of all of them. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { unknownCores } from '../../infra/machine/cores.ts';
import { placeOn } from '../../infra/machine/placement.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { temporaryPlace } from '../../record/testing/temporary.ts';
import { workload } from '../../record/workload.ts';
import { createResultsFolder, type ResultsFolder } from '../../record/write.ts';
import { workload as described } from '../../scenarios/workloads/steady.ts';
import { nothingSaid } from '../../servers/contract/topology.ts';
import type { RunContext } from '../context.ts';
import { type ChosenLimits, usualLimits } from '../limits.ts';
import type { Plan, Setting } from '../plan.ts';
import type { TrialStart, Waiting } from '../progress.ts';
import { type EndedRun, runExperiment } from '../run.ts';
import { FakeRuntime, type FakeScript } from './fake-runtime.ts';

export const strategyNamed = (name: string): Strategy => ({
  name,
  folder: `/nowhere/${name}`,
  topology: {
    title: name.toUpperCase(),
    description: 'Does not exist.',
    services: [],
    balancer: { affinity: 'none' },
    outlasts: nothingSaid,
    traits: null,
    commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
  },
});

/** What the tests' plans share. */
export const settingFor = (...names: readonly string[]): Setting => ({
  preset: 'test',
  script: '/nowhere/steady.ts',
  // So few that a trial's time is its load's.
  workload: workload.parse({ ...described, sessions: 100 }),
  strategies: names.map(strategyNamed),
  connections: 64,
  apps: 2,
  seed: 7,
  warmupSeconds: 1,
  measureSeconds: 2,
  burstSeconds: 2,
});

export interface FakeRunOptions {
  readonly script?: FakeScript;
  readonly interruption?: AbortController;
  readonly limits?: ChosenLimits;
  /** Stands between the run and its folder. */
  readonly results?: (folder: ResultsFolder) => ResultsFolder;
}

export interface FakeRun extends EndedRun {
  /** As a report would read it. */
  readonly read: ReadRun;
  readonly runtime: FakeRuntime;
  readonly said: readonly string[];
  readonly announced: readonly TrialStart[];
  readonly waits: readonly Waiting[];
}

/** A folder that is gone when the test has ended. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(temporaryPlace, 'sb-experiment-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function fakeRun(
  test: TestContext,
  plan: Plan,
  {
    script,
    interruption = new AbortController(),
    limits = usualLimits,
    results = (folder) => folder,
  }: FakeRunOptions = {},
): Promise<FakeRun> {
  const runtime = new FakeRuntime(script);
  const said: string[] = [];
  const waits: Waiting[] = [];
  const announced: TrialStart[] = [];
  const folder = await createResultsFolder(await temporaryFolder(test), 'run');
  const context: RunContext = {
    origin: {
      runId: 'run',
      command: ['npm', 'test'],
      tool: { version: '0', commit: null, dirty: null },
      host,
    },
    runtime,
    placement: placeOn(unknownCores([0, 1])),
    results: results(folder),
    // It has no lock file, so that no package is looked at.
    repository: folder.path,
    limits,
    machine: runtime.machine,
    progress: {
      say: (line) => said.push(line),
      doing() {},
      waiting: (wait) => waits.push(wait),
      trialStarted: (start) => announced.push(start),
      second() {},
      trialEnded() {},
      close() {},
    },
    signal: interruption.signal,
  };
  let ended: EndedRun;
  try {
    ended = await runExperiment(plan, context);
  } finally {
    assertCleanEnd(runtime);
  }
  const read = await readRun(folder.path);
  const { record, unwritten } = ended;
  if (unwritten === null)
    assert.deepEqual(read.record, JSON.parse(JSON.stringify(record)), 'run.json is what the run ended with');
  return { ...ended, read, runtime, said, announced, waits };
}

/** However it ends, a run stops all servers, and never lets one take time from another's trial. */
function assertCleanEnd({ steps, deployments, misuse }: FakeRuntime): void {
  assert.deepEqual(misuse, []);
  assert.equal(steps.filter((step) => step === 'close').length, 1);
  for (const { strategy, state } of deployments) assert.equal(state, 'stopped', strategy.name);
}

const host: RunRecord['host'] = {
  hostname: 'fake',
  os: 'none',
  kernel: '0',
  arch: 'x64',
  cpuModel: 'Invented',
  cores: 2,
  memoryBytes: 2 ** 30,
  virtualization: 'none',
};

/** `block strategy` of each trial in the order of measuring. */
export const measured = ({ read }: FakeRun): readonly string[] =>
  read.trials.map((trial) => `${'record' in trial ? trial.record?.block : '?'} ${trial.strategy}`);

/** Codes of the reasons for which trials are invalid, by number of the trial. */
export const invalid = ({ read }: FakeRun): Readonly<Record<number, readonly string[]>> =>
  Object.fromEntries(
    read.trials.flatMap((trial) =>
      trial.kind === 'invalid' ? [[trial.number, trial.record.reasons.map(({ code }) => code)]] : [],
    ),
  );
