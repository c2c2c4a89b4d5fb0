/** By how much another run may find other CPU times of a request than this one did. */
import type { Summary, TrialSummary } from '../../record/summary.ts';
import { togetherOf } from './evidence.ts';

/**
 * What runs of one strategy on one machine at one rate were seen to differ by, however alike the trials of each were: between two runs
 * processes are started, compiled and placed anew (docs/measurements/2026-11-27-runs-differ.md).
 */
export const leastCpuNoise = 0.05;

/** As a share: two standard errors of the mean over the trials of a run at one rate, and `leastCpuNoise` at the least. */
export function cpuNoiseIn({ design, trials }: Pick<Summary, 'design' | 'trials'>, strategy: string): number {
  // A search has its trials at many rates, each with times of its own.
  if (design.kind === 'search') return leastCpuNoise;
  const micros = trials.filter((trial) => trial.strategy === strategy).flatMap(servingMicros);
  return Math.max(leastCpuNoise, 2 * relativeStandardError(micros));
}

/** None where it could not be read, or the trial is not valid; sessions in apps have no store. */
function servingMicros({ cpuMicrosPerRequest: { balancer, app, store } }: TrialSummary): readonly number[] {
  return balancer === null || app === null ? [] : [togetherOf({ balancer, app, store })];
}

/** Of the mean, as a share of it; 0 below two values, which say nothing of their spread. */
function relativeStandardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length) / mean;
}
