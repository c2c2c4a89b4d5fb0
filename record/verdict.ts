/** What a comparison comes to, as it is kept in summary.json. Ratios are candidate / baseline. */
import { z } from 'zod';
import { metricNames } from './metrics.ts';

const count = z.int().min(0);
const ratio = z.number().gt(0);
const probability = z.number().min(0).max(1);

const boundedInterval = z.strictObject({
  kind: z.literal('bounded'),
  low: ratio,
  high: ratio,
  /**
   * As asked for, and as this number of pairs gives it (at least the level). In the gate that of this interval; in a report
   * that of all intervals of the run together.
   */
  level: probability,
  coverage: probability,
});

const unboundedInterval = z.strictObject({
  /** So few pairs carry no interval of the level. */
  kind: z.literal('unbounded'),
  level: probability,
  /** From the smallest to the largest ratio seen, with the coverage that this has. */
  widest: z.strictObject({ low: ratio, high: ratio, coverage: probability }).nullable(),
});

export const ratioInterval = z.discriminatedUnion('kind', [boundedInterval, unboundedInterval]);
export type RatioInterval = z.infer<typeof ratioInterval>;

/** The smallest effect that this run would have called DIFFERENT with the rule's power. */
export const smallestEffect = z.discriminatedUnion('kind', [
  /** Above 1: a change to this ratio, or to its inverse. */
  z.strictObject({ kind: z.literal('effect'), ratio: z.number().min(1) }),
  /** With so few blocks no effect of any size would have been. */
  z.strictObject({ kind: z.literal('none'), blocksForAny: count }),
  /** The spread is not known: fewer than two pairs. */
  z.strictObject({ kind: z.literal('unknown') }),
]);
export type SmallestEffect = z.infer<typeof smallestEffect>;

/*
 * `p` is the chance of so large a difference were there none: of this pair in the gate (exact sign flips), between any two of
 * the strategies in a report (studentized range). `adjustedP` is the same over all that is judged together, at most.
 */
const shared = {
  metric: z.enum(metricNames),
  baseline: z.string(),
  candidate: z.string(),
  /**
   * Blocks that gave a ratio of the two. The gate's verdict rests on them; a report's on the trials of all strategies, so that
   * it may have fewer of them than it could do with.
   */
  pairs: count,
  /** Blocks without a valid trial on both sides. */
  missing: count,
  /** Blocks of which there is no ratio: a value is zero or negative, or neither side has a number. */
  unusable: count,
  /**
   * Blocks in which a side's value is worse than any number: its percentile falls among the operations without a right
   * answer. The slowest answer of the run stands for it there, so that ratios are bounds: at least so far from 1.
   */
  noAnswer: z.strictObject({ baseline: count, candidate: count }),
  /** Operations without a right answer over all that were due. No verdict favours a side that left more than the other. */
  unansweredShare: z.strictObject({ baseline: probability, candidate: probability }),
  /** Comparisons that were judged together, by Holm in the gate, by the studentized range in a report. */
  family: count,
  floor: z.number(),
  /** Standard deviation of the paired log ratios; null below two pairs. */
  spread: z.number().min(0).nullable(),
  smallestEffect,
};

export const inconclusiveCauses = [
  /** No block has a valid trial on both sides. */
  'no-pairs',
  /** Some values are zero or negative, so ratios do not say it all. */
  'no-ratio',
  /** A side left operations without a right answer: what its other ones show cannot speak for it. */
  'unanswered',
  /** So few blocks could not show a difference at the level, however clear: in a report, one of a side. */
  'too-few-blocks',
  /** There is a difference, but whether it exceeds the floor is open. */
  'near-floor',
  /** The interval reaches from no change to beyond the floor. */
  'noise',
] as const;

export const verdict = z.discriminatedUnion('verdict', [
  z.strictObject({
    verdict: z.literal('DIFFERENT'),
    ...shared,
    direction: z.enum(['lower', 'higher']),
    ratio,
    interval: boundedInterval,
    p: probability,
    adjustedP: probability,
  }),
  z.strictObject({
    verdict: z.literal('SAME'),
    ...shared,
    ratio,
    interval: boundedInterval,
    p: probability,
    adjustedP: probability,
  }),
  z.strictObject({
    verdict: z.literal('INCONCLUSIVE'),
    ...shared,
    cause: z.enum(inconclusiveCauses),
    ratio: ratio.nullable(),
    interval: ratioInterval,
    p: probability.nullable(),
    adjustedP: probability.nullable(),
    needed: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('blocks'), blocks: count, toward: z.enum(['DIFFERENT', 'SAME']) }),
      z.strictObject({ kind: z.literal('at-least'), blocks: count }),
      z.strictObject({ kind: z.literal('none') }),
    ]),
  }),
]);
export type Verdict = z.infer<typeof verdict>;
export type Inconclusive = Extract<Verdict, { verdict: 'INCONCLUSIVE' }>;
