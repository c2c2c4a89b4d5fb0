/** Which trials stand far from the others of their strategy? They are named, and stay in. */
import { mean, median } from '../order.ts';

/** Beyond this a modified z-score marks an outlier (Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers). */
export const OUTLIER_SCORE = 3.5;
/** Makes the median absolute deviation of normal values their standard deviation: the normal quantile of 3/4. */
const MAD_OF_NORMAL = 0.6745;
/** The same for the mean absolute deviation, √(2/π), where more than half of the values are equal. */
const MEAN_AD_OF_NORMAL = 0.797885;

/**
 * Modified z-scores: 0.6745 (x - median) / MAD; where the MAD is 0, 0.797885 (x - median) / mean absolute deviation;
 * null where that is 0 too, and below three values.
 */
export function modifiedZScores(values: readonly number[]): number[] | null {
  const centre = median(values);
  if (centre === null || values.length < 3 || !values.every(Number.isFinite)) return null;
  const deviations = values.map((value) => Math.abs(value - centre));
  const mad = median(deviations) ?? 0;
  const meanDeviation = mean(deviations) ?? 0;
  if (mad > 0) return values.map((value) => (MAD_OF_NORMAL * (value - centre)) / mad);
  if (meanDeviation > 0) return values.map((value) => (MEAN_AD_OF_NORMAL * (value - centre)) / meanDeviation);
  return null;
}

export interface Outlier {
  /** Position in the list that was given. */
  readonly index: number;
  readonly score: number;
}

/**
 * Outlying trials by the modified z-score of the logarithm, since times and costs are skewed.
 * Empty also where nothing can be said: fewer than five values, or one that has no logarithm.
 */
export function outlyingTrials(values: readonly number[]): readonly Outlier[] {
  if (values.length < 5 || !values.every((value) => value > 0 && Number.isFinite(value))) return [];
  const scores = modifiedZScores(values.map(Math.log)) ?? [];
  return scores
    .map((score, index) => ({ index, score }))
    .filter(({ score }) => Math.abs(score) > OUTLIER_SCORE);
}
