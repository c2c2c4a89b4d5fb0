/** `comparison.json`: what a comparison came to. The public interface for scripts that want to know more than the exit code. */
import { z } from 'zod';
import { errors, violations } from './common.ts';
import { sideCode } from './design.ts';
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

const sideAnswers = z.strictObject({ requests: count, violations, errors });

/** Whether answers were right, of all trials whose counts could be read. */
export const comparisonAnswers = z.strictObject({
  strategy: z.string(),
  outcome: z.enum(['ok', 'regression']),
  message: z.string(),
  baseline: sideAnswers,
  candidate: sideAnswers,
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
  /** `one-run`: both sides in interleaved blocks; `two-runs`: two stored runs, measured at different times. */
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
  blocks: count,
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
