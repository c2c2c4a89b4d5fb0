/** The value of a metric in one trial. */
import type { OperationName, Tier } from '../../record/common.ts';
import { operationNames, servingTiers, tiers } from '../../record/common.ts';
import { type LatencyStatistic, latencyStatistics, type Metric } from '../../record/metrics.ts';
import type { TrialRecord } from '../../record/trial.ts';

/** What a trial's histograms are asked; `Histogram` of record/histogram.ts is one. */
interface Percentiles {
  readonly total: number;
  valueAt(percentile: number): number;
}

export interface OperationHistograms {
  readonly intended: Percentiles;
  readonly service: Percentiles;
}

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
 * meter that could not be read.
 * @param hasStore false for a strategy without store processes (`sticky`), whose store then costs nothing
 */
export function trialValue(
  metric: Metric,
  record: TrialRecord,
  histograms: ReadonlyMap<OperationName, OperationHistograms>,
  hasStore: boolean,
): number | null {
  if (metric === 'achievedRate') return record.achievedRate;
  if (metric === 'capacity') return null;
  if (metric === 'memory.app') return record.usage.app?.memoryBytes ?? null;
  if (metric === 'memory.store') return record.usage.store?.memoryBytes ?? null;
  if (metric === 'storeCommandsPerRequest') return perRequest(record, storeCommandsOf(record));
  const tier = tiers.find((each) => metric === `cpuPerRequest.${each}`);
  if (tier !== undefined) return perRequest(record, cpuOf(record, tier));
  if (metric === 'cpuPerRequest') {
    const used = servingTiers
      .filter((each) => each !== 'store' || hasStore)
      .map((each) => cpuOf(record, each));
    const sum = used.reduce<number | null>(
      (total, each) => (total === null || each === null ? null : total + each),
      0,
    );
    return perRequest(record, sum);
  }
  return latencyOf(metric, histograms);
}

const cpuOf = (record: TrialRecord, tier: Tier): number | null => record.usage[tier]?.cpuMicros ?? null;

/** All commands that the store was sent, as its own counters tell; null where they could not be read. */
export const storeCommandsOf = ({ storeCommands }: TrialRecord): number | null =>
  storeCommands && Object.values(storeCommands).reduce((sum, count) => sum + count, 0);

const perRequest = (record: TrialRecord, total: number | null): number | null =>
  total === null || record.requests.generator === 0 ? null : total / record.requests.generator;

function latencyOf(
  metric: Metric,
  histograms: ReadonlyMap<OperationName, OperationHistograms>,
): number | null {
  const operation = operationNames.find((each) => metric.startsWith(`${each}.`));
  const statistic = latencyStatistics.find((each) => metric.endsWith(`.${each}`));
  if (operation === undefined || statistic === undefined) return null;
  const [kind, percentile] = source[statistic];
  const histogram = histograms.get(operation)?.[kind];
  return histogram === undefined || histogram.total === 0 ? null : histogram.valueAt(percentile);
}
