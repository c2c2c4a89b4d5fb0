/** The value of a metric in one trial. */
import type { OperationName, Tier } from '../../record/common.ts';
import { operationNames, servingTiers, sumOf, tiers } from '../../record/common.ts';
import { inOrder, type Latency } from '../../record/latency.ts';
import { type LatencyStatistic, latencyStatistics, type Metric } from '../../record/metrics.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { clientOperations, rightAnswers } from '../../record/unanswered.ts';

/** What a trial's latencies are asked; `Latencies` of record/latency.ts are some. */
interface Percentiles {
  readonly answered: number;
  /** Null where nothing was due. */
  at(percentile: number): Latency | null;
  slowestAnswer(): number | null;
}

export interface OperationLatencies {
  readonly intended: Percentiles;
  readonly service: Percentiles;
}
type ByOperation = ReadonlyMap<OperationName, OperationLatencies>;

const source: Readonly<Record<LatencyStatistic, readonly ['intended' | 'service', number]>> = {
  p50: ['intended', 50],
  p90: ['intended', 90],
  p99: ['intended', 99],
  p999: ['intended', 99.9],
  serviceP50: ['service', 50],
  serviceP99: ['service', 99],
  serviceP999: ['service', 99.9],
};

/**
 * One metric of one valid trial: microseconds for latency and CPU per request, bytes for memory, requests per second
 * for rates, commands for what the store was sent. Null where the trial holds no value: an operation that did not occur, a
 * meter that could not be read. Infinite where it is worse than any number: a percentile among the operations without
 * a right answer, a cost of requests of which none had one.
 * @param hasStore false for a strategy without store processes (`sticky`), whose store then costs nothing
 */
export function trialValue(
  metric: Metric,
  record: TrialRecord,
  latencies: ByOperation,
  hasStore: boolean,
): number | null {
  if (metric === 'achievedRate') return achievedRateOf(record, latencies);
  if (metric === 'capacity') return null;
  if (metric === 'memory.app') return record.usage.app?.memoryBytes ?? null;
  if (metric === 'memory.store') return record.usage.store?.memoryBytes ?? null;
  if (metric === 'storeCommandsPerRequest') return perRightAnswer(record, storeCommandsOf(record));
  const tier = tiers.find((each) => metric === `cpuPerRequest.${each}`);
  if (tier !== undefined) return perRightAnswer(record, cpuOf(record, tier));
  if (metric === 'cpuPerRequest') {
    const used = servingTiers
      .filter((each) => each !== 'store' || hasStore)
      .map((each) => cpuOf(record, each));
    const sum = used.reduce<number | null>(
      (total, each) => (total === null || each === null ? null : total + each),
      0,
    );
    return perRightAnswer(record, sum);
  }
  const found = latencyOf(metric, latencies);
  return found === null ? null : inOrder(found);
}

const cpuOf = (record: TrialRecord, tier: Tier): number | null => record.usage[tier]?.cpuMicros ?? null;

/** All commands that the store was sent, as its own counters tell; null where they could not be read. */
export const storeCommandsOf = ({ storeCommands }: TrialRecord): number | null =>
  storeCommands && Object.values(storeCommands).reduce((sum, count) => sum + count, 0);

/**
 * What was spent on all requests for each that got a right answer: an answer that is wrong, or missing, is bought with
 * nothing. Infinite where none was right; null where it is not known, or there was no request.
 */
export function perRightAnswer(record: TrialRecord, total: number | null): number | null {
  if (total === null || record.requests.generator === 0) return null;
  const right = rightAnswers(record);
  return right > 0 ? total / right : Number.POSITIVE_INFINITY;
}

interface Answered extends Pick<TrialRecord, 'achievedRate' | 'operations'> {
  readonly pacing: Pick<TrialRecord['pacing'], 'answered'>;
}

/** Arrivals per second that got a right answer: the record's own rate is of answers, right or wrong. */
export function achievedRateOf(record: Answered, latencies: ByOperation): number {
  const right = clientOperations.reduce(
    (sum, name) => sum + (latencies.get(name)?.intended.answered ?? 0),
    0,
  );
  const answered = record.pacing.answered ?? answeredBefore(record);
  return answered > 0 ? record.achievedRate * Math.min(1, right / answered) : record.achievedRate;
}

/** As the rate of an older trial counted them: with the logins that repair a lost session. */
const answeredBefore = ({ operations }: Answered): number =>
  clientOperations.reduce((sum, name) => {
    const found = operations[name];
    return found ? sum + found.count - sumOf(found.errors) : sum;
  }, 0);

interface Source {
  readonly operation: OperationName;
  readonly kind: keyof OperationLatencies;
  readonly percentile: number;
}

/** Null for a metric that is no latency. */
function sourceOf(metric: Metric): Source | null {
  const operation = operationNames.find((each) => metric.startsWith(`${each}.`));
  const statistic = latencyStatistics.find((each) => metric.endsWith(`.${each}`));
  if (operation === undefined || statistic === undefined) return null;
  const [kind, percentile] = source[statistic];
  return { operation, kind, percentile };
}

/** In microseconds; null where no such operation was due, and for a metric that is no latency. */
export function latencyOf(metric: Metric, latencies: ByOperation): Latency | null {
  const asked = sourceOf(metric);
  return asked && (latencies.get(asked.operation)?.[asked.kind].at(asked.percentile) ?? null);
}

/** The slowest right answer to the metric's operation, in microseconds; null without one, and for no latency. */
export function slowestAnswer(metric: Metric, latencies: ByOperation): number | null {
  const asked = sourceOf(metric);
  return asked && (latencies.get(asked.operation)?.[asked.kind].slowestAnswer() ?? null);
}
