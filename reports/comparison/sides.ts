/** Two sides of one strategy, and what their trials hold. */
import type { ReadRun } from '../read.ts';
import type { OperationName } from '../schema/common.ts';
import { operationNames } from '../schema/common.ts';
import { latencyMetrics, type Metric } from '../statistics/metrics.ts';
import { mean } from '../statistics/order.ts';
import type { Observation } from '../statistics/paired.ts';
import { trialValue } from '../statistics/trial-values.ts';
import { mergedMeasures, type ValidTrial, validTrialsOf } from '../summary.ts';

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

export const trialsOf = ({ run, name }: Side): ValidTrial[] => validTrialsOf(run, name);

/** True where server processes of the strategy's own were metered. */
const hasStore = (trials: readonly ValidTrial[]): boolean =>
  trials.some(({ record }) => (record.usage.store?.memoryBytes ?? 0) > 0);

/** A metric of servers that neither side has cannot be judged, and need not be. */
export function applies(metric: Metric, { baseline, candidate }: ComparedStrategy): boolean {
  if (metric !== 'cpuPerRequest.store' && metric !== 'memory.store') return true;
  return [baseline, candidate].some((side) => {
    const trials = trialsOf(side);
    return trials.length === 0 || hasStore(trials);
  });
}

/** One for each block that the side was measured in; null where no trial of the block is valid. */
export function observations(side: Side, metric: Metric): readonly Observation[] {
  const valid = trialsOf(side);
  const own = hasStore(valid);
  const measured = valid.map(({ record, measures }) => ({
    block: record.block,
    value: trialValue(metric, record, measures.operations, own),
  }));
  const known = new Set(measured.map(({ block }) => block));
  const lost = new Set(
    side.run.trials
      .filter((trial) => trial.strategy === side.name && trial.kind === 'invalid')
      .flatMap((trial) => (trial.kind === 'invalid' ? [trial.record.block] : []))
      .filter((block) => !known.has(block)),
  );
  return [...measured, ...[...lost].map((block) => ({ block, value: null }))];
}

/** Of all valid trials together: a percentile of merged histograms in microseconds, or a mean. Null without a trial. */
export function overall(side: Side, metric: Metric): number | null {
  const trials = trialsOf(side);
  const [first] = trials;
  if (!first) return null;
  const own = hasStore(trials);
  if (!latencyMetrics.some((latency) => latency === metric))
    return mean(
      trials
        .map(({ record, measures }) => trialValue(metric, record, measures.operations, own))
        .filter((value) => value !== null),
    );
  const merged = new Map<OperationName, ReturnType<typeof mergedMeasures>>(
    operationNames.map((operation) => [operation, mergedMeasures(trials, operation)]),
  );
  return trialValue(metric, first.record, merged, own);
}
