/** Counts of two sides, each out of so many chances: does one happen more often? */
import { betaCdf } from './distributions/beta.ts';

/** How often something was seen, and how often it could have been. */
export interface Seen {
  readonly count: number;
  readonly exposure: number;
}

/**
 * Chance of so many of the candidate or more if both sides had one rate. Exact, given the sum of both counts, which is then
 * binomial in the candidate's share of the exposures (Przyborowski & Wilenski 1940, Biometrika 31:313). For shares that
 * are not small it errs on the side of "not more".
 * @returns 0 to 1, one-sided; null where one of the sides had no chance to show it
 */
export function moreOftenP(baseline: Seen, candidate: Seen): number | null {
  if (!(baseline.exposure > 0 && candidate.exposure > 0)) return null;
  if (candidate.count === 0) return 1;
  const share = candidate.exposure / (baseline.exposure + candidate.exposure);
  return betaCdf(share, candidate.count, baseline.count + 1);
}

/** The smallest p that `moreOftenP` could have given with this sum: that of all counts on the candidate's side. */
export function smallestMoreOftenP(baseline: Seen, candidate: Seen): number | null {
  const sum = baseline.count + candidate.count;
  return moreOftenP({ ...baseline, count: 0 }, { ...candidate, count: sum });
}
