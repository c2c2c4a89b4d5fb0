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
 * @see weighted least squares, with weights 1/y²
 * @param weighings at least two, of different numbers of sessions
 */
export function lineThrough(weighings: readonly Weighing[]): FootprintLine {
  const points = weighings.map(({ sessions: x, bytes: y }) => ({
    x,
    y,
    w: 1 / Math.max(y, LEAST_BYTES) ** 2,
  }));
  const sum = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const weight = sum(({ w }) => w);
  // About the middle, where large numbers do not cancel each other.
  const [mx, my] = [sum(({ w, x }) => w * x) / weight, sum(({ w, y }) => w * y) / weight];
  const spread = sum(({ w, x }) => w * (x - mx) ** 2);
  const slope = spread > 0 ? sum(({ w, x, y }) => w * (x - mx) * (y - my)) / spread : 0;
  const fixed = my - slope * mx;
  if (slope < 0 || !Number.isFinite(slope)) return { fixedBytes: my, bytesPerSession: 0 };
  if (fixed >= 0) return { fixedBytes: fixed, bytesPerSession: slope };
  return { fixedBytes: 0, bytesPerSession: sum(({ w, x, y }) => w * x * y) / sum(({ w, x }) => w * x * x) };
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
