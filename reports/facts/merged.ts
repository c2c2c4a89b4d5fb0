/** Latencies of several trials together: their histograms merged, never their percentiles averaged. */
import type { OperationName } from '../../record/common.ts';
import { Latencies } from '../../record/latency.ts';
import type { OperationMeasures } from '../../record/read/histograms.ts';
import type { ValidTrial } from '../../record/read/trials.ts';

export function mergedMeasures(trials: readonly ValidTrial[], operation: OperationName): OperationMeasures {
  const merged = { intended: new Latencies(), service: new Latencies() };
  for (const { measures } of trials) {
    const part = measures.operations.get(operation);
    if (!part) continue;
    merged.intended.add(part.intended);
    merged.service.add(part.service);
  }
  return merged;
}

/** A percentile is taken from the largest values; this many of them at least should lie beyond it. */
export const enoughBeyond = 10;

/** Whether a percentile (0 to 100) of `count` values has too few values beyond it to be trusted. */
export const isThin = (count: number, percentile: number): boolean =>
  beyond(count, percentile) < enoughBeyond - 1e-6;

/** Whether not one value lies beyond the percentile: what is given for it is the largest value, and says nothing of it. */
export const isUnseen = (count: number, percentile: number): boolean => beyond(count, percentile) < 1 - 1e-6;

const beyond = (count: number, percentile: number): number => count * (1 - percentile / 100);
