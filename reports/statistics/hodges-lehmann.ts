/** Where the paired differences lie, and how far that is certain. */
import { signedRankCdf, signedRankCritical } from './distributions/signed-rank.ts';
import { quantileOfSorted } from './order.ts';

/** Means of all pairs of values, each with itself too, ascending: n(n+1)/2 of them (Walsh 1949). */
export function walshAverages(values: readonly number[]): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let next = 0;
  for (let i = 0; i < values.length; i += 1)
    for (let j = i; j < values.length; j += 1) {
      averages[next] = (values[i] ?? 0) / 2 + (values[j] ?? 0) / 2;
      next += 1;
    }
  return averages.sort();
}

/**
 * `bounded`: an interval with at least the level asked for; `coverage` is the exact level it has.
 * `unbounded`: so few pairs cannot carry that level: the interval is the whole line. What they can carry, the range
 * from the smallest to the largest value, is given with its own coverage (0 for one pair, null without any).
 */
export type LocationInterval =
  | {
      readonly kind: 'bounded';
      readonly low: number;
      readonly high: number;
      readonly level: number;
      readonly coverage: number;
    }
  | {
      readonly kind: 'unbounded';
      readonly level: number;
      readonly widest: { readonly low: number; readonly high: number; readonly coverage: number } | null;
    };

export interface Location {
  /** Median of the Walsh averages; null without values. */
  readonly estimate: number | null;
  readonly interval: LocationInterval;
}

/**
 * Hodges–Lehmann estimate (Hodges & Lehmann 1963, Ann. Math. Stat. 34:598) with the confidence interval that belongs
 * to the exact signed-rank test (Tukey 1949; Hollander, Wolfe & Chicken 2014, §3.3): from the (k+1)-th smallest to the
 * (k+1)-th largest Walsh average, k the largest with 2·P(T+ <= k) <= 1 - level.
 * The coverage is exact for continuous symmetric differences; with ties it is at least that (the interval is closed).
 * @param values finite numbers
 * @param level 0 to 1, for example 0.95
 */
export function hodgesLehmann(values: readonly number[], level: number): Location {
  const walsh = walshAverages(values);
  const estimate = quantileOfSorted(walsh, 0.5);
  const n = values.length;
  const critical = n === 0 ? -1 : signedRankCritical((1 - level) / 2, n);
  const at = (index: number) => walsh[index] ?? Number.NaN;
  if (critical >= 0) {
    const coverage = 1 - 2 * signedRankCdf(critical, n);
    return {
      estimate,
      interval: {
        kind: 'bounded',
        low: at(critical),
        high: at(walsh.length - 1 - critical),
        level,
        coverage,
      },
    };
  }
  const widest = n === 0 ? null : { low: at(0), high: at(walsh.length - 1), coverage: 1 - 2 ** (1 - n) };
  return { estimate, interval: { kind: 'unbounded', level, widest } };
}
