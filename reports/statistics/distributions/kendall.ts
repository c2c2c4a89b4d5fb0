/**
 * The null distribution of Kendall's S without ties: how many permutations of n items have a given number of
 * inversions (Kendall 1938, Biometrika 30:81; Mann 1945, Econometrica 13:245).
 */
const known = new Map<number, Float64Array>();

/** Probabilities of 0, 1, …, n(n-1)/2 inversions. */
function inversionProbabilities(n: number): Float64Array {
  const found = known.get(n);
  if (found) return found;
  let shares = Float64Array.of(1);
  for (let items = 2; items <= n; items += 1) {
    const next = new Float64Array(shares.length + items - 1);
    for (let inversions = 0; inversions < shares.length; inversions += 1)
      for (let added = 0; added < items; added += 1)
        next[inversions + added] = (next[inversions + added] ?? 0) + (shares[inversions] ?? 0) / items;
    shares = next;
  }
  known.set(n, shares);
  return shares;
}

/** P(|S| >= |s|) for n values without ties. 1 when n < 2. */
export function kendallTwoSided(s: number, n: number): number {
  if (n < 2 || s === 0) return 1;
  const shares = inversionProbabilities(n);
  const pairs = (n * (n - 1)) / 2;
  // S = pairs - 2 · inversions.
  const mostInversions = (pairs - Math.abs(s)) / 2;
  let tail = 0;
  for (let inversions = 0; inversions <= mostInversions; inversions += 1) tail += shares[inversions] ?? 0;
  return Math.min(1, 2 * tail);
}
