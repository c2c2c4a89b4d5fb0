/** The exact test of paired differences by flipping their signs. */
import { seededRandom } from './random.ts';

/** Up to this many pairs the p value is exact: two halves of 2^15 sums meet in the middle. */
export const EXACT_PAIRS = 30;
const RESAMPLES = 99_999;

export interface SignFlipTest {
  /** Two-sided. */
  readonly p: number;
  /** `exact`: all 2^n sign patterns were counted; `sampled`: a seeded sample of them (p is then never below 1e-5). */
  readonly method: 'exact' | 'sampled';
}

/** Sums of all 2^n sign patterns of the values, ascending. */
function signedSums(values: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const value of values) {
    const next = new Float64Array(sums.length * 2);
    for (let i = 0; i < sums.length; i += 1) {
      next[2 * i] = (sums[i] ?? 0) - value;
      next[2 * i + 1] = (sums[i] ?? 0) + value;
    }
    sums = next;
  }
  return sums.sort();
}

/** How many pairs (one of each list) add up to at least `least`; both lists ascend. */
function countReaching(left: Float64Array, right: Float64Array, least: number): number {
  let count = 0;
  let from = right.length;
  for (const value of left) {
    while (from > 0 && value + (right[from - 1] ?? 0) >= least) from -= 1;
    count += right.length - from;
  }
  return count;
}

function exactP(differences: readonly number[], least: number): number {
  const half = differences.length >> 1;
  const reaching = countReaching(
    signedSums(differences.slice(0, half)),
    signedSums(differences.slice(half)),
    least,
  );
  // Patterns come in pairs of opposite sums, so both tails hold the same count.
  return Math.min(1, (2 * reaching) / 2 ** differences.length);
}

/** (b + 1) / (m + 1): the pattern that was seen is one of those drawn (Phipson & Smyth 2010). */
function sampledP(differences: readonly number[], least: number, seed: number): number {
  const random = seededRandom(seed);
  let reaching = 0;
  for (let draw = 0; draw < RESAMPLES; draw += 1) {
    let sum = 0;
    for (const difference of differences) sum += random.uniform() < 0.5 ? -difference : difference;
    if (Math.abs(sum) >= least) reaching += 1;
  }
  return (reaching + 1) / (RESAMPLES + 1);
}

/**
 * Two-sided sign-flip test of "the differences are symmetric about zero" with their sum as statistic
 * (Fisher 1935, The Design of Experiments, §21; randomisation within blocks justifies it without a distribution).
 * The smallest p that n pairs can give is 2^(1-n). Zero differences are kept; ties count towards the larger p.
 * @param differences finite numbers
 * @param seed of the sample above `EXACT_PAIRS` pairs
 * @returns null without any difference
 */
export function signFlipTest(differences: readonly number[], seed = 1): SignFlipTest | null {
  if (differences.length === 0) return null;
  const total = differences.reduce((sum, each) => sum + each, 0);
  const size = differences.reduce((sum, each) => sum + Math.abs(each), 0);
  // Sums that are equal on paper differ by rounding; a pattern within that counts as reaching.
  const least = Math.abs(total) - size * 1e-12;
  if (least <= 0) return { p: 1, method: 'exact' };
  return differences.length <= EXACT_PAIRS
    ? { p: exactP(differences, least), method: 'exact' }
    : { p: sampledP(differences, least, seed), method: 'sampled' };
}

/** The smallest two-sided p value that a test of n pairs can give; 1 for n < 2. */
export const smallestP = (pairs: number): number => (pairs < 1 ? 1 : 2 ** (1 - pairs));
