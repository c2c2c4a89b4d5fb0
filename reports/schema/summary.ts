/** `summary.json`: the public interface for scripts. Everything that the report shows, as data. */
import { z } from 'zod';
import { capacityAnswer, promise, promiseOutcome } from './capacity.ts';
import { errors, operationName, reason, serverVersion, violations } from './common.ts';
import { hostFingerprint, placementRecord, runRecord } from './run.ts';

const milliseconds = z.number().min(0);
const count = z.int().min(0);

/** From the merged histograms of all valid trials. */
const operationSummary = z.strictObject({
  count,
  p50Ms: milliseconds,
  p90Ms: milliseconds,
  p99Ms: milliseconds,
  p999Ms: milliseconds,
  maxMs: milliseconds,
  /** Service time: from first byte sent. */
  serviceP50Ms: milliseconds,
  serviceP99Ms: milliseconds,
  serviceP999Ms: milliseconds,
});

const perTier = z.strictObject({
  generator: z.number().nullable(),
  balancer: z.number().nullable(),
  app: z.number().nullable(),
  store: z.number().nullable(),
});

export const strategySummary = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** `valid`: at least one valid trial; `invalid`: trials, but none valid; `not-measured`: no trial. */
  status: z.enum(['valid', 'invalid', 'not-measured']),
  reasons: z.array(reason),
  versions: z.array(serverVersion),
  trials: z.strictObject({ valid: count, invalid: count }),
  /** Null where no valid trial stands behind the number. */
  offeredRate: z.number().nullable(),
  achievedRate: z.number().nullable(),
  operations: z.partialRecord(operationName, operationSummary),
  /** Of every trial whose counts could be read, invalid ones included: a wrong answer is never left out. */
  violations,
  /** Of the same trials as `violations`. */
  errors,
  /** Mean over valid trials of CPU time per measured request, in microseconds. */
  cpuMicrosPerRequest: perTier,
  /** Median over valid trials of proportional set size, in bytes. */
  memoryBytes: z.strictObject({ app: z.number().nullable(), store: z.number().nullable() }),
  /** Requests of valid trials by three independent counts. */
  requests: z.strictObject({ generator: count, balancer: count.nullable(), apps: count.nullable() }),
  /** Null in runs that do not search for capacity, and where nothing was searched. */
  capacity: capacityAnswer.nullable(),
});
export type StrategySummary = z.infer<typeof strategySummary>;

/** One trial, in the order of measuring. */
export const trialSummary = z.strictObject({
  number: z.int().min(1),
  /** Null where the trial's record could not be read. */
  block: z.int().min(1).nullable(),
  strategy: z.string(),
  /** `unfinished`: the run ended before the trial did; `unreadable`: its files are damaged, `reasons` says which. */
  status: z.enum(['valid', 'invalid', 'unfinished', 'unreadable']),
  reasons: z.array(reason),
  warnings: z.array(reason),
  /** What the trial says of the promise; null in runs that do not search for capacity. */
  promise: promiseOutcome.nullable(),
  /** Null unless the trial is valid, as all that follows. */
  achievedRate: z.number().nullable(),
  readP50Ms: milliseconds.nullable(),
  readP99Ms: milliseconds.nullable(),
  cpuMicrosPerRequest: perTier,
});
export type TrialSummary = z.infer<typeof trialSummary>;

export const finding = z.strictObject({
  ...reason.shape,
  /** `alarm`: answers were wrong; `warning`: something could not be measured as planned; `note`: read this first. */
  severity: z.enum(['alarm', 'warning', 'note']),
});
export type Finding = z.infer<typeof finding>;

export const summary = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  /** `interrupted` also where the harness was killed and could not write how it ended. */
  status: z.enum(['finished', 'interrupted', 'failed']),
  runtime: z.enum(['native', 'docker']),
  scenario: z.string(),
  preset: z.string(),
  seed: z.int(),
  startedAt: z.string(),
  /** The rate that all strategies were offered, and how it came about; null where the run ended before. */
  rate: runRecord.shape.rate,
  plan: runRecord.shape.plan.omit({ order: true }),
  /**
   * What the run promised and searched the capacity under; null in other runs. In a run that has it, a strategy's
   * latencies, CPU time, memory and rates are of its valid trials at the highest rate that kept the promise.
   */
  capacity: z
    .strictObject({ promise, maxTrials: z.int(), precision: z.number(), confidence: z.number() })
    .nullable(),
  host: hostFingerprint,
  placement: placementRecord,
  versions: z.array(serverVersion),
  /** The answer in one sentence. */
  answer: z.string(),
  /** What a reader should know: violations, invalid trials, errors, shared cores. */
  findings: z.array(finding),
  strategies: z.array(strategySummary),
  trials: z.array(trialSummary),
  /** Paired comparisons of strategies; empty until there are blocks enough for one. */
  comparisons: z.array(z.unknown()),
});
export type Summary = z.infer<typeof summary>;
