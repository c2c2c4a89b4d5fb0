/**
 * All pairs of a block design at once: intervals that hold together with one probability, by the studentized range (Tukey
 * 1953; Kramer 1956, Biometrics 12:307, where trials are missing; Hochberg & Tamhane 1987, Multiple Comparison
 * Procedures, ch. 3).
 */
import { type BlockDesignFit, fitBlockDesign } from './block-design.ts';
import { studentizedRangeCdf, studentizedRangeQuantile } from './distributions/studentized-range.ts';
import type { Observation } from './paired.ts';
import { remembered } from './remembered.ts';

export interface PairInterval {
  /** log(candidate / baseline). */
  readonly estimate: number;
  /** Standard deviation of the noise of one log value of the two, as the interval takes it; null where nothing tells it. */
  readonly noise: number | null;
  /** Of the estimate; null where nothing tells the noise. */
  readonly standardError: number | null;
  /** Strategies that the interval holds for together, and degrees of freedom of the noise. */
  readonly groups: number;
  readonly freedom: number;
  /** Half width of the interval on the log scale; Infinity where nothing tells the noise. */
  readonly half: number;
  /**
   * Probability of so large a difference between any two of the strategies if all were equal; null where nothing tells
   * the noise. It takes milliseconds.
   */
  p(): number | null;
}

/** By level (chance that any of the intervals of all pairs misses its difference, 0 to 1), groups and degrees of freedom. */
export const criticalRange = remembered((level, groups, freedom) =>
  studentizedRangeQuantile(1 - level, groups, freedom),
);

/** Pairs of the strategies of one metric, by their places in `sides`. */
export class AllPairs {
  readonly fit: BlockDesignFit;
  readonly #level: number;
  readonly #leastNoise: number;

  /**
   * @param level for all pairs of this metric together
   * @param leastNoise standard deviation of the noise that every log value has, for example from rounding
   */
  constructor(sides: readonly (readonly Observation[])[], level: number, leastNoise = 0) {
    this.fit = fitBlockDesign(sides);
    this.#level = level;
    this.#leastNoise = leastNoise;
  }

  /** Null where no chain of common blocks links the two. */
  between(baseline: number, candidate: number): PairInterval | null {
    const { freedom, variance } = this.fit;
    const difference = this.fit.difference(baseline, candidate);
    if (difference === null) return null;
    const { estimate, relativeVariance, groups } = difference;
    const shared = { estimate, groups, freedom };
    if (variance === null)
      return { ...shared, noise: null, standardError: null, half: Number.POSITIVE_INFINITY, p: () => null };
    const noise = Math.sqrt(
      Math.max(withExcess(variance, this.#ownVariance(baseline, candidate)), this.#leastNoise ** 2),
    );
    const standardError = noise * Math.sqrt(relativeVariance);
    return {
      ...shared,
      noise,
      standardError,
      half: (criticalRange(this.#level, groups, freedom) * standardError) / Math.SQRT2,
      p: () => pOf(estimate, standardError, groups, freedom),
    };
  }

  /** Of the two strategies; 0 where the values cannot tell it. */
  #ownVariance(baseline: number, candidate: number): number {
    const [one, other] = [this.fit.ownVariance(baseline), this.fit.ownVariance(candidate)];
    return one === null || other === null ? 0 : (one + other) / 2;
  }
}

/** How much of what a pair's own variance is above that of all counts. */
export const EXCESS_SHARE = 0.3;

/**
 * One noise for all strategies would call two noisy ones different too often where the others are quiet, and a pair's own
 * rests on few values: a part of what it has above that of all counts, and nothing of what it has below
 * (docs/measurements/2026-11-26-all-pairs-simulated.md).
 */
const withExcess = (ofAll: number, ofPair: number): number =>
  ofAll + EXCESS_SHARE * Math.max(0, ofPair - ofAll);

function pOf(estimate: number, standardError: number, groups: number, freedom: number): number {
  if (standardError === 0) return estimate === 0 ? 1 : 0;
  const range = (Math.abs(estimate) / standardError) * Math.SQRT2;
  return Math.max(0, 1 - studentizedRangeCdf(range, groups, freedom));
}
