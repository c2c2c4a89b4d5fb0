/** `summary.json`: the public interface for scripts. Everything that the report shows, as data. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { errors, operationName, serverVersion, violations } from './common.ts';
import { blocksDesign, footprintDesign, searchDesign, sidesDesign } from './design.ts';
import { distanceDesign, distanceResult } from './distance.ts';
import { faultResult, faultsDesign } from './faults.ts';
import { footprintFit, footprintPoint, footprintSeries } from './footprint.ts';
import { latency } from './latency.ts';
import { metricNames } from './metrics.ts';
import { finding, reason } from './reasons.ts';
import { hostFingerprint, placementRecord, runRecord } from './run.ts';
import { balance, prediction } from './scaling.ts';
import { capacityAnswer, promiseOutcome } from './search.ts';
import { verdict } from './verdict.ts';
import { weakness } from './weakness.ts';

/**
 * Milliseconds; `{ moreThan }` where the histogram's range ends there; `no answer` where the percentile falls among
 * the operations without a right answer, which count as slower than any.
 */
const milliseconds = latency;
const count = z.int().min(0);

/** Percentiles of all valid trials together, from their merged histograms. */
const operationSummary = z.strictObject({
  /** Requests. */
  count,
  /** Operations that were due and got no right answer: errors, wrong answers, arrivals that were never sent. */
  unanswered: count,
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

/** An exact 95 % interval of a share, 0 to 1 (Clopper & Pearson); null where nothing could show it. */
const exactInterval = z.strictObject({ low: z.number(), high: z.number() }).nullable();

/** What pages of several requests at once came to, over valid trials. */
const concurrencySummary = z.strictObject({
  pages: count,
  /** Pages with a request that got no right answer. */
  failed: count,
  /** Acknowledged writes of the pages whose lost writes could be told, and how many of them were lost to another write. */
  writes: count,
  lostUpdates: count,
  /** Of `lostUpdates` in `writes`. */
  lostShare: exactInterval,
  /** Lost writes that a store which compares before it sets would have refused: another answer had their version. */
  takenVersions: count,
  /** Logouts that raced with writes, and those whose session was there again afterwards. */
  logouts: count,
  undoneLogouts: count,
  undoneShare: exactInterval,
  /** Pairs of logins with one old cookie, and those after which the old session was still there. */
  logins: count,
  survivedLogins: count,
  /** Of a page: from its intended start to the last byte of its slowest request. */
  p50Ms: milliseconds,
  p99Ms: milliseconds,
});
export type ConcurrencySummary = z.infer<typeof concurrencySummary>;

export const strategySummary = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /**
   * `valid`: at least one valid trial; `failed`: too many of its requests got no right answer, so that it has no latency, CPU
   * time or memory here and is compared with none; `invalid`: trials, but none valid; `not-measured`: no trial.
   */
  status: z.enum(['valid', 'failed', 'invalid', 'not-measured']),
  reasons: z.array(reason),
  versions: z.array(serverVersion),
  trials: z.strictObject({ valid: count, invalid: count }),
  /** Null where no valid trial stands behind the number. */
  offeredRate: z.number().nullable(),
  /** Right answers to arrivals per second. */
  achievedRate: z.number().nullable(),
  operations: z.partialRecord(operationName, operationSummary),
  /**
   * Of every trial whose counts could be read, invalid ones included: a wrong answer is never left out. Null where no trial was asked
   * anything, or none of its counts could be read.
   */
  violations: violations.nullable(),
  /** Of the same trials as `violations`: of the measured phase, or of all before it in a trial that never came to it. */
  errors: errors.nullable(),
  /** Mean over valid trials of CPU time for each request with a right answer, in microseconds; null without any. */
  cpuMicrosPerRequest: perTier,
  /** Median over valid trials of proportional set size, in bytes. */
  memoryBytes: z.strictObject({ app: z.number().nullable(), store: z.number().nullable() }),
  /** Null where the scenario sends no pages, and without a valid trial. */
  concurrency: concurrencySummary.nullable(),
  /** What it is weak in: what this run saw first, the gravest before, then what is known on paper and the run did not look at. */
  weaknesses: z.array(weakness),
  /** Requests of valid trials by three independent counts; `byBalancer`: those that the balancer answered itself. */
  requests: z.strictObject({
    generator: count.nullable(),
    balancer: count.nullable(),
    byBalancer: count.nullable(),
    apps: count.nullable(),
  }),
  /** How evenly the apps were loaded; null where no trial tells. */
  balance: addedLater(balance.nullable(), null),
});
export type StrategySummary = z.infer<typeof strategySummary>;

/** One trial, in the order of measuring. */
export const trialSummary = z.strictObject({
  number: z.int().min(1),
  /** Null where the trial's record could not be read. */
  block: z.int().min(1).nullable(),
  strategy: z.string(),
  /** `unfinished`: the run ended before the trial did; `unreadable`: its files are damaged or contradict each other, `reasons` says which. */
  status: z.enum(['valid', 'invalid', 'unfinished', 'unreadable']),
  reasons: z.array(reason),
  warnings: z.array(reason),
  /** What the trial says of the promise; null in runs that do not search for capacity. */
  promise: promiseOutcome.nullable(),
  /** Null unless the trial is valid, as all that follows. */
  achievedRate: z.number().nullable(),
  readP50Ms: milliseconds.nullable(),
  readP99Ms: milliseconds.nullable(),
  writeP50Ms: milliseconds.nullable(),
  cpuMicrosPerRequest: perTier,
});
export type TrialSummary = z.infer<typeof trialSummary>;

const inWords = {
  /** The verdict in words, without full stop. */
  sentence: z.string(),
  /** What would make it conclusive; null where it is, or where nothing would. */
  remedy: z.string().nullable(),
};
const [different, same, inconclusive] = verdict.options;

/** One pair of strategies on one metric. Ratios are candidate / baseline; all comparisons of a run are judged together. */
export const comparison = z.discriminatedUnion('verdict', [
  different.extend(inWords),
  same.extend(inWords),
  inconclusive.extend(inWords),
]);
export type Comparison = z.infer<typeof comparison>;

/** All strategies on one metric, best first, with ties where no verdict separates them. */
export const ranking = z.strictObject({
  metric: z.enum(metricNames),
  ranked: z.array(
    z.strictObject({
      strategy: z.string(),
      /** The best and the worst place that the verdicts leave open; equal when the place is certain. */
      place: z.strictObject({ best: z.int().min(1), worst: z.int().min(1) }),
      /** Two strategies share a letter exactly when no verdict separates them. */
      letters: z.string(),
      /** Value over the first's, as estimated from all pairs together. */
      ratioToFirst: z.number().gt(0),
    }),
  ),
  /** Strategies that could not be compared with every other one. */
  unranked: z.array(z.string()),
  allTied: z.boolean(),
});
export type Ranking = z.infer<typeof ranking>;

const checked = {
  strategy: z.string(),
  /** `seen`: the data show it; `unknown`: too few or constant values to say. Judged over all strategies together (Holm). */
  status: z.enum(['seen', 'not-seen', 'unknown']),
  /** What was seen, or why nothing can be said; without full stop. */
  message: z.string(),
};
const probability = z.number().min(0).max(1);

/** A check of the data behind the comparisons. It decides no verdict; it says what to look at. */
export const diagnostic = z.discriminatedUnion('check', [
  /** Do the first seconds of the trials differ from the rest? Of the median latency of each second, all operations. */
  z.strictObject({
    check: z.literal('warmup'),
    ...checked,
    detail: z
      .strictObject({
        /** First seconds over the rest; above 1, trials began slower. */
        ratio: z.number(),
        firstSeconds: count,
        p: probability,
        adjustedP: probability,
      })
      .nullable(),
  }),
  /** Does the metric rise or fall from block to block? */
  z.strictObject({
    check: z.literal('drift'),
    metric: z.enum(metricNames),
    ...checked,
    detail: z.strictObject({ ratioPerBlock: z.number(), p: probability, adjustedP: probability }).nullable(),
  }),
  /** Do neighbouring seconds of a trial resemble each other, so that seconds are no replicates? */
  z.strictObject({
    check: z.literal('autocorrelation'),
    ...checked,
    detail: z
      .strictObject({
        /** Trials that were long enough to look, and those in which it was seen. */
        trials: count,
        trialsSeen: count,
        /** Median over those trials of the correlation of a second with the one before it. */
        medianLag1: z.number(),
        /** Chance of so many trials or more if seconds were independent, and over all strategies. */
        p: probability,
        adjustedP: probability,
      })
      .nullable(),
  }),
  /** Which trials lie far from the others of their strategy? They stay in. */
  z.strictObject({
    check: z.literal('outliers'),
    metric: z.enum(metricNames),
    ...checked,
    detail: z
      .strictObject({
        trials: z.array(
          z.strictObject({
            number: z.int().min(1),
            block: z.int().min(1),
            /** Its value over the median of the strategy's trials. */
            ratioToMedian: z.number().gt(0),
            /** Modified z-score of the logarithm. */
            score: z.number(),
          }),
        ),
      })
      .nullable(),
  }),
]);
export type Diagnostic = z.infer<typeof diagnostic>;

/**
 * What the run set out to find, and in a search or a run of distances what it found. In a search a strategy's latencies, CPU
 * time, memory and rates are of its valid trials at the highest rate that kept the promise; in a run of distances, of those with
 * least added.
 */
export const summaryDesign = z.discriminatedUnion('kind', [
  blocksDesign,
  z.strictObject({
    ...searchDesign.shape,
    /** Of the strategies whose search began. */
    answers: z.array(z.strictObject({ strategy: z.string(), ...capacityAnswer.shape })),
  }),
  sidesDesign,
  z.strictObject({
    ...faultsDesign.shape,
    /** One for each strategy and each fault that it can have, in the order of the plan. */
    results: z.array(faultResult),
  }),
  z.strictObject({
    ...distanceDesign.shape,
    /** One for each strategy and each of its operations that was measured. */
    results: z.array(distanceResult),
  }),
  footprintDesign,
]);
export type SummaryDesign = z.infer<typeof summaryDesign>;

const bytes = z.number().min(0);

/** Reads among so many sessions: of a valid trial, else null. */
const amongSessions = {
  readP50Ms: milliseconds.nullable(),
  readP99Ms: milliseconds.nullable(),
  /** CPU time of balancer, apps and servers for each read, in microseconds. */
  cpuMicrosPerRead: z.number().nullable(),
};

/** What sessions of one size take in a strategy: fixed bytes, and bytes for each session, by a line through what was weighed. */
export const footprintSummary = z.strictObject({
  strategy: z.string(),
  payloadBytes: count,
  /** `stopped`: the numbers are of what was weighed before; `why` says what ended it. */
  status: z.enum(['measured', 'stopped']),
  why: z.string().nullable(),
  /** Where the strategy keeps its sessions, and so what `store…` is of: memory of its servers, or their disk; 0 where it has none. */
  keptIn: footprintSeries.shape.keptIn,
  /** Null where nobody tells, or too little was weighed for a line; so are those below. */
  storeFixedBytes: bytes.nullable(),
  /** Null also where sessions are not told from none; then at most what the next field says. */
  storeBytesPerSession: bytes.nullable(),
  storeBytesPerSessionAtMost: bytes.nullable(),
  /** Of all app processes together. */
  appFixedBytes: bytes.nullable(),
  /** As of the store. */
  appBytesPerSession: bytes.nullable(),
  appBytesPerSessionAtMost: bytes.nullable(),
  /** The fewest and the most sessions that were weighed. */
  testedFrom: count.nullable(),
  testedTo: count.nullable(),
  /** Of the largest number, predicted by the others: predicted over measured, less 1. In the apps where sessions are kept there. */
  heldOutError: z.number().nullable(),
  /** The lines of all that was weighed. */
  fits: z.array(footprintFit),
  /** What was weighed, ascending by sessions. */
  sizes: z.array(
    z.strictObject({
      sessions: footprintPoint.shape.sessions,
      weighed: footprintPoint.shape.weighed,
      filled: footprintPoint.shape.filled,
      logged: footprintPoint.shape.logged,
      ...amongSessions,
    }),
  ),
  raised: footprintSeries.shape.raised,
  weighedCleared: footprintSeries.shape.weighedCleared,
  expiry: footprintSeries.shape.expiry
    .unwrap()
    .omit({ trialBefore: true, trialDuring: true })
    .extend({ before: z.strictObject(amongSessions), during: z.strictObject(amongSessions) })
    .nullable(),
});
export type FootprintSummary = z.infer<typeof footprintSummary>;

/**
 * The version goes up when a reader of an older one would be wrong. In version 5 counts that are not known are null; before
 * they were 0. In version 4 the intervals and p values of comparisons
 * are of all pairs of the run together (reports/statistics/tukey.ts); before they were of each pair. In version 3 a percentile may be no number, since
 * operations without a right answer count as slower than any; CPU time is per right answer. Version 2 has `design`, where
 * version 1 had `rate`, `plan.blocks`, and `capacity` of the run and of each strategy. The file is derived, so
 * `npm run report` brings one of an older session-bench up to date.
 */
export const SUMMARY_VERSION = 5;

export const summary = z.strictObject({
  schemaVersion: z.literal(SUMMARY_VERSION),
  runId: z.string(),
  /** `interrupted` also where the harness was killed and could not write how it ended. */
  status: z.enum(['finished', 'interrupted', 'failed']),
  runtime: z.enum(['native', 'docker']),
  scenario: z.string(),
  preset: z.string(),
  seed: z.int(),
  startedAt: z.string(),
  design: summaryDesign,
  plan: runRecord.shape.plan.omit({ order: true }),
  host: hostFingerprint,
  placement: placementRecord,
  versions: z.array(serverVersion),
  /** The answer in at most 40 words. */
  answer: z.string(),
  /** What else was found, and what the answer leaves out, a sentence each. */
  details: z.array(z.string()),
  /** What a reader should know: violations, invalid trials, errors, shared cores. */
  findings: z.array(finding),
  strategies: z.array(strategySummary),
  trials: z.array(trialSummary),
  /** All pairs of strategies with a valid trial, on each judged metric. */
  comparisons: z.array(comparison),
  rankings: z.array(ranking),
  diagnostics: z.array(diagnostic),
  /** Of a run that weighed sessions, a series for each strategy and size of session; else empty. */
  footprint: z.array(footprintSummary),
  /** Of runs that compare strategies or search for capacity, one for each strategy whose CPU time is known; else empty. */
  predictions: addedLater(z.array(prediction), []),
});
export type Summary = z.infer<typeof summary>;
