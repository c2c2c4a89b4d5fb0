/** `selftest.json`: what the gate said of sides that are equal, and of sides that are slower by a known amount. */
import { z } from 'zod';
import { comparisonResult, gateOutcome } from './gate.ts';
import { metricNames } from './metrics.ts';
import { ruleSchema } from './rule.ts';
import { hostFingerprint, placementRecord, runRecord } from './run.ts';

export const selftestComparison = z.strictObject({
  /** From 1, in the order of measuring. */
  number: z.int().min(1),
  /** CPU time that was added to each request of the candidate, as a share of the baseline's; 0 for an A/A comparison. */
  addedShare: z.number().min(0),
  addedMicros: z.number().min(0),
  /** Folder of the run that it is from, relative to that of the self-test. */
  run: z.string(),
  startedAt: z.string(),
  outcome: gateOutcome,
  results: z.array(comparisonResult),
});
export type SelftestComparison = z.infer<typeof selftestComparison>;

export const selftestRecord = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  command: z.array(z.string()),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  tool: runRecord.shape.tool,
  runtime: runRecord.shape.runtime,
  host: hostFingerprint,
  placement: placementRecord,
  strategy: z.string(),
  scenario: z.string(),
  /** Operations per second; null before it is found. */
  rate: z.number().nullable(),
  /** CPU time of serving one request as measured beforehand, in microseconds: what added shares are shares of. */
  baselineMicros: z.number().nullable(),
  blocks: z.int().min(1),
  measureSeconds: z.number(),
  seed: z.int(),
  rule: ruleSchema,
  budgets: z.array(z.strictObject({ metric: z.enum(metricNames), share: z.number() })),
  comparisons: z.array(selftestComparison),
});
export type SelftestRecord = z.infer<typeof selftestRecord>;
