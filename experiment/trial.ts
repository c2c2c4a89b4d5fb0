/** One trial: thaw, clear, seed, warm up, measure, meter, judge, keep. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  Deployment,
  GeneratorEvent,
  GeneratorOutcome,
  Placement,
  Runtime,
} from '../infra/runtimes/runtime.ts';
import { type EngineResult, engineResult } from '../record/engine.ts';
import type { TrialRecord } from '../record/trial.ts';
import { between, type Metered, type Reading, readAfter, readBefore } from './meters.ts';
import { type Plan, trialSeed } from './plan.ts';
import { invalidReasons, warnings } from './validity.ts';

export interface TrialSpec {
  readonly plan: Plan;
  readonly number: number;
  readonly block: number;
  /** Operations per second. */
  readonly rate: number;
  readonly placement: Placement;
  /** The trial's own folder; k6 writes its results there. */
  readonly folder: string;
  readonly signal: AbortSignal;
  onSecond(event: Extract<GeneratorEvent, { type: 'second' }>): void;
}

/** What the script of the scenario is told through its environment. */
export function scriptEnvironment(
  plan: Plan,
  url: string,
  folder: string,
  seed: number,
): Record<string, string> {
  return {
    SESSION_TARGET: url,
    SESSION_SESSIONS: String(plan.workload.sessions),
    SESSION_PAYLOAD: String(plan.workload.payloadBytes),
    SESSION_CONNECTIONS: String(plan.connections),
    SESSION_SEED: String(seed),
    SESSION_OUT: folder,
  };
}

async function readEngineResult(folder: string): Promise<EngineResult | null> {
  try {
    return engineResult.parse(JSON.parse(await readFile(path.join(folder, 'engine.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** Runs a step and keeps how long it took, in milliseconds. */
class Stopwatch {
  readonly timings: Record<string, number> = {};

  async time<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.add(step, performance.now() - started);
    }
  }

  add(step: string, milliseconds: number): void {
    this.timings[step] = Math.round((this.timings[step] ?? 0) + milliseconds);
  }
}

interface Driven {
  readonly outcome: GeneratorOutcome;
  readonly metered: Metered | null;
}

async function drive(
  runtime: Runtime,
  deployment: Deployment,
  spec: TrialSpec,
  watch: Stopwatch,
): Promise<Driven> {
  let before: Reading | null = null;
  let after: Reading | null = null;
  let phase = 'start';
  let phaseBegan = performance.now();
  const enter = (next: string): void => {
    const now = performance.now();
    watch.add(phase, now - phaseBegan);
    [phase, phaseBegan] = [next, now];
  };

  const outcome = await runtime.generate(deployment, {
    script: spec.plan.scenario.script,
    env: {
      ...scriptEnvironment(spec.plan, deployment.url, spec.folder, trialSeed(spec.plan, spec.block)),
      SESSION_RATE: String(spec.rate),
      SESSION_WARMUP: String(spec.plan.warmupSeconds),
      SESSION_DURATION: String(spec.plan.measureSeconds),
      ...(spec.plan.capacity && { SESSION_OVERTIME: String(spec.plan.capacity.overtimeSeconds) }),
    },
    outputFolder: spec.folder,
    placement: spec.placement,
    signal: spec.signal,
    async onEvent(event) {
      if (event.type === 'second') spec.onSecond(event);
      if (event.type === 'phase') enter(event.phase);
      if (event.type !== 'barrier') return;
      const measured = phase;
      enter('read counters');
      if (event.name === 'before-measure') before = await readBefore(deployment);
      else after = await readAfter(deployment);
      enter(measured);
    },
  });
  enter('done');
  return { outcome, metered: before && after ? between(before, after) : null };
}

function operationsOf(engine: EngineResult | null): TrialRecord['operations'] {
  return engine?.phases.measure.operations ?? {};
}

function answeredArrivals(operations: TrialRecord['operations']): number {
  return Object.entries(operations)
    .filter(([operation]) => operation !== 'probe')
    .map(
      ([, { count, errors }]) => count - errors.timeout - errors.connection - errors.server - errors.protocol,
    )
    .reduce((sum, each) => sum + each, 0);
}

/** Of a trial in which nothing was sent. */
export const noPacing: EngineResult['pacing'] = {
  arrivals: 0,
  dropped: 0,
  waited: 0,
  waitP99Micros: 0,
  waitMaxMicros: 0,
  lagP50Micros: 0,
  lagP99Micros: 0,
  lagMaxMicros: 0,
  redraws: 0,
  reconnects: 0,
};

/** Ends with a record in every case but a fault of session-bench itself; an invalid trial is a record too. */
export async function runTrial(
  runtime: Runtime,
  deployment: Deployment,
  spec: TrialSpec,
): Promise<TrialRecord> {
  const watch = new Stopwatch();
  const startedAt = new Date().toISOString();
  const exitsBefore = deployment.unexpectedExits().length;
  let failure: string | null = null;
  let driven: Driven | null = null;
  try {
    await watch.time('thaw', () => deployment.thaw());
    await watch.time('clear', () => deployment.clear());
    driven = await drive(runtime, deployment, spec, watch);
    if (driven.outcome.status === 'failed') {
      failure = `exit code ${driven.outcome.exitCode}; ${driven.outcome.lastLogLines.slice(-5).join(' | ')}`;
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const exits = deployment.unexpectedExits().slice(exitsBefore);
  if (exits.length === 0) await watch.time('freeze', () => deployment.freeze()).catch(() => {});
  await deployment.saveLogs(path.join(spec.folder, 'logs')).catch(() => {});

  const engine = await readEngineResult(spec.folder);
  const metered = driven?.metered ?? null;
  const operations = operationsOf(engine);
  const seconds = engine?.phases.measure.seconds ?? 0;
  const generator = engine?.phases.measure.usage ?? null;
  const evidence = {
    engine,
    generatorFailure: failure,
    exits,
    requests: {
      generator: engine?.phases.measure.requests ?? 0,
      balancer: metered?.requests.balancer ?? null,
      apps: metered ? [...metered.requests.apps] : null,
    },
    generatorCpuShare: generator && seconds > 0 ? generator.cpuMicros / 1e6 / seconds : 0,
    stealShare: metered?.stealShare ?? null,
    foreignShare: metered && generator ? metered.foreignShare(generator.cpuMicros) : null,
    interrupted: spec.signal.aborted,
    overtimeIsBounded: spec.plan.capacity !== undefined,
  };
  const reasons = invalidReasons(evidence);
  const rates = {
    offeredRate: spec.rate,
    achievedRate:
      seconds > 0 ? answeredArrivals(operations) / Math.max(seconds, spec.plan.measureSeconds) : 0,
    pacing: { ...(engine?.pacing ?? noPacing), generatorCpuShare: evidence.generatorCpuShare },
  };
  return {
    schemaVersion: 1,
    number: spec.number,
    block: spec.block,
    strategy: deployment.strategy.name,
    status: reasons.length === 0 ? 'valid' : 'invalid',
    reasons,
    warnings: engine ? warnings(rates) : [],
    startedAt,
    ...rates,
    measuredSeconds: seconds,
    operations,
    requests: evidence.requests,
    usage: {
      generator,
      balancer: metered?.usage.balancer ?? null,
      app: metered?.usage.app ?? null,
      store: metered?.usage.store ?? null,
    },
    stealShare: evidence.stealShare,
    foreignShare: evidence.foreignShare,
    promise: null,
    storeCommands: metered ? { ...metered.storeCommands } : null,
    timings: watch.timings,
  };
}
