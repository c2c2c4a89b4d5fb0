/** `selftest.json`: what the gate said of sides that are equal, and of sides that are slower by a known amount. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { pairing } from './design.ts';
import { comparisonResult, gateOutcome } from './gate.ts';
import { metricNames } from './metrics.ts';
import { recordHead } from './record-head.ts';
import { ruleSchema } from './rule.ts';
import { placementRecord } from './run.ts';

/** What a candidate was made slower in: CPU time of each request, or waiting at each call of the store. */
export const slowKinds = ['cpu', 'latency'] as const;
export type SlowKind = (typeof slowKinds)[number];

export const selftestComparison = z.strictObject({
  /** From 1, in the order of measuring. */
  number: z.int().min(1),
  /** Says nothing of an A/A comparison. */
  slow: addedLater(z.enum(slowKinds), 'cpu'),
  /** What was added to the candidate, as a share of `baselineMicros` or of `baselineReadMicros`; 0 for an A/A comparison. */
  addedShare: z.number().min(0),
  addedMicros: z.number().min(0),
  /** Folder of the run that it is from, relative to that of the self-test. */
  run: z.string(),
  startedAt: z.string(),
  outcome: gateOutcome,
  results: z.array(comparisonResult),
});
export type SelftestComparison = z.infer<typeof selftestComparison>;

/** Version of `selftest.json`. */
export const SELFTEST_VERSION = 1;

export const selftestRecord = z.strictObject({
  schemaVersion: z.literal(SELFTEST_VERSION),
  ...recordHead,
  placement: placementRecord,
  strategy: z.string(),
  scenario: z.string(),
  /** Operations per second; null before it is found. */
  rate: z.number().nullable(),
  /** CPU time of serving one request as measured beforehand, in microseconds: what added shares are shares of. */
  baselineMicros: z.number().nullable(),
  /** Median latency of a read as measured beforehand, in microseconds. */
  baselineReadMicros: addedLater(z.number().nullable(), null),
  pairing: addedLater(pairing, 'turns'),
  blocks: z.int().min(1),
  measureSeconds: z.number(),
  seed: z.int(),
  rule: ruleSchema,
  budgets: z.array(z.strictObject({ metric: z.enum(metricNames), share: z.number() })),
  /** How many comparisons were asked for; null in older files, which do not tell it. */
  planned: addedLater(z.int().min(0).nullable(), null),
  comparisons: z.array(selftestComparison),
});
export type SelftestRecord = z.infer<typeof selftestRecord>;
