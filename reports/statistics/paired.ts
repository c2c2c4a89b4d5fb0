/** Trials of two sides, paired within blocks, as ratios on the log scale. */

/** One trial's value of one metric. Null: it was not measured (an invalid trial, a meter that could not be read). */
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

export interface PairedRatios {
  /** log(candidate / baseline) of each usable block, by block. */
  readonly logRatios: readonly number[];
  /** Their blocks. */
  readonly blocks: readonly number[];
  /** Blocks in which a side has no value, or more than one. Left out without bias: the value's size is not the reason. */
  readonly missing: readonly number[];
  /**
   * Blocks with a value that is zero, negative, infinite or not a number. Leaving them out favours one side, so a
   * comparison that has any is never conclusive.
   */
  readonly unusable: readonly Unusable[];
}

function valuesByBlock(side: readonly Observation[]): Map<number, number | null> {
  const values = new Map<number, number | null>();
  for (const { block, value } of side) values.set(block, values.has(block) ? null : value);
  return values;
}

/** Both are positive, and the quotient neither overflows nor vanishes. */
const haveRatio = (from: number, to: number): boolean =>
  from > 0 && to > 0 && Number.isFinite(to / from) && Number.isFinite(from / to);

/**
 * Pairs the trials of each block. The effect is the ratio, since costs multiply: a store that doubles the work does so
 * at any load; on the log scale swapping the sides changes the sign only (Kalibera & Jones 2013 argue for ratios).
 */
export function pairWithinBlocks(
  baseline: readonly Observation[],
  candidate: readonly Observation[],
): PairedRatios {
  const before = valuesByBlock(baseline);
  const after = valuesByBlock(candidate);
  const blocks: number[] = [];
  const logRatios: number[] = [];
  const missing: number[] = [];
  const unusable: Unusable[] = [];
  for (const block of [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b)) {
    const from = before.get(block) ?? null;
    const to = after.get(block) ?? null;
    if (from === null || to === null) missing.push(block);
    else if (!haveRatio(from, to)) unusable.push({ block, baseline: from, candidate: to });
    else {
      blocks.push(block);
      logRatios.push(Math.log(to) - Math.log(from));
    }
  }
  return { logRatios, blocks, missing, unusable };
}
