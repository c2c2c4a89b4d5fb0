/** Two sides of one strategy, and what their trials hold. */

import { operationNames } from '../../record/common.ts';
import type { Latency } from '../../record/latency.ts';
import { isLatency, type Metric } from '../../record/metrics.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { type ValidTrial, validTrialsOf } from '../../record/read/trials.ts';
import { observationsOf } from '../facts/comparisons.ts';
import { mergedMeasures } from '../facts/merged.ts';
import { mean } from '../statistics/order.ts';
import type { Observation } from '../statistics/paired.ts';
import { latencyOf, storeCommandsOf } from '../statistics/trial-values.ts';

export interface Side {
  readonly run: ReadRun;
  /** Its name among the strategies of that run. */
  readonly name: string;
}

export interface ComparedStrategy {
  /** For people: as both sides call it. */
  readonly strategy: string;
  readonly baseline: Side;
  readonly candidate: Side;
}

export const trialsOf = ({ run, name }: Side): ValidTrial[] => validTrialsOf(run.trials, name);

/** True where server processes of the strategy's own were metered. */
const hasStore = (trials: readonly ValidTrial[]): boolean =>
  trials.some(({ record }) => (record.usage.store?.memoryBytes ?? 0) > 0);

const countsCommands = (trials: readonly ValidTrial[]): boolean =>
  trials.some(({ record }) => (storeCommandsOf(record) ?? 0) > 0);

const servedBy: Partial<Record<Metric, (trials: readonly ValidTrial[]) => boolean>> = {
  'cpuPerRequest.store': hasStore,
  'memory.store': hasStore,
  storeCommandsPerRequest: countsCommands,
};

/** A metric of servers that neither side has, or of counters that neither has, cannot be judged, and need not be. */
export function applies(metric: Metric, { baseline, candidate }: ComparedStrategy): boolean {
  const has = servedBy[metric];
  if (!has) return true;
  return [baseline, candidate].some((side) => {
    const trials = trialsOf(side);
    return trials.length === 0 || has(trials);
  });
}

/** One for each block that the side was measured in; null where no trial of the block is valid. */
export function observations({ run, name }: Side, metric: Metric): readonly Observation[] {
  const measured = observationsOf(run, name, metric);
  const known = new Set(measured.map(({ block }) => block));
  const invalid = run.trials.flatMap((trial) =>
    trial.strategy === name && trial.kind === 'invalid' ? [trial.record.block] : [],
  );
  const lost = new Set(invalid.filter((block) => !known.has(block)));
  return [...measured, ...[...lost].map((block) => ({ block, value: null }))];
}

/**
 * Of all valid trials together: a percentile of merged histograms in microseconds, or a mean, `no answer` where a trial
 * has none. Null without a trial.
 */
export function overall(side: Side, metric: Metric): Latency | null {
  const trials = trialsOf(side);
  if (!isLatency(metric)) {
    const values = observationsOf(side.run, side.name, metric).flatMap(({ value }) => value ?? []);
    const found = mean(values);
    return found === null || Number.isFinite(found) ? found : 'no answer';
  }
  const merged = operationNames.map((operation) => [operation, mergedMeasures(trials, operation)] as const);
  return latencyOf(metric, new Map(merged));
}
