/** The standard normal distribution. */

/** Largest |x| for which the power series of erf is summed; beyond it cancellation costs digits. */
const SERIES_LIMIT = 2.5;
const SQRT_2 = Math.SQRT2;

/** erf by its power series (DLMF 7.6.2, Kummer's form: all terms are positive). */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc for x > 0 by its continued fraction (DLMF 7.9.1), evaluated by Lentz' method. */
function erfcByFraction(x: number): number {
  const tiny = 1e-300;
  let fraction = x;
  let c = x;
  let d = 0;
  for (let n = 1; n < 500; n += 1) {
    const a = n / 2;
    d = x + a * d;
    d = 1 / (d === 0 ? tiny : d);
    c = x + a / c;
    const delta = c * d;
    fraction *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** Probability that a standard normal value is at most `z`; relative error below 1e-12 in the lower tail too. */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (!Number.isFinite(z)) return z > 0 ? 1 : 0;
  const x = Math.abs(z) / SQRT_2;
  const upperTail = x < SERIES_LIMIT ? (1 - erfBySeries(x)) / 2 : erfcByFraction(x) / 2;
  return z > 0 ? 1 - upperTail : upperTail;
}

export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** A first guess with error below 4.5e-4 (Abramowitz & Stegun 1964, 26.2.23), for p <= 0.5. */
function guessLowerQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(p));
  const top = 2.515517 + t * (0.802853 + t * 0.010328);
  const bottom = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return top / bottom - t;
}

/**
 * The value that a standard normal one stays below with probability `p`: -Infinity at 0, Infinity at 1, NaN outside.
 * A rational guess, then Halley's steps on the distribution function.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  let z = guessLowerQuantile(p);
  for (let step = 0; step < 4; step += 1) {
    const u = (normalCdf(z) - p) / normalDensity(z);
    z -= u / (1 + (z * u) / 2);
  }
  return z;
}
