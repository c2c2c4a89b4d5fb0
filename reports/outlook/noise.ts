/** How much trials of one strategy differ though nothing else does: what a run that is planned may expect. */
import type { OperationName } from '../../record/common.ts';
import type { Metric } from '../../record/metrics.ts';
import type { ReadRun } from '../../record/read/run.ts';
import { judgedMetrics, observationsOf } from '../facts/comparisons.ts';
import { fitBlockDesign } from '../statistics/block-design.ts';

export type JudgedMetric = (typeof judgedMetrics)[number];

/** Standard deviation of the paired log ratio of two strategies, about 0.05 for 5 %; of the metrics that are known. */
export type PairNoise = ReadonlyMap<JudgedMetric, number>;

/** Fewer degrees of freedom leave a variance unknown to more than a factor of two. */
const FEWEST_FREEDOM = 4;

/** Of what was measured, all runs together; a metric is missing where they are too short to know it. */
export function noiseOf(runs: readonly ReadRun[]): PairNoise {
  return new Map(
    judgedMetrics.flatMap((metric): [JudgedMetric, number][] => {
      const fits = runs.map((run) => fitBlockDesign(observed(run, metric)));
      const freedom = fits.reduce((sum, fit) => sum + fit.freedom, 0);
      const squares = fits.reduce((sum, fit) => sum + fit.freedom * (fit.variance ?? 0), 0);
      return freedom < FEWEST_FREEDOM ? [] : [[metric, Math.sqrt((2 * squares) / freedom)]];
    }),
  );
}

/** A trial without an answer tells no noise. */
const observed = (run: ReadRun, metric: Metric) =>
  run.record.strategies.map(({ name }) =>
    observationsOf(run, name, metric).map(({ block, value }) => ({
      block,
      value: value !== null && Number.isFinite(value) && value > 0 ? value : null,
    })),
  );

/** Where nothing fitting is stored: as measured on 2 cores of a shared machine (docs/measurements, many short trials). */
const assumed: Readonly<Record<JudgedMetric, number>> = {
  cpuPerRequest: 0.12,
  'read.p50': 0.12,
  'write.p50': 0.16,
  'read.p99': 0.85,
};

const operationOf: Readonly<Record<JudgedMetric, OperationName | null>> = {
  cpuPerRequest: null,
  'read.p50': 'read',
  'write.p50': 'write',
  'read.p99': 'read',
};

/** @param mix shares of the scenario's operations */
export const assumedNoise = (mix: Readonly<Partial<Record<OperationName, number>>>): PairNoise =>
  new Map(
    judgedMetrics.flatMap((metric): [JudgedMetric, number][] => {
      const operation = operationOf[metric];
      return operation === null || (mix[operation] ?? 0) > 0 ? [[metric, assumed[metric]]] : [];
    }),
  );
