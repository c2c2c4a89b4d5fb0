/** What the designs of a run have in common, for tables and charts that serve all of them. */
import { blocksIn, type Design, hasBlocks } from '../../record/design.ts';
import type { CommonRate } from '../../record/rate.ts';
import type { SummaryDesign } from '../../record/summary.ts';

/** Null where trials have rates of their own, or one that was not looked for, and before the rate was found. */
export const rateOf = (design: Design | SummaryDesign): CommonRate | null =>
  hasBlocks(design) ? design.rate : null;

/** Rounds of a search, and steps of a footprint, stand for its blocks. */
export const blocksOf = (design: Design | SummaryDesign): number => blocksIn(design);
