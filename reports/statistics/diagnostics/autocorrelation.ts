/** Do neighbouring seconds of a trial resemble each other? Then they are no replicates, and only trials are. */
import { normalQuantile } from '../distributions/normal.ts';
import { mean } from '../order.ts';
import { CHECK_LEVEL, type Finding } from './finding.ts';

export interface Autocorrelation {
  /** Correlation of each value with the one before it, -1 to 1. */
  readonly lag1: number;
  /** How many independent values carry as much about the mean as the series: n(1-r)/(1+r) (Bayley & Hammersley 1946). */
  readonly effectiveCount: number;
  readonly count: number;
}

/** Fewer values than this make the normal limit of r useless. */
const FEWEST = 8;

/** Sample autocorrelation at lag 1 (Box & Jenkins); null for a constant series or below two values. */
export function lag1Autocorrelation(series: readonly number[]): number | null {
  const centre = mean(series);
  if (centre === null || series.length < 2 || !series.every(Number.isFinite)) return null;
  let shifted = 0;
  let total = 0;
  series.forEach((value, i) => {
    total += (value - centre) ** 2;
    const before = series[i - 1];
    if (before !== undefined) shifted += (value - centre) * (before - centre);
  });
  return total === 0 ? null : shifted / total;
}

/**
 * Seen where r at lag 1 exceeds what independent values give: z/√n above -1/n (Bartlett 1946; Anderson 1942).
 * @param series one value a second, in order of time
 */
export function checkAutocorrelation(series: readonly number[]): Finding<Autocorrelation> {
  if (series.length < FEWEST) return { status: 'unknown', why: `fewer than ${FEWEST} seconds` };
  const lag1 = lag1Autocorrelation(series);
  if (lag1 === null)
    return { status: 'unknown', why: 'the seconds are all equal, or one is no finite number' };
  const count = series.length;
  const limit = -1 / count + normalQuantile(1 - CHECK_LEVEL) / Math.sqrt(count);
  const effectiveCount = Math.min(count, Math.max(1, (count * (1 - lag1)) / (1 + lag1)));
  return { status: lag1 > limit ? 'seen' : 'not-seen', lag1, effectiveCount, count };
}
