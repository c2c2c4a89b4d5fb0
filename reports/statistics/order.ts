/** Order statistics of plain lists of numbers. All give null for an empty list: a number is never made up. */

export const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/**
 * Quantile with linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, numpy's default).
 * For lists of trial values; percentiles of latency come from merged histograms instead.
 * @param share 0 to 1
 */
export function quantile(values: readonly number[], share: number): number | null {
  return quantileOfSorted(ascending(values), share);
}

/** `quantile` of a list that ascends already. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number | null {
  if (sorted.length === 0 || !(share >= 0 && share <= 1)) return null;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return position === below || low === high ? low : low + (position - below) * (high - low);
}

export const median = (values: readonly number[]): number | null => quantile(values, 0.5);

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** Sample standard deviation (divisor n - 1); null below two values. */
export function standardDeviation(values: readonly number[]): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  const squares = values.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && order[end + 1]?.value === order[start]?.value) end += 1;
    for (let i = start; i <= end; i += 1) ranks[order[i]?.index ?? 0] = (start + end) / 2 + 1;
    start = end + 1;
  }
  return ranks;
}

/** Sizes of the groups of equal values, those of one value left out. */
export function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((size) => size > 1);
}
