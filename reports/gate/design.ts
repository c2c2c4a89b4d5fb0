/** What the designs of a run have in common, for tables and charts that serve all of them. */
import { blocksIn, type Design } from '../../record/design.ts';
import type { CommonRate } from '../../record/rate.ts';
import type { SummaryDesign } from '../../record/summary.ts';

/** Null in a search, whose trials are each at a rate of their own, and before the rate was found. */
export const rateOf = (design: Design | SummaryDesign): CommonRate | null =>
  design.kind === 'search' ? null : design.rate;

/** Rounds of a search stand for its blocks. */
export const blocksOf = (design: Design | SummaryDesign): number => blocksIn(design);
