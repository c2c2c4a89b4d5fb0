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

/**
 * The same where items of a group are not compared with each other: probabilities of 0, 1, … pairs of different groups that are
 * in the wrong order. Groups join one after the other, and each adds the count of Mann and Whitney, independent of those before
 * (Terpstra 1952, Indag. Math. 14:327; Jonckheere 1954, Biometrika 41:133).
 * @param groups how many items each has
 */
export function groupedInversions(groups: readonly number[]): Float64Array {
  let shares = Float64Array.of(1);
  let joined = 0;
  for (const size of groups) {
    shares = convolved(shares, mannWhitney(joined, size));
    joined += size;
  }
  return shares;
}

/** Probabilities of 0, 1, …, m·n pairs in the wrong order, one item of m others and one of n each (Mann & Whitney 1947). */
function mannWhitney(m: number, n: number): Float64Array {
  // Counts of orders by their pairs: the last item is either one of the m, behind all n, or one of the n.
  let row = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let ofM = 1; ofM <= m; ofM += 1) {
    const next: Float64Array<ArrayBuffer>[] = [Float64Array.of(1)];
    for (let ofN = 1; ofN <= n; ofN += 1) {
      const counts = new Float64Array(ofM * ofN + 1);
      const share = ofM / (ofM + ofN);
      for (const [pairs, each] of (row[ofN] ?? []).entries())
        counts[pairs + ofN] = (counts[pairs + ofN] ?? 0) + share * each;
      for (const [pairs, each] of (next[ofN - 1] ?? []).entries())
        counts[pairs] = (counts[pairs] ?? 0) + (1 - share) * each;
      next.push(counts);
    }
    row = next;
  }
  return row[n] ?? Float64Array.of(1);
}

function convolved(one: Float64Array, other: Float64Array): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(one.length + other.length - 1);
  for (const [i, a] of one.entries())
    for (const [j, b] of other.entries()) sum[i + j] = (sum[i + j] ?? 0) + a * b;
  return sum;
}
