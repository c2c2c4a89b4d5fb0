/** `comparison.json`: what a comparison came to. The public interface for scripts that want to know more than the exit code. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { comparedClasses, errors, violations } from './common.ts';
import { pairing, sideCode } from './design.ts';
import { latency } from './latency.ts';
import { metricNames } from './metrics.ts';
import { finding } from './reasons.ts';
import { ruleSchema } from './rule.ts';
import { verdict } from './verdict.ts';

const count = z.int().min(0);

/**
 * `ok`: surely not worse by more than the budget; `regression`: surely worse by more; `inconclusive`: neither is sure;
 * `invalid`: no valid trials on both sides, or values that no ratio can be made of.
 */
export const gateOutcome = z.enum(['ok', 'regression', 'inconclusive', 'invalid']);
export type GateOutcome = z.infer<typeof gateOutcome>;

export const comparisonResult = z.strictObject({
  strategy: z.string(),
  metric: z.enum(metricNames),
  /** Change for the worse that is still accepted, as a share. */
  budget: z.number(),
  outcome: gateOutcome,
  /** Better by more than the budget. */
  improved: z.boolean(),
  message: z.string(),
  verdict,
  /**
   * Of all valid trials: percentiles from merged histograms in microseconds, else means; null without a valid trial.
   * `no answer` where so many operations got no right answer that there is no number.
   */
  values: z.strictObject({ baseline: latency.nullable(), candidate: latency.nullable() }),
});
export type ComparisonResult = z.infer<typeof comparisonResult>;

/** Of all trials whose counts could be read, those that are invalid too. */
const sideAnswers = z.strictObject({
  requests: count,
  /** Requests that got an answer that can be used, a wrong one included. */
  answered: count,
  violations,
  errors,
});

const seen = z.strictObject({
  count,
  /** Requests that could have shown the class: answers to probes for `resurrected`, all requests for a time-out. */
  exposure: count,
  /** Trials with at least one. */
  trials: count,
});

const probability = z.number().min(0).max(1);

/** One class of wrong answers or errors that a side has shown, or those of a kind together where the candidate shows several. */
export const comparedClass = z.strictObject({
  class: z.enum(comparedClasses),
  outcome: gateOutcome,
  /**
   * What the counts are of: `all` but those in which the machine stood still with both sides or that were cut off;
   * `valid` where the valid trials alone are the worse witness; `with-standstills` where those in which the machine
   * stood still, and that could not be measured again, would make it worse.
   */
  trials: z.enum(['all', 'valid', 'with-standstills']),
  baseline: seen,
  candidate: seen,
  /** Chance of so many of the candidate or more at one rate on both sides; null where one had no chance to show it. */
  p: probability.nullable(),
  /** By Holm, over the classes of all strategies that could reach the level; null for those that could not. */
  adjustedP: probability.nullable(),
});
export type ComparedClass = z.infer<typeof comparedClass>;

/**
 * Whether answers were right. `regression`: a class of wrong answers that the baseline has not shown, or one of wrong
 * answers or errors that is surely more frequent; `inconclusive`: likely more frequent; `invalid`: no answer was seen.
 */
export const comparisonAnswers = z.strictObject({
  strategy: z.string(),
  outcome: gateOutcome,
  message: z.string(),
  baseline: sideAnswers,
  candidate: sideAnswers,
  /** Empty where both sides answered every request, and rightly. */
  classes: z.array(comparedClass),
});
export type ComparisonAnswers = z.infer<typeof comparisonAnswers>;

const side = z.strictObject({
  ...sideCode.shape,
  runId: z.string(),
  startedAt: z.string(),
});

/**
 * The version goes up when a reader of an older one would be wrong. In version 2 a value may be no number, and a verdict
 * says which sides left operations without a right answer.
 */
export const COMPARISON_VERSION = 2;

export const comparison = z.strictObject({
  schemaVersion: z.literal(COMPARISON_VERSION),
  /** `one-run`: both sides in the blocks of one run; `two-runs`: two stored runs, measured at different times. */
  kind: z.enum(['one-run', 'two-runs']),
  status: z.enum(['finished', 'interrupted', 'failed']),
  outcome: gateOutcome,
  /** The answer in one sentence. */
  answer: z.string(),
  baseline: side,
  candidate: side,
  scenario: z.string(),
  /** Operations per second that both sides were offered; null where a run ended before it had one. */
  rate: z.number().nullable(),
  /** As planned. */
  blocks: count,
  /** Those that both sides were measured in to the end; null in older files, which do not tell it. */
  blocksMeasured: addedLater(count.nullable(), null),
  /** How one run measured both sides; null of two runs. */
  pairing: addedLater(pairing.nullable(), null),
  measureSeconds: z.number(),
  rule: ruleSchema,
  budgets: z.array(z.strictObject({ metric: z.enum(metricNames), share: z.number() })),
  results: z.array(comparisonResult),
  answers: z.array(comparisonAnswers),
  /** What a reader should know; the reasons of an `invalid` outcome are alarms among them. */
  findings: z.array(finding),
});
export type Comparison = z.infer<typeof comparison>;
export type ComparisonSide = Comparison['baseline'];
