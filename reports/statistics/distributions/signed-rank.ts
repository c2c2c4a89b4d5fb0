/**
 * The null distribution of Wilcoxon's signed-rank statistic T+ without ties: how many of the 2^n sign patterns of the
 * ranks 1…n have a given sum of positive ranks (Wilcoxon 1945; recursion as in Hollander, Wolfe & Chicken 2014, §3.1).
 */

/** Shares, not counts: 2^n leaves the exact range of a double for n > 53. */
const known = new Map<number, Float64Array>();

/** Probabilities of T+ = 0, 1, …, n(n+1)/2. */
export function signedRankProbabilities(n: number): Float64Array {
  const found = known.get(n);
  if (found) return found;
  let shares = Float64Array.of(1);
  for (let rank = 1; rank <= n; rank += 1) {
    const next = new Float64Array(shares.length + rank);
    for (let sum = 0; sum < shares.length; sum += 1) {
      const half = (shares[sum] ?? 0) / 2;
      next[sum] = (next[sum] ?? 0) + half;
      next[sum + rank] = (next[sum + rank] ?? 0) + half;
    }
    shares = next;
  }
  known.set(n, shares);
  return shares;
}

/** P(T+ <= k) for n pairs. */
export function signedRankCdf(k: number, n: number): number {
  const shares = signedRankProbabilities(n);
  let sum = 0;
  for (let value = 0; value <= Math.min(k, shares.length - 1); value += 1) sum += shares[value] ?? 0;
  return Math.min(1, sum);
}

/** The largest k with P(T+ <= k) <= tail, or -1 where even P(T+ = 0) is larger. */
export function signedRankCritical(tail: number, n: number): number {
  const shares = signedRankProbabilities(n);
  let sum = 0;
  for (let k = 0; k < shares.length; k += 1) {
    sum += shares[k] ?? 0;
    if (sum > tail * (1 + 1e-12)) return k - 1;
  }
  return shares.length - 1;
}
