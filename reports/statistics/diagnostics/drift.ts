/** Does a metric move from block to block? */
import { kendallTwoSided } from '../distributions/kendall.ts';
import { normalCdf } from '../distributions/normal.ts';
import { tieSizes } from '../order.ts';
import { theilSenSlope } from '../theil-sen.ts';
import { CHECK_LEVEL, type Finding } from './finding.ts';

export interface Trend {
  /** Mann–Kendall's S: rising pairs less falling pairs. */
  readonly s: number;
  /** Two-sided. */
  readonly p: number;
}

/** `p` cannot fall below the level with fewer blocks: 2/5! = 0.017. */
const FEWEST = 6;

/**
 * Mann–Kendall test for a monotone trend (Mann 1945; Kendall 1975). Exact without ties; with ties the normal limit
 * with the variance for ties and without continuity correction, as SciPy's `kendalltau` has it.
 * @returns null below two values
 */
export function mannKendall(series: readonly number[]): Trend | null {
  const n = series.length;
  if (n < 2 || series.some(Number.isNaN)) return null;
  let s = 0;
  for (let i = 0; i < n; i += 1)
    for (let j = i + 1; j < n; j += 1) {
      const [early, late] = [series[i] ?? 0, series[j] ?? 0];
      s += late > early ? 1 : late < early ? -1 : 0;
    }
  const ties = tieSizes(series);
  if (ties.length === 0) return { s, p: kendallTwoSided(s, n) };
  const spread = (size: number) => size * (size - 1) * (2 * size + 5);
  const variance = (spread(n) - ties.reduce((sum, size) => sum + spread(size), 0)) / 18;
  return { s, p: variance === 0 ? 1 : 2 * normalCdf(-Math.abs(s) / Math.sqrt(variance)) };
}

export interface Drift extends Trend {
  /** Ratio of the metric from one block to the next; 1.01 is 1 % a block. */
  readonly ratioPerBlock: number;
}

/**
 * Seen where Mann–Kendall's p is below the level.
 * @param trials value of one metric of one strategy for each block, positive
 */
export function checkDrift(
  trials: readonly { readonly block: number; readonly value: number }[],
): Finding<Drift> {
  if (trials.length < FEWEST) return { status: 'unknown', why: `fewer than ${FEWEST} blocks` };
  if (!trials.every(({ value }) => value > 0 && Number.isFinite(value)))
    return { status: 'unknown', why: 'a value is zero or no finite number' };
  const inOrder = [...trials].sort((a, b) => a.block - b.block);
  const logs = inOrder.map(({ value }) => Math.log(value));
  const trend = mannKendall(inOrder.map(({ value }) => value));
  const slope = theilSenSlope(
    inOrder.map(({ block }) => block),
    logs,
  );
  if (trend === null || slope === null) return { status: 'unknown', why: 'all trials are of one block' };
  return { status: trend.p < CHECK_LEVEL ? 'seen' : 'not-seen', ...trend, ratioPerBlock: Math.exp(slope) };
}
