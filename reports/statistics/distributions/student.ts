/** Student's t, central and non-central. */
import { betaCdf, betaQuantile, logGamma } from './beta.ts';
import { normalCdf } from './normal.ts';

/** Probability that a t value with `freedom` degrees of freedom is at most `t` (DLMF 8.17 with x = ν/(ν+t²)). */
export function studentCdf(t: number, freedom: number): number {
  if (Number.isNaN(t) || !(freedom > 0)) return Number.NaN;
  const tail = betaCdf(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The value that t stays below with probability `p`. -Infinity at 0, Infinity at 1, NaN outside. */
export function studentQuantile(p: number, freedom: number): number {
  if (!(p >= 0 && p <= 1) || !(freedom > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, freedom);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  // 1 - x = t²/(ν+t²) keeps its digits in the middle, x in the tails: solve for whichever is small.
  if (p > 0.1) {
    const y = betaQuantile(1 - 2 * p, 0.5, freedom / 2);
    return -Math.sqrt((freedom * y) / (1 - y));
  }
  const x = betaQuantile(2 * p, freedom / 2, 0.5);
  return -Math.sqrt(freedom * (1 / x - 1));
}

/**
 * Probability that a non-central t value exceeds `t`: T = (Z + shift) / (χ_ν / √ν).
 * By Simpson's rule over the density of χ_ν / √ν (definition of T: Johnson, Kotz & Balakrishnan 1995, ch. 31).
 * @param freedom degrees of freedom, at least 1
 */
export function noncentralExceeds(t: number, freedom: number, shift: number): number {
  const steps = 1000;
  // u = χ_ν / √ν lies within a few of its standard deviations 1/√(2ν) of 1.
  const spread = 12 / Math.sqrt(2 * freedom);
  const low = Math.max(0, 1 - spread);
  const width = (1 + spread - low) / steps;
  const logFront = Math.LN2 + (freedom / 2) * Math.log(freedom / 2) - logGamma(freedom / 2);
  const weighted = (u: number) => {
    const logPower = freedom === 1 ? 0 : (freedom - 1) * Math.log(u);
    if (u === 0 && freedom > 1) return 0;
    return Math.exp(logFront + logPower - (freedom * u * u) / 2) * normalCdf(shift - t * u);
  };
  let sum = weighted(low) + weighted(low + steps * width);
  for (let i = 1; i < steps; i += 1) sum += weighted(low + i * width) * (i % 2 === 0 ? 2 : 4);
  return (sum * width) / 3;
}
