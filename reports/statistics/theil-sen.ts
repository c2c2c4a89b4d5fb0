/** A straight line through points of which some lie far off: the median of the slopes between all pairs. */
import { groupedInversions } from './distributions/kendall.ts';
import { ascending, quantileOfSorted } from './order.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Slopes between all pairs of points with different x, ascending. */
function pairSlopes(points: readonly Point[]): number[] {
  const slopes: number[] = [];
  for (const [i, one] of points.entries())
    for (const other of points.slice(i + 1)) {
      const run = other.x - one.x;
      // A nought has no sign.
      if (run !== 0) slopes.push((other.y - one.y) / run + 0);
    }
  return ascending(slopes);
}

/** Median of the slopes of all pairs, in units of y per unit of x (Theil 1950; Sen 1968); null without two different x. */
export const theilSenSlope = (x: readonly number[], y: readonly number[]): number | null =>
  quantileOfSorted(pairSlopes(x.map((each, i) => ({ x: each, y: y[i] ?? Number.NaN }))), 0.5);

export interface SlopeInterval {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  /** Probability with which the interval holds the slope: at least the level, or the most that so few points can carry. */
  readonly coverage: number;
}

/**
 * Theil–Sen slope with the interval of Sen (1968, J. Am. Stat. Assoc. 63:1379): slopes that the test of Kendall's S does not
 * reject. Exact where y has no ties, also for several points at one x: S is then that of Jonckheere and Terpstra. Where the points are too few
 * for the level, the interval is from the lowest to the highest slope, with its own coverage.
 * @param level 0 to 1, for example 0.95
 * @returns null without two different x
 */
export function theilSen(points: readonly Point[], level: number): SlopeInterval | null {
  const slopes = pairSlopes(points);
  const slope = quantileOfSorted(slopes, 0.5);
  if (slope === null) return null;
  const sizes = [...Map.groupBy(points, ({ x }) => x).values()].map(({ length }) => length);
  // In one order, so that rounding is the same for all orders of points.
  const groups = ascending(sizes);
  const { left, coverage } = slopesLeftOut(groupedInversions(groups), 1 - level);
  const [low = slope, high = slope] = [slopes[left], slopes.at(-1 - left)];
  return { slope, low, high, coverage };
}

/**
 * How many slopes may be left out at each end: so many that both tails together are no more likely than `risk`.
 * @param shares probability of each number of pairs that fall, if y does not depend on x
 */
function slopesLeftOut(
  shares: Float64Array,
  risk: number,
): { readonly left: number; readonly coverage: number } {
  let tail = shares[0] ?? 1;
  let left = 0;
  // The line through all points has at most `left` slopes below it with the probability of `tail`.
  for (let next = shares[1] ?? 1; 2 * (tail + next) <= risk; next = shares[left + 1] ?? 1) {
    tail += next;
    left += 1;
  }
  return { left, coverage: Math.max(0, 1 - 2 * tail) };
}
