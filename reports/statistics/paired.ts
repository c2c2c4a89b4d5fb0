/** Trials of two sides, paired within blocks, as ratios on the log scale. */

/**
 * One trial's value of one metric. Null: it was not measured (an invalid trial, a meter that could not be read).
 * Infinite: worse than any number, since too many operations got no right answer.
 */
export interface Observation {
  readonly block: number;
  readonly value: number | null;
}

/** A block that both sides have a value in, of which no ratio exists. */
export interface Unusable {
  readonly block: number;
  readonly baseline: number;
  readonly candidate: number;
}

/** How many blocks, of those with a value on both sides, in which a side's value is worse than any number. */
export interface NoAnswer {
  readonly baseline: number;
  readonly candidate: number;
}

export interface PairedRatios {
  /**
   * log(candidate / baseline) of each usable block, by block. Where one side's value is worse than any number, the
   * slowest answer stands for it, so that the true ratio lies at least as far on that side.
   */
  readonly logRatios: readonly number[];
  /** The same for a decision: there, worse than any number is worse by any factor. */
  readonly decisive: readonly number[];
  /** Their blocks. */
  readonly blocks: readonly number[];
  readonly noAnswer: NoAnswer;
  /** Blocks in which a side has no value, or more than one. Left out without bias: the value's size is not the reason. */
  readonly missing: readonly number[];
  /**
   * Blocks with a value that is zero, negative or not a number, or with an infinite one on both sides. Leaving them out
   * favours one side, so a comparison that has any is never conclusive.
   */
  readonly unusable: readonly Unusable[];
}

function valuesByBlock(side: readonly Observation[]): Map<number, number | null> {
  const values = new Map<number, number | null>();
  for (const { block, value } of side) values.set(block, values.has(block) ? null : value);
  return values;
}

/** Both are positive, and the quotient neither overflows nor vanishes. */
export const haveRatio = (from: number, to: number): boolean =>
  from > 0 && to > 0 && Number.isFinite(to / from) && Number.isFinite(from / to);

const endless = (value: number): boolean => value === Number.POSITIVE_INFINITY;
/** Larger than any value that has a ratio. */
const FAR = Number.MAX_VALUE;

/**
 * Pairs the trials of each block. The effect is the ratio, since costs multiply: a store that doubles the work does so
 * at any load; on the log scale swapping the sides changes the sign only (Kalibera & Jones 2013 argue for ratios).
 * @param slowest no answer that is behind the values took longer; 0 where that is not known
 */
export function pairWithinBlocks(
  baseline: readonly Observation[],
  candidate: readonly Observation[],
  slowest = 0,
): PairedRatios {
  const before = valuesByBlock(baseline);
  const after = valuesByBlock(candidate);
  const ceiling = largestOf([...before.values(), ...after.values()], slowest);
  const noAnswer = { baseline: 0, candidate: 0 };
  const blocks: number[] = [];
  const logRatios: number[] = [];
  const decisive: number[] = [];
  const missing: number[] = [];
  const unusable: Unusable[] = [];
  const logRatio = (from: number, to: number, instead: number): number =>
    Math.log(Math.min(to, instead)) - Math.log(Math.min(from, instead));
  for (const block of [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)) {
    const from = before.get(block) ?? null;
    const to = after.get(block) ?? null;
    if (from === null || to === null) {
      missing.push(block);
      continue;
    }
    if (endless(from)) noAnswer.baseline += 1;
    if (endless(to)) noAnswer.candidate += 1;
    const bothEndless = endless(from) && endless(to);
    if (bothEndless || !haveRatio(Math.min(from, ceiling), Math.min(to, ceiling)))
      unusable.push({ block, baseline: from, candidate: to });
    else {
      blocks.push(block);
      logRatios.push(logRatio(from, to, ceiling));
      decisive.push(logRatio(from, to, FAR));
    }
  }
  return { logRatios, decisive, blocks, noAnswer, missing, unusable };
}

/** The largest number of them that is finite, and at least `slowest`. */
export const largestOf = (values: readonly (number | null)[], slowest: number): number =>
  values.reduce<number>(
    (most, value) => (value !== null && Number.isFinite(value) ? Math.max(most, value) : most),
    slowest,
  );
