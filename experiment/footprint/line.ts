/** Lines through what numbers of sessions take, what such a line tells, and how well it predicts the largest number. */
import {
  type FootprintFit,
  type FootprintLine,
  type FootprintPoint,
  type Weighed,
  type Weight,
  weights,
} from '../../record/footprint.ts';

export interface Weighing {
  readonly sessions: number;
  readonly bytes: number;
}

/** Bytes that readings tell apart at best, by what is weighed. */
export type Grains = Readonly<Record<Weight, number>>;

/** What servers count of their own: the sessions to the byte, beside buffers of clients that come and go. */
const COUNTED_GRAIN_BYTES = 2 ** 16;

/** @param store of the memory or the disk of its servers @param app of the memory of the apps, all together */
export const grainsOf = (store: number, app: number): Grains => ({
  storeMemory: store,
  storeCounted: COUNTED_GRAIN_BYTES,
  storeDisk: store,
  appMemory: app,
  appCounted: app,
});

/**
 * What the first sessions leave behind is there to be filled by the next, and a heap that was larger or smaller before them may be so
 * again: no less is told apart.
 * @param before weighed before them @param after when they were gone
 */
export function coarsened(grains: Grains, before: Weighed, after: Weighed): Grains {
  const least = (weight: Weight): number => {
    const [earlier, later] = [before[weight], after[weight]];
    return earlier === null || later === null
      ? grains[weight]
      : Math.max(grains[weight], Math.abs(later - earlier));
  };
  return {
    storeMemory: least('storeMemory'),
    storeCounted: least('storeCounted'),
    storeDisk: least('storeDisk'),
    appMemory: least('appMemory'),
    appCounted: least('appCounted'),
  };
}

/**
 * The empty store as a point of lines: memory that processes kept of the first sessions is there for the next, so that it is none of
 * what there is without sessions.
 */
export function emptiest(empty: FootprintPoint, before: Weighed): FootprintPoint {
  const less = (weight: 'storeMemory' | 'appMemory'): number | null => {
    const [earlier, later] = [before[weight], empty.weighed[weight]];
    return earlier === null || later === null ? later : Math.min(earlier, later);
  };
  return {
    ...empty,
    weighed: { ...empty.weighed, storeMemory: less('storeMemory'), appMemory: less('appMemory') },
  };
}

/** Pages fill better in a large tree, and tables of hashes double: what sessions take is no line, but for such a share. */
const BENT_SHARE = 0.05;
/** Standard errors by which a slope must differ from none. */
const SURE = 2;

/**
 * The line by least squares, with weights that follow from how wrong a reading may be: by what it cannot tell apart, and by a share of
 * what sessions take. So small numbers say what there is without sessions, those whose sessions take far more than a grain say
 * what each takes, and a million counts no more than ten thousand do. Nothing takes less than nothing: neither part is below 0.
 * @see weighted least squares, with weights 1/σ²; where readings scatter by more than σ, errors are as much larger (Birge's ratio)
 * @param weighings at least two, of different numbers of sessions
 * @param grain bytes that a reading tells apart at best, more than 0
 */
export function lineThrough(weighings: readonly Weighing[], grain: number): FootprintLine {
  const least = Math.min(...weighings.map(({ bytes }) => bytes));
  const points = weighings.map(({ sessions: x, bytes: y }) => ({
    x,
    y,
    w: 1 / (grain ** 2 + (BENT_SHARE * (y - least)) ** 2),
  }));
  const sum = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  const weight = sum(({ w }) => w);
  // About the middle, where large numbers do not cancel each other.
  const [mx, my] = [sum(({ w, x }) => w * x) / weight, sum(({ w, y }) => w * y) / weight];
  const spread = sum(({ w, x }) => w * (x - mx) ** 2);
  const slope = sum(({ w, x, y }) => w * (x - mx) * (y - my)) / spread;
  const scatter = sum(({ w, x, y }) => w * (y - my - slope * (x - mx)) ** 2) / Math.max(1, points.length - 2);
  const error = Math.sqrt(Math.max(1, scatter) / spread);
  const bytesPerSessionAtMost = Math.max(0, slope) + SURE * error;
  if (slope < SURE * error) return { fixedBytes: my, bytesPerSession: null, bytesPerSessionAtMost };
  const fixed = my - slope * mx;
  if (fixed >= 0) return { fixedBytes: fixed, bytesPerSession: slope, bytesPerSessionAtMost };
  const throughNothing = sum(({ w, x, y }) => w * x * y) / sum(({ w, x }) => w * x * x);
  return { fixedBytes: 0, bytesPerSession: throughNothing, bytesPerSessionAtMost };
}

/** Null where the line does not tell sessions from none. */
export const bytesAt = (
  { fixedBytes, bytesPerSession }: Pick<FootprintLine, 'fixedBytes' | 'bytesPerSession'>,
  sessions: number,
): number | null => (bytesPerSession === null ? null : fixedBytes + bytesPerSession * sessions);

/**
 * A line for each weight that is known at two numbers of sessions or more. The largest planned number is predicted by the line
 * through the others, also when it is measured.
 * @param largest of the numbers that are planned
 */
export function fitsOf(points: readonly FootprintPoint[], largest: number, grains: Grains): FootprintFit[] {
  return weights.flatMap((weight) => {
    const known = weighingsOf(points, weight);
    const others = known.filter(({ sessions }) => sessions < largest);
    if (others.length < 2) return [];
    const measured = known.find(({ sessions }) => sessions === largest)?.bytes ?? null;
    const predicted = bytesAt(lineThrough(others, grains[weight]), largest);
    const heldOut = predicted === null ? null : heldOutOf(largest, predicted, measured);
    return [{ weight, line: lineThrough(known, grains[weight]), points: known.length, heldOut }];
  });
}

const heldOutOf = (sessions: number, predictedBytes: number, measuredBytes: number | null) => ({
  sessions,
  predictedBytes,
  measuredBytes,
  error: measuredBytes === null || measuredBytes === 0 ? null : predictedBytes / measuredBytes - 1,
});

const weighingsOf = (points: readonly FootprintPoint[], weight: Weight): readonly Weighing[] =>
  points.flatMap(({ sessions, weighed }) => {
    const bytes = weighed[weight];
    return bytes === null ? [] : [{ sessions, bytes }];
  });
