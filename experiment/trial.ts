/** One trial: thaw, clear, seed, warm up, measure, meter, judge. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../infra/machine/errors.ts';
import type { OwnProcess } from '../infra/machine/noise.ts';
import type {
  ClearedBy,
  Deployment,
  GeneratorOutcome,
  TierUsage,
  UnexpectedExit,
} from '../infra/runtimes/runtime.ts';
import { beforeMeasuring, type EngineResult, engineResult, noPacing } from '../record/engine.ts';
import { withLog } from '../record/log-lines.ts';
import { type Reason, type ReasonCode, reasonOf } from '../record/reasons.ts';
import type { Strain } from '../record/strain.ts';
import { TRIAL_VERSION, type TrialRecord } from '../record/trial.ts';
import { achievedRate } from './achieved.ts';
import { causesOf, strainBetween, unknownCause } from './causes.ts';
import type { RunContext } from './context.ts';
import { between, type Reading, readAfter, readBefore } from './meters.ts';
import { type Setting, trialSeed } from './plan.ts';
import type { Wait } from './quiet.ts';
import { idleSeconds, outlived } from './seeding.ts';
import { Stopwatch } from './stopwatch.ts';
import { invalidReasons, warnings } from './validity.ts';

export interface TrialSpec {
  /** From 1, in the order of measuring. */
  readonly number: number;
  readonly block: number;
  /** Operations per second. */
  readonly rate: number;
  readonly measureSeconds: number;
  /** How long after a phase's last intended start waiting operations are still sent; null: until all are. */
  readonly overtimeSeconds: number | null;
  /** For a quiet machine, before it began. */
  readonly wait: Wait;
}

type TrialContext = Pick<RunContext, 'runtime' | 'placement' | 'limits' | 'machine' | 'progress' | 'signal'>;

/** What the script of the scenario is told through its environment. */
export const scriptEnvironment = (
  { workload, connections }: Setting,
  url: string,
  folder: string,
  seed: number,
): Record<string, string> => ({
  SESSION_TARGET: url,
  SESSION_SESSIONS: String(workload.sessions),
  SESSION_PAYLOAD: String(workload.payloadBytes),
  SESSION_CONNECTIONS: String(connections),
  SESSION_SEED: String(seed),
  SESSION_OUT: folder,
});

/** How the generator failed; null when it did not. */
export const failureOf = (outcome: GeneratorOutcome): string | null =>
  outcome.status === 'failed' ? withLog(outcome.cause, outcome.lastLogLines) : null;

const notOwn: OwnProcess = () => false;

/** The record of a trial whose deployment did not start. */
export const failedTrial = (spec: TrialSpec, strategy: string, reason: Reason): TrialRecord => ({
  ...headOf(spec, strategy),
  ...measurementsOf(null, null, spec, notOwn),
  strain: null,
  status: 'invalid',
  reasons: [reason],
  warnings: [],
  timings: {},
});

/**
 * Measures a deployment; it is thawed for that, and left so.
 * @param folder of the trial: the generator writes its results there
 * @returns a record in every case but a fault of session-bench itself; an invalid trial is a record too
 */
export async function runTrial(
  deployment: Deployment,
  spec: TrialSpec,
  folder: string,
  setting: Setting,
  context: TrialContext,
): Promise<TrialRecord> {
  const watch = new Stopwatch();
  const head = headOf(spec, deployment.strategy.name);
  const exitsBefore = deployment.unexpectedExits().length;
  const load = await offerLoad(deployment, spec, folder, setting, context, watch);
  const exits = deployment.unexpectedExits().slice(exitsBefore);
  await deployment.saveLogs(path.join(folder, 'logs')).catch(() => {});
  const engine = await readEngineResult(folder);
  const isOwn: OwnProcess = (process) => context.runtime.owns(process);
  const measured = { ...head, ...measurementsOf(engine, load.readings, spec, isOwn), strain: load.strain };
  const evidence = {
    ...measured,
    engine,
    notReady: load.notReady,
    generatorFailure: load.failure,
    exits,
    interrupted: context.signal.aborted,
    overtimeIsBounded: spec.overtimeSeconds !== null,
  };
  const judged = [
    ...invalidReasons(evidence, context.limits),
    ...outlived(watch.timings, idleSeconds(setting)),
  ];
  const ended = judged.some(({ code }) => endings.includes(code));
  const causes = causesIn(measured, exits, ended);
  // A cause of the trial's own end comes before what it led to; else it is a thing to know.
  const isTold = ({ code }: Reason): boolean => consequences.includes(code);
  const behind = causes.filter((cause) => !isTold(cause));
  const reasons = ended ? [...behind, ...judged, ...causes.filter(isTold)] : judged;
  return {
    ...measured,
    status: reasons.length === 0 ? 'valid' : 'invalid',
    reasons,
    warnings: [
      ...startedCold(load.cleared),
      ...(engine ? warnings(measured, spec.measureSeconds) : []),
      ...(ended ? [] : causes),
    ],
    timings: watch.timings,
  };
}

/** What a reader should know of a deployment that was started anew for want of another way to end its sessions. */
const startedCold = (cleared: ClearedBy | null): Reason[] =>
  cleared === 'restart'
    ? [
        reasonOf(
          'restarted-to-clear',
          'the store could not end its sessions, so its apps were started anew before the trial',
        ),
      ]
    : [];

/** Reasons that say how a trial ended, and not why. */
const endings: readonly ReasonCode[] = ['generator-failed', 'logins-failed', 'server-died'];

/** What the apps saw of a server that is gone explains no end of it. */
const consequences: readonly ReasonCode[] = ['store-failed', 'cause-unknown'];

/** Why sessions were lost or refused, as far as servers, stores and dying processes tell it. */
function causesIn(
  { strain, operations }: Pick<TrialRecord, 'strain' | 'operations'>,
  exits: readonly UnexpectedExit[],
  ended: boolean,
): Reason[] {
  const told = strain ?? { servers: [], failures: [], diskFreeBytes: null, unknown: [] };
  const causes = causesOf(told, exits);
  const wrongOrRefused = Object.values(operations).reduce(
    (sum, { errors, violations }) => sum + errors.server + violations.lost,
    0,
  );
  return [...causes, ...unknownCause(told, ended || wrongOrRefused > 0, causes)];
}

/** What came of offering the load. */
interface Load {
  /** How the sessions before were ended; null where that failed. */
  readonly cleared: ClearedBy | null;
  /** The step before the load that failed, and how; null where all were done. */
  readonly notReady: string | null;
  /** How the generator failed; null where it did not. */
  readonly failure: string | null;
  /** Null where the store could not be emptied: nothing was sent. */
  readonly strain: Strain | null;
  /** Null where the generator did not get as far. */
  readonly readings: { readonly before: Reading; readonly after: Reading } | null;
}

async function offerLoad(
  deployment: Deployment,
  spec: TrialSpec,
  folder: string,
  setting: Setting,
  context: TrialContext,
  watch: Stopwatch,
): Promise<Load> {
  const ready = await prepare(deployment, watch);
  if (ready.status === 'failed')
    return { cleared: null, notReady: ready.why, failure: null, strain: null, readings: null };
  const offered = await generateLoad(deployment, spec, folder, setting, context, watch).catch(
    (error: unknown) => ({ failure: messageOf(error), readings: null }),
  );
  const strain = strainBetween(ready.strain, await deployment.strain());
  return { ...offered, cleared: ready.cleared, notReady: null, strain };
}

type Prepared =
  | { readonly status: 'ready'; readonly cleared: ClearedBy; readonly strain: Strain }
  /** `why`: the step that failed, and how. */
  | { readonly status: 'failed'; readonly why: string };

async function prepare(deployment: Deployment, watch: Stopwatch): Promise<Prepared> {
  const failed = (step: string, error: unknown): Prepared => ({
    status: 'failed',
    why: `${step}: ${messageOf(error)}`,
  });
  try {
    await watch.time('thaw', () => deployment.thaw());
  } catch (error) {
    return failed('the servers did not answer again', error);
  }
  // Before the store is emptied, so that nobody asks the apps anything between then and the measured phase.
  const strain = await deployment.strain();
  try {
    return { status: 'ready', strain, cleared: await watch.time('clear', () => deployment.clear()) };
  } catch (error) {
    return failed('the store could not be emptied', error);
  }
}

async function generateLoad(
  deployment: Deployment,
  { rate, block, measureSeconds, overtimeSeconds }: TrialSpec,
  folder: string,
  setting: Setting,
  { runtime, placement, machine, progress, signal }: TrialContext,
  watch: Stopwatch,
): Promise<Pick<Load, 'failure' | 'readings'>> {
  let before: Reading | null = null;
  let after: Reading | null = null;
  const phases = new PhaseClock(watch);
  const outcome = await runtime.generate(deployment, {
    script: setting.script,
    env: {
      ...scriptEnvironment(setting, deployment.url, folder, trialSeed(setting, block)),
      SESSION_RATE: String(rate),
      SESSION_WARMUP: String(setting.warmupSeconds),
      SESSION_DURATION: String(measureSeconds),
      ...(overtimeSeconds !== null && { SESSION_OVERTIME: String(overtimeSeconds) }),
    },
    outputFolder: folder,
    placement,
    signal,
    async onEvent(event) {
      if (event.type === 'second') progress.second(event);
      if (event.type === 'phase') phases.enter(event.phase);
      if (event.type !== 'barrier') return;
      const interrupted = phases.enter('read counters');
      if (event.name === 'before-measure') before = await readBefore(deployment, machine);
      else after = await readAfter(deployment, machine);
      phases.enter(interrupted);
    },
  });
  phases.enter('done');
  return {
    failure: failureOf(outcome),
    readings: before && after ? { before, after } : null,
  };
}

/** Gives the time since the last phase began to that phase. */
class PhaseClock {
  readonly #watch: Stopwatch;
  #phase = 'start';
  #began = performance.now();

  constructor(watch: Stopwatch) {
    this.#watch = watch;
  }

  /** @returns the phase that was left */
  enter(next: string): string {
    const [left, now] = [this.#phase, performance.now()];
    this.#watch.add(left, now - this.#began);
    this.#phase = next;
    this.#began = now;
    return left;
  }
}

/** What the engine wrote into a folder; null where nothing can be read. */
export async function readEngineResult(folder: string): Promise<EngineResult | null> {
  try {
    return engineResult.parse(JSON.parse(await readFile(path.join(folder, 'engine.json'), 'utf8')));
  } catch {
    return null;
  }
}

const headOf = ({ number, block, rate }: TrialSpec, strategy: string) =>
  ({
    schemaVersion: TRIAL_VERSION,
    number,
    block,
    strategy,
    startedAt: new Date().toISOString(),
    offeredRate: rate,
    promise: null,
  }) as const;

/** What served and cost nothing was too little for the meter: that is unknown, and not 0. */
const seen = (usage: TierUsage | undefined, requests: number): TierUsage | null =>
  usage === undefined || (usage.cpuMicros === 0 && requests > 0) ? null : usage;

/** Null stands for what was not measured. */
function measurementsOf(
  engine: EngineResult | null,
  readings: Load['readings'],
  spec: TrialSpec,
  isOwn: OwnProcess,
) {
  const { seconds = 0, requests = 0, operations = {}, usage = null } = engine?.phases.measure ?? {};
  const metered = readings && between(readings.before, readings.after, usage?.cpuMicros ?? null, isOwn);
  return {
    achievedRate: achievedRate(engine?.pacing ?? noPacing, spec),
    measuredSeconds: seconds,
    operations,
    before: engine && beforeMeasuring(engine),
    requests: {
      generator: requests,
      balancer: metered?.requests?.balancer ?? null,
      byBalancer: metered?.requests?.byBalancer ?? null,
      apps: metered?.requests ? [...metered.requests.apps] : null,
    },
    usage: {
      generator: usage,
      balancer: seen(metered?.usage.balancer, requests),
      app: seen(metered?.usage.app, requests),
      // A strategy without servers of its own has a store that costs nothing.
      store:
        metered?.usage.store.memoryBytes === 0 ? metered.usage.store : seen(metered?.usage.store, requests),
    },
    pacing: {
      ...(engine?.pacing ?? noPacing),
      generatorCpuShare: usage && seconds > 0 ? usage.cpuMicros / 1e6 / seconds : 0,
    },
    stealShare: metered?.stealShare ?? null,
    foreignShare: metered?.foreignShare ?? null,
    noise: {
      waitedSeconds: spec.wait.waitedSeconds,
      waitedFor: [...spec.wait.waitedFor],
      loud: [...(metered?.loud ?? [])],
    },
    storeCommands: metered?.storeCommands ? { ...metered.storeCommands } : null,
  };
}
