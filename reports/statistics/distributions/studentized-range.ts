/**
 * The studentized range: the range of `groups` independent normal values over an independent estimate of their standard
 * deviation with `freedom` degrees of freedom (Tukey 1953; Hochberg & Tamhane 1987, Multiple Comparison Procedures,
 * appendix 1). Both integrals are sums over equal steps, which for a smooth integrand that vanishes at both ends
 * converge faster than any power of the step (Trefethen & Weideman 2014, SIAM Review 56:385).
 */
import { logGamma } from './beta.ts';
import { normalCdf, normalDensity } from './normal.ts';

/** Beyond this the normal density is below 1e-15. */
const FARTHEST = 8.25;
const STEP = 0.25;
/** Points of the inner integral, with their weights. */
const points = Array.from({ length: (2 * FARTHEST) / STEP + 1 }, (_, index) => {
  const z = index * STEP - FARTHEST;
  return { z, cdf: normalCdf(z), weight: normalDensity(z) * STEP };
});

/** Probability that the range of `groups` standard normal values is at most `width`. */
function rangeCdf(width: number, groups: number): number {
  if (width <= 0) return 0;
  let sum = 0;
  // z is the largest of them; the others lie within the width below it.
  for (const { z, cdf, weight } of points) sum += weight * (cdf - normalCdf(z - width)) ** (groups - 1);
  return Math.min(1, groups * sum);
}

/** Step over the logarithm of the scale, in standard deviations of that logarithm, and at most. */
const SCALE_STEP = 0.35;
const LARGEST_SCALE_STEP = 0.06;

interface Scale {
  readonly value: number;
  readonly weight: number;
}

/** Values of χ_ν / √ν with their weights: a sum over them is an expectation. */
function scalesOf(freedom: number): readonly Scale[] {
  const logFront = Math.LN2 + (freedom / 2) * Math.log(freedom / 2) - logGamma(freedom / 2);
  const logDensity = (t: number): number => logFront + freedom * (t - Math.exp(2 * t) / 2);
  // The density has its peak at 0. Where it has fallen by e^-36 nothing counts any more.
  const least = logDensity(0) - 36;
  const [low, high] = [reach(logDensity, least, -1), reach(logDensity, least, 1)];
  const step = Math.min(LARGEST_SCALE_STEP, SCALE_STEP / Math.sqrt(2 * freedom));
  return Array.from({ length: Math.ceil((high - low) / step) }, (_, index) => {
    const t = low + index * step;
    return { value: Math.exp(t), weight: Math.exp(logDensity(t)) * step };
  });
}

/** Where a function with its peak at 0 has fallen to `least`, on one side. */
function reach(logDensity: (t: number) => number, least: number, side: 1 | -1): number {
  let far = 1 / 64;
  while (logDensity(side * far) > least) far *= 2;
  let near = far / 2;
  for (let step = 0; step < 20; step += 1) {
    const middle = (near + far) / 2;
    if (logDensity(side * middle) > least) near = middle;
    else far = middle;
  }
  return side * far;
}

const isPossible = (groups: number, freedom: number): boolean =>
  Number.isInteger(groups) && groups >= 2 && freedom >= 1 && Number.isFinite(freedom);

/**
 * Probability that a studentized range is at most `q`. NaN where there is none: fewer than two groups, or no degree of
 * freedom.
 */
export function studentizedRangeCdf(q: number, groups: number, freedom: number): number {
  if (Number.isNaN(q) || !isPossible(groups, freedom)) return Number.NaN;
  return cdfOver(scalesOf(freedom), q, groups);
}

function cdfOver(scales: readonly Scale[], q: number, groups: number): number {
  if (q <= 0) return 0;
  let sum = 0;
  for (const { value, weight } of scales) sum += weight * rangeCdf(q * value, groups);
  return Math.min(1, sum);
}

/**
 * The value that a studentized range stays below with probability `p`: 0 at 0, Infinity at 1, NaN outside.
 * By the Illinois form of false position on the distribution function (Dowell & Jarratt 1971, BIT 11:168).
 */
export function studentizedRangeQuantile(p: number, groups: number, freedom: number): number {
  if (!(p >= 0 && p <= 1) || !isPossible(groups, freedom)) return Number.NaN;
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const scales = scalesOf(freedom);
  const excess = (logQ: number): number => cdfOver(scales, Math.exp(logQ), groups) - p;
  let low = { at: Math.log(0.01), excess: -p };
  let high = { at: 1, excess: excess(1) };
  while (high.excess < 0) {
    low = high;
    high = { at: high.at + 1, excess: excess(high.at + 1) };
  }
  return Math.exp(rootBetween(low, high, excess));
}

interface Point {
  readonly at: number;
  readonly excess: number;
}

function rootBetween(from: Point, to: Point, excess: (at: number) => number): number {
  let [low, high] = [from, to];
  let kept: 'low' | 'high' | null = null;
  for (let step = 0; step < 200 && high.at - low.at > 1e-13 * Math.max(1, Math.abs(high.at)); step += 1) {
    const at = (low.at * high.excess - high.at * low.excess) / (high.excess - low.excess);
    const found = { at, excess: excess(at) };
    if (found.excess === 0 || at === low.at || at === high.at) return at;
    if (found.excess < 0) {
      low = found;
      if (kept === 'high') high = { ...high, excess: high.excess / 2 };
      kept = 'high';
    } else {
      high = found;
      if (kept === 'low') low = { ...low, excess: low.excess / 2 };
      kept = 'low';
    }
  }
  return (low.at + high.at) / 2;
}
