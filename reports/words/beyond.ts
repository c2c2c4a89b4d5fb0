/** Where a number says nothing any more but that it is large: few and thin blocks compute ratios of many digits. */

/** A difference that a run can find: past this factor nobody would measure. */
export const largestSight = 100;

/** A ratio that was estimated or bounded: past this factor its digits say nothing. */
export const largestRatio = 1000;

/** Into what is written as a number; for axes. */
export const withinReach = (ratio: number): number =>
  Math.min(largestRatio, Math.max(1 / largestRatio, ratio));
