/** Derives `summary.json` from a run as it was read: sums, merged histograms, means over trials. No number without a valid trial. */

import {
  type Errors,
  type OperationName,
  operationNames,
  type Tier,
  tiers,
  type Violations,
} from '../record/common.ts';
import { Histogram } from '../record/histogram.ts';
import type { ReadRun } from '../record/read/run.ts';
import type { ReadTrial } from '../record/read/trials.ts';
import { type ValidTrial, validTrialsOf } from '../record/read/trials.ts';
import { type StrategySummary, SUMMARY_VERSION, type Summary, type TrialSummary } from '../record/summary.ts';
import { answer } from './answer.ts';
import { behindNumbers, summaryDesignOf } from './capacity.ts';
import { compareStrategies } from './comparisons.ts';
import { diagnose } from './diagnoses.ts';
import { findings } from './findings.ts';

export function summarise(run: ReadRun): Summary {
  const strategies = run.record.strategies.map((strategy) => summariseStrategy(run, strategy));
  const facts = {
    schemaVersion: SUMMARY_VERSION,
    runId: run.record.runId,
    status: run.record.status === 'running' ? 'interrupted' : run.record.status,
    runtime: run.record.runtime,
    scenario: run.record.scenario.name,
    preset: run.record.preset,
    seed: run.record.seed,
    startedAt: run.record.startedAt,
    design: summaryDesignOf(run),
    plan: {
      warmupSeconds: run.record.plan.warmupSeconds,
      measureSeconds: run.record.plan.measureSeconds,
      connections: run.record.plan.connections,
      apps: run.record.plan.apps,
    },
    host: run.record.host,
    placement: run.record.placement,
    versions: run.record.versions,
    strategies,
    trials: run.trials.map(summariseTrial),
    // The trials of a search are at many rates, each strategy's at its own.
    ...(run.record.design.kind === 'search'
      ? { comparisons: [], rankings: [] }
      : compareStrategies(run, strategies)),
    diagnostics: run.record.design.kind === 'search' ? [] : diagnose(run, strategies),
  } as const;
  return {
    ...facts,
    versions: [...facts.versions],
    answer: answer(facts),
    findings: findings(facts, run),
  };
}

function summariseStrategy(run: ReadRun, strategy: ReadRun['record']['strategies'][number]): StrategySummary {
  const trials = run.trials.filter((trial) => trial.strategy === strategy.name);
  const sound = validTrialsOf(run.trials, strategy.name);
  const valid = behindNumbers(run, sound);
  const status = sound.length > 0 ? 'valid' : trials.length > 0 ? 'invalid' : 'not-measured';
  return {
    name: strategy.name,
    title: strategy.title,
    description: strategy.description,
    status,
    reasons: reasonsOf(status, strategy, trials),
    versions: strategy.versions,
    trials: { valid: sound.length, invalid: trials.length - sound.length },
    offeredRate: meanOf(valid, (trial) => trial.record.offeredRate),
    achievedRate: meanOf(valid, (trial) => trial.record.achievedRate),
    operations: Object.fromEntries(operationEntries(valid)),
    violations: violationsOf(trials),
    errors: errorsOf(trials),
    cpuMicrosPerRequest: perTier((tier) => meanOf(valid, (trial) => cpuPerRequest(trial, tier))),
    memoryBytes: {
      app: medianOf(valid, (trial) => trial.record.usage.app?.memoryBytes ?? null),
      store: medianOf(valid, (trial) => trial.record.usage.store?.memoryBytes ?? null),
    },
    requests: {
      generator: sumOrNull(valid, (trial) => trial.record.requests.generator) ?? 0,
      balancer: sumOrNull(valid, (trial) => trial.record.requests.balancer),
      apps: sumOrNull(valid, (trial) => appRequests(trial)),
    },
  };
}

function reasonsOf(
  status: StrategySummary['status'],
  strategy: ReadRun['record']['strategies'][number],
  trials: readonly ReadTrial[],
): StrategySummary['reasons'] {
  if (status === 'valid') return strategy.reasons;
  const ofTrials = trials.flatMap((trial) => {
    if (trial.kind === 'invalid') return trial.record.reasons;
    return trial.kind === 'valid' ? [] : [trial.reason];
  });
  const all = [...strategy.reasons, ...ofTrials];
  if (all.length > 0) return all;
  return [
    {
      code: 'not-reached',
      message: 'The run ended before a trial of this strategy began.',
      remedy: 'Let a run go on to its end.',
    },
  ];
}

/** The merged histograms of an operation over trials. */
export function mergedMeasures(
  trials: readonly ValidTrial[],
  operation: OperationName,
): { readonly intended: Histogram; readonly service: Histogram } {
  const merged = { intended: new Histogram(), service: new Histogram() };
  for (const { measures } of trials) {
    const part = measures.operations.get(operation);
    if (!part) continue;
    merged.intended.add(part.intended);
    merged.service.add(part.service);
  }
  return merged;
}

function operationEntries(
  trials: readonly ValidTrial[],
): [OperationName, NonNullable<StrategySummary['operations'][OperationName]>][] {
  return operationNames.flatMap((operation) => {
    const { intended, service } = mergedMeasures(trials, operation);
    if (intended.total === 0) return [];
    const count = sumOrNull(trials, (trial) => trial.record.operations[operation]?.count ?? 0) ?? 0;
    const [p50 = 0, p90 = 0, p99 = 0, p999 = 0] = intended.valuesAt([50, 90, 99, 99.9]);
    const [serviceP50 = 0, serviceP99 = 0, serviceP999 = 0] = service.valuesAt([50, 99, 99.9]);
    return [
      [
        operation,
        {
          count,
          p50Ms: p50 / 1000,
          p90Ms: p90 / 1000,
          p99Ms: p99 / 1000,
          p999Ms: p999 / 1000,
          maxMs: intended.max() / 1000,
          serviceP50Ms: serviceP50 / 1000,
          serviceP99Ms: serviceP99 / 1000,
          serviceP999Ms: serviceP999 / 1000,
        },
      ],
    ];
  });
}

/** Counts of a trial, whatever became of it: of its own record, or else of what the engine wrote last. */
function operationCounts(
  trial: ReadTrial,
): readonly { readonly violations: Violations; readonly errors: Errors }[] {
  const record = trial.kind === 'unfinished' ? null : trial.record;
  if (record) return Object.values(record.operations);
  const engine = trial.kind === 'unfinished' || trial.kind === 'unreadable' ? trial.engine : null;
  return engine ? Object.values(engine.phases.measure.operations) : [];
}

export function violationsOf(trials: readonly ReadTrial[]): Violations {
  const sum: Violations = { lost: 0, stale: 0, resurrected: 0, crossed: 0 };
  for (const { violations } of trials.flatMap(operationCounts)) {
    sum.lost += violations.lost;
    sum.stale += violations.stale;
    sum.resurrected += violations.resurrected;
    sum.crossed += violations.crossed;
  }
  return sum;
}

export function errorsOf(trials: readonly ReadTrial[]): Errors {
  const sum: Errors = { timeout: 0, connection: 0, server: 0, protocol: 0 };
  for (const { errors } of trials.flatMap(operationCounts)) {
    sum.timeout += errors.timeout;
    sum.connection += errors.connection;
    sum.server += errors.server;
    sum.protocol += errors.protocol;
  }
  return sum;
}

export function appRequests(trial: Extract<ReadTrial, { kind: 'valid' | 'invalid' }>): number | null {
  const { apps } = trial.record.requests;
  return apps === null ? null : apps.reduce((sum, each) => sum + each, 0);
}

function cpuPerRequest(trial: ValidTrial, tier: Tier): number | null {
  const usage = trial.record.usage[tier];
  const requests = trial.record.requests.generator;
  return usage === null || requests === 0 ? null : usage.cpuMicros / requests;
}

function perTier(value: (tier: Tier) => number | null): Record<Tier, number | null> {
  return {
    generator: value('generator'),
    balancer: value('balancer'),
    app: value('app'),
    store: value('store'),
  };
}

/** CPU time per request of the tiers that serve (not the generator), in microseconds; null where none is known. */
export function servingCpu(cpu: Readonly<Record<Tier, number | null>>): number | null {
  const known = tiers.filter((tier) => tier !== 'generator').map((tier) => cpu[tier]);
  if (cpu.app === null) return null;
  return known.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

function summariseTrial(trial: ReadTrial): TrialSummary {
  const nothing = {
    achievedRate: null,
    readP50Ms: null,
    readP99Ms: null,
    writeP50Ms: null,
    cpuMicrosPerRequest: perTier(() => null),
  };
  const identity = { number: trial.number, strategy: trial.strategy };
  if (trial.kind === 'unfinished' || trial.kind === 'unreadable') {
    const block = trial.kind === 'unreadable' ? (trial.record?.block ?? null) : null;
    const judged = { reasons: [trial.reason], warnings: [], promise: null };
    return { ...identity, block, status: trial.kind, ...judged, ...nothing };
  }
  const { block, reasons, warnings, promise = null } = trial.record;
  if (trial.kind === 'invalid')
    return { ...identity, block, status: 'invalid', reasons, warnings, promise, ...nothing };
  const reads = trial.measures.operations.get('read')?.intended;
  const writes = trial.measures.operations.get('write')?.intended;
  const [p50, p99] = reads ? reads.valuesAt([50, 99]) : [];
  const [writeP50] = writes ? writes.valuesAt([50]) : [];
  return {
    ...identity,
    block,
    status: 'valid',
    reasons,
    warnings,
    promise,
    achievedRate: trial.record.achievedRate,
    readP50Ms: p50 === undefined ? null : p50 / 1000,
    readP99Ms: p99 === undefined ? null : p99 / 1000,
    writeP50Ms: writeP50 === undefined ? null : writeP50 / 1000,
    cpuMicrosPerRequest: perTier((tier) => cpuPerRequest(trial, tier)),
  };
}

function known(
  trials: readonly ValidTrial[],
  value: (trial: ValidTrial) => number | null,
): readonly number[] {
  return trials.map(value).filter((each) => each !== null);
}

/** Null unless every trial has the value, so that a sum never mixes trials with and without it. */
function sumOrNull(
  trials: readonly ValidTrial[],
  value: (trial: ValidTrial) => number | null,
): number | null {
  const values = known(trials, value);
  return values.length === 0 || values.length < trials.length
    ? null
    : values.reduce((sum, each) => sum + each, 0);
}

function meanOf(trials: readonly ValidTrial[], value: (trial: ValidTrial) => number | null): number | null {
  const values = known(trials, value);
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
}

function medianOf(trials: readonly ValidTrial[], value: (trial: ValidTrial) => number | null): number | null {
  const sorted = [...known(trials, value)].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
