/** One trial, or several at the same time: from the load to the record. */
import path from 'node:path';
import type { OwnProcess } from '../infra/machine/noise.ts';
import type { ClearedBy, Deployment, TierUsage, UnexpectedExit } from '../infra/runtimes/runtime.ts';
import { beforeMeasuring, type EngineResult, noPacing } from '../record/engine.ts';
import { type Reason, type ReasonCode, reasonOf } from '../record/reasons.ts';
import { TRIAL_VERSION, type TrialRecord } from '../record/trial.ts';
import { achievedRate } from './achieved.ts';
import { causesOf, unknownCause } from './causes.ts';
import type { RunContext } from './context.ts';
import {
  type Load,
  type LoadContext,
  offerLoads,
  type Part,
  readEngineResult,
  type TimedPart,
  type TrialSpec,
} from './load.ts';
import { between, hostUse, serversMicros } from './meters.ts';
import type { Setting } from './plan.ts';
import { idleSeconds, outlived } from './seeding.ts';
import { withStandstills } from './standstill.ts';
import { Stopwatch } from './stopwatch.ts';
import { invalidReasons, warnings } from './validity.ts';

type TrialContext = LoadContext & Pick<RunContext, 'limits'>;

const notOwn: OwnProcess = () => false;

/** The record of a trial whose deployment did not start. */
export const failedTrial = (spec: TrialSpec, strategy: string, reason: Reason): TrialRecord => ({
  ...headOf(spec, strategy),
  ...measurementsOf({ engine: null, load: { readings: null }, spec }, [], notOwn),
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
  const [record] = await runTogether([{ deployment, spec, folder }], setting, context);
  if (!record) throw new Error('a trial has no record');
  return record;
}

/**
 * Measures deployments at the same time; they are thawed for that, and left so. Each is judged for itself, but for times in
 * which all stood still.
 * @returns a record for each, in their order
 */
export async function runTogether(
  parts: readonly Part[],
  setting: Setting,
  context: TrialContext,
): Promise<readonly TrialRecord[]> {
  const begun = parts.map((part) => ({
    ...part,
    head: headOf(part.spec, part.deployment.strategy.name),
    watch: new Stopwatch(),
    exitsBefore: part.deployment.unexpectedExits().length,
  }));
  const loaded = await offerLoads(begun, setting, context);
  const shown = await Promise.all(
    loaded.map(async (part) => {
      const exits = part.deployment.unexpectedExits().slice(part.exitsBefore);
      await part.deployment.saveLogs(path.join(part.folder, 'logs')).catch(() => {});
      return { ...part, exits, engine: await readEngineResult(part.folder) };
    }),
  );
  return withStandstills(
    shown.map((part) => ({ record: recordOf(part, shown, setting, context), engine: part.engine })),
  );
}

/** What a part has shown. */
interface ShownPart extends TimedPart {
  readonly head: ReturnType<typeof headOf>;
  readonly load: Load;
  /** In the meantime. */
  readonly exits: readonly UnexpectedExit[];
  /** Null where nothing can be read of it. */
  readonly engine: EngineResult | null;
}

/** @param all that were driven at the same time, this one included */
function recordOf(
  part: ShownPart,
  all: readonly ShownPart[],
  setting: Setting,
  { runtime, limits, signal }: TrialContext,
): TrialRecord {
  const isOwn: OwnProcess = (process) => runtime.owns(process);
  const { spec, load, exits, engine, watch } = part;
  const measured = { ...part.head, ...measurementsOf(part, all, isOwn), strain: load.strain };
  const evidence = {
    ...measured,
    engine,
    notReady: load.notReady,
    generatorFailure: load.failure,
    exits,
    interrupted: signal.aborted,
    overtimeIsBounded: spec.overtimeSeconds !== null,
  };
  const judged = [...invalidReasons(evidence, limits), ...outlived(watch.timings, idleSeconds(setting))];
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
const endings: readonly ReasonCode[] = ['generator-failed', 'logins-failed', 'server-died', 'server-killed'];

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

/** What is known of a trial before it begins. */
export const headOf = ({ number, block, rate }: TrialSpec, strategy: string) =>
  ({
    schemaVersion: TRIAL_VERSION,
    number,
    block,
    strategy,
    startedAt: new Date().toISOString(),
    offeredRate: rate,
    promise: null,
    fault: null,
  }) as const;

/** What served and cost nothing was too little for the meter: that is unknown, and not 0. */
const seen = (usage: TierUsage | undefined, requests: number): TierUsage | null =>
  usage === undefined || (usage.cpuMicros === 0 && requests > 0) ? null : usage;

type Readable = Pick<ShownPart, 'engine' | 'spec'> & { readonly load: Pick<Load, 'readings'> };

/** Null stands for what was not measured. @param all that were driven at the same time */
export function measurementsOf(
  { engine, load: { readings }, spec }: Readable,
  all: readonly Readable[],
  isOwn: OwnProcess,
) {
  const { seconds = 0, requests = 0, operations = {}, usage = null } = engine?.phases.measure ?? {};
  const metered = readings && between(readings.before, readings.after);
  const host = readings && hostUse(readings.before, readings.after, microsOf(all), isOwn);
  return {
    achievedRate: achievedRate(engine?.pacing ?? noPacing, spec),
    measuredSeconds: seconds,
    operations,
    before: engine && beforeMeasuring(engine),
    pages: engine?.pages ?? null,
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
    stealShare: host?.stealShare ?? null,
    foreignShare: host?.foreignShare ?? null,
    noise: {
      waitedSeconds: spec.wait.waitedSeconds,
      waitedFor: [...spec.wait.waitedFor],
      loud: [...(host?.loud ?? [])],
    },
    storeCommands: metered?.storeCommands ? { ...metered.storeCommands } : null,
  };
}

/** CPU time of the servers and generators of all; null where that of one is unknown. */
function microsOf(all: readonly Readable[]): number | null {
  let sum = 0;
  for (const { engine, load } of all) {
    const generator = engine?.phases.measure.usage?.cpuMicros;
    if (generator === undefined || load.readings === null) return null;
    sum += generator + serversMicros(between(load.readings.before, load.readings.after).usage);
  }
  return sum;
}
