/** Lines through what numbers of sessions take, and how well such a line predicts the largest number. */
import {
  type FootprintFit,
  type FootprintLine,
  type FootprintPoint,
  type Weight,
  weights,
} from '../../record/footprint.ts';

export interface Weighing {
  readonly sessions: number;
  readonly bytes: number;
}

/** A byte more or less is nothing beside a process; also keeps a weighing of nothing from weighing everything. */
const LEAST_BYTES = 1;

/**
 * The line whose errors are least as shares of what was weighed, squared: so that thousands of sessions count as much as
 * millions do. Nothing takes less than nothing: neither part is below 0.
 * @see weighted least squares with weights 1/y²: the sums below are its normal equations
 * @param weighings at least two, of different numbers of sessions
 */
export function lineThrough(weighings: readonly Weighing[]): FootprintLine {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { sessions: x, bytes: y } of weighings) {
    const weight = 1 / Math.max(y, LEAST_BYTES) ** 2;
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const determinant = w * wxx - wx * wx;
  const slope = determinant > 0 ? (w * wxy - wx * wy) / determinant : 0;
  const fixed = (wy - slope * wx) / w;
  if (slope < 0 || !Number.isFinite(slope)) return { fixedBytes: wy / w, bytesPerSession: 0 };
  if (fixed < 0) return { fixedBytes: 0, bytesPerSession: wxy / wxx };
  return { fixedBytes: fixed, bytesPerSession: slope };
}

export const bytesAt = ({ fixedBytes, bytesPerSession }: FootprintLine, sessions: number): number =>
  fixedBytes + bytesPerSession * sessions;

/**
 * A line for each weight that is known at two numbers of sessions or more. The largest planned number is predicted by the line
 * through the others, also when it is measured.
 * @param largest of the numbers that are planned
 */
export function fitsOf(points: readonly FootprintPoint[], largest: number): FootprintFit[] {
  return weights.flatMap((weight) => {
    const known = weighingsOf(points, weight);
    const others = known.filter(({ sessions }) => sessions < largest);
    if (others.length < 2) return [];
    const measured = known.find(({ sessions }) => sessions === largest)?.bytes ?? null;
    const predictedBytes = bytesAt(lineThrough(others), largest);
    const error = measured === null || measured === 0 ? null : predictedBytes / measured - 1;
    const heldOut = { sessions: largest, predictedBytes, measuredBytes: measured, error };
    return [{ weight, line: lineThrough(known), points: known.length, heldOut }];
  });
}

const weighingsOf = (points: readonly FootprintPoint[], weight: Weight): readonly Weighing[] =>
  points.flatMap(({ sessions, weighed }) => {
    const bytes = weighed[weight];
    return bytes === null ? [] : [{ sessions, bytes }];
  });
