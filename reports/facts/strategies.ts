/** A strategy in figures, as `summary.json` keeps it. No number without a valid trial. */
import { type OperationName, operationNames } from '../../record/common.ts';
import { droppedIn, failedShare, failureIn, failureInWords } from '../../record/failure.ts';
import { inMilliseconds, type Latencies, type Latency } from '../../record/latency.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type ReadTrial, type ValidTrial, validTrialsOf } from '../../record/read/trials.ts';
import { type Reason, reasonOf } from '../../record/reasons.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { mean, median } from '../statistics/order.ts';
import { achievedRateOf } from '../statistics/trial-values.ts';
import { formatShare } from '../words/format.ts';
import { balanceOf } from './balance.ts';
import { concurrencyOf } from './concurrency.ts';
import { appRequests, knownCounts } from './counts.ts';
import { perTier } from './cpu.ts';
import { mergedMeasures } from './merged.ts';
import { cpuPerRequest } from './trials.ts';
import { nothingTried, type Tried, weaknessesOf } from './weaknesses.ts';

type Planned = ReadRun['record']['strategies'][number];
/** Some of the valid trials of a strategy. */
type Chosen = (trials: readonly ValidTrial[]) => readonly ValidTrial[];

export interface Behind {
  /** The trials that the numbers are of. */
  readonly numbers: Chosen;
  /** The trials that show whether the strategy answers at all. */
  readonly answers: Chosen;
  /** What arrivals that were never sent are: a failure, or, where the rate is raised until it is too high, an overload. */
  readonly dropped: 'failure' | 'overload';
}

/** @param tried the faults of a run, and what came of them */
export const summariseStrategies = (
  run: ReadRun,
  behind: Behind,
  tried: Tried = nothingTried,
): StrategySummary[] =>
  run.record.strategies.map((strategy) => {
    const figures = figuresOf(run, strategy, behind);
    return { ...figures, weaknesses: weaknessesOf(run, figures, tried) };
  });

function figuresOf(run: ReadRun, strategy: Planned, behind: Behind): Omit<StrategySummary, 'weaknesses'> {
  const { name, title, description, versions } = strategy;
  const trials = run.trials.filter((trial) => trial.strategy === name);
  const sound = validTrialsOf(run.trials, name);
  const shown = behind.answers(sound);
  const failure = failureReason(trials, shown, behind);
  const status = statusOf(trials, sound, failure);
  // What fails, fails fast: its latencies and its CPU time would praise it.
  const valid = failure === null ? behind.numbers(sound) : [];
  const counted = failure === null ? valid : shown;
  const known = knownCounts(trials);
  return {
    name,
    title,
    description,
    status,
    reasons: failure === null ? reasonsOf(status, strategy, trials, run) : [...strategy.reasons, failure],
    versions,
    trials: { valid: sound.length, invalid: trials.length - sound.length },
    offeredRate: mean(counted.map(({ record }) => record.offeredRate)),
    achievedRate: mean(counted.map(({ record, measures }) => achievedRateOf(record, measures.operations))),
    operations: Object.fromEntries(operationEntries(valid)),
    violations: known?.violations ?? null,
    errors: known?.errors ?? null,
    cpuMicrosPerRequest: perTier((tier) => mean(knownOf(valid, (trial) => cpuPerRequest(trial, tier)))),
    memoryBytes: {
      app: median(knownOf(valid, ({ record }) => record.usage.app?.memoryBytes ?? null)),
      store: median(knownOf(valid, ({ record }) => record.usage.store?.memoryBytes ?? null)),
    },
    concurrency: concurrencyOf(valid),
    requests: {
      generator: sumOrNull(counted, ({ record }) => record.requests.generator),
      balancer: sumOrNull(counted, ({ record }) => record.requests.balancer),
      byBalancer: sumOrNull(counted, ({ record }) => record.requests.byBalancer),
      apps: sumOrNull(counted, ({ record }) => appRequests(record)),
    },
    balance: balanceOf(valid),
  };
}

function statusOf(
  trials: readonly ReadTrial[],
  sound: readonly ValidTrial[],
  failure: Reason | null,
): StrategySummary['status'] {
  if (failure !== null) return 'failed';
  return sound.length > 0 ? 'valid' : trials.length > 0 ? 'invalid' : 'not-measured';
}

/** Why a strategy has failed; null where it has not. One that lets nobody log in has no valid trial to show it. */
function failureReason(
  trials: readonly ReadTrial[],
  shown: readonly ValidTrial[],
  { dropped }: Behind,
): Reason | null {
  const records = shown.map(({ record }) => record);
  const failure = failureIn(
    records.map(({ operations }) => operations),
    dropped === 'failure' ? droppedIn(records) : 0,
  );
  if (failure !== null) {
    const { requests, unanswered } = failure;
    const share = `${formatShare(unanswered / requests)}, and more than ${formatShare(failedShare)} is a failure`;
    return reasonOf('strategy-failed', `${failureInWords(failure)} (${share})`);
  }
  if (shown.length > 0) return null;
  const shut = trials
    .flatMap((trial) => (trial.kind === 'invalid' ? trial.record.reasons : []))
    .find(({ code }) => code === 'logins-failed');
  return shut ? reasonOf('strategy-failed', shut.message, shut.remedy) : null;
}

function reasonsOf(
  status: StrategySummary['status'],
  strategy: Planned,
  trials: readonly ReadTrial[],
  { record }: ReadRun,
): StrategySummary['reasons'] {
  if (status === 'valid') return strategy.reasons;
  const ofTrials = trials.flatMap((trial) => {
    if (trial.kind === 'invalid') return trial.record.reasons;
    return trial.kind === 'valid' ? [] : [trial.reason];
  });
  const all = [...strategy.reasons, ...ofTrials];
  if (all.length > 0) return all;
  // A run that went on to its end had trials of all that it planned.
  const isMissing = record.status === 'finished' && record.plan.order.flat().includes(strategy.name);
  return [
    isMissing
      ? reasonOf('missing-trials', 'none of its planned trials has a folder under trials/')
      : reasonOf('not-reached', 'the run ended before a trial of this strategy began'),
  ];
}

function operationEntries(
  trials: readonly ValidTrial[],
): [OperationName, NonNullable<StrategySummary['operations'][OperationName]>][] {
  return operationNames.flatMap((operation) => {
    const { intended, service } = mergedMeasures(trials, operation);
    if (intended.due === 0) return [];
    const milliseconds = (of: Latencies, percentile: number): Latency =>
      inMilliseconds(of.at(percentile) ?? 'no answer');
    return [
      [
        operation,
        {
          count: sumOrNull(trials, ({ record }) => record.operations[operation]?.count ?? 0) ?? 0,
          unanswered: intended.due - intended.answered,
          p50Ms: milliseconds(intended, 50),
          p90Ms: milliseconds(intended, 90),
          p99Ms: milliseconds(intended, 99),
          p999Ms: milliseconds(intended, 99.9),
          maxMs: milliseconds(intended, 100),
          serviceP50Ms: milliseconds(service, 50),
          serviceP99Ms: milliseconds(service, 99),
          serviceP999Ms: milliseconds(service, 99.9),
        },
      ],
    ];
  });
}

type ValueOf = (trial: ValidTrial) => number | null;

const knownOf = (trials: readonly ValidTrial[], value: ValueOf): number[] =>
  trials.map(value).filter((each) => each !== null);

/** Null unless every trial has the value, so that a sum never mixes trials with and without it. */
function sumOrNull(trials: readonly ValidTrial[], value: ValueOf): number | null {
  const values = knownOf(trials, value);
  if (values.length === 0 || values.length < trials.length) return null;
  return values.reduce((sum, each) => sum + each, 0);
}
