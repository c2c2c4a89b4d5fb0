/** Faults: what is done to a deployment on purpose at a moment of a trial, what should come of it, and what came of it. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { errors, operationName, violations } from './common.ts';
import { endingNames, fate } from './on-paper.ts';
import { commonRate } from './rate.ts';
import { appRequestsAround, balanceAround } from './scaling.ts';

const count = z.int().min(0);
const seconds = z.number().min(0);

/** A fault as a run planned it. */
export const plannedFault = z.strictObject({
  /** `store-kill` */
  name: z.string(),
  /** `store killed and started again` */
  title: z.string(),
  /** A sentence: what is done, and when it is taken back. */
  description: z.string(),
  /** What it ends, in the words of topologies; `none`: no process; `unknown` in records that are older than the field. */
  ending: addedLater(z.enum([...endingNames, 'none', 'unknown']), 'unknown'),
  /** Of its trials: before, during and after the fault. */
  measureSeconds: z.number().positive(),
  /** Of each strategy that has it; null where its topology does not say. */
  expected: z.record(z.string(), fate.nullable()),
  /** Strategies that cannot have it, and why. */
  impossible: z.record(z.string(), z.string()),
});
export type PlannedFault = z.infer<typeof plannedFault>;

/** Each block holds one trial of each strategy that can have the block's fault: block 1 the first fault, and so on. */
export const faultsDesign = z.strictObject({
  kind: z.literal('faults'),
  rate: commonRate,
  faults: z.array(plannedFault).min(1),
});
export type FaultsDesign = z.infer<typeof faultsDesign>;

const operationCounts = z.strictObject({ count, errors, violations });

/** What the generator asked for when the load had ended: every session that it believed alive, and sessions that had ended. */
export const sweep = z.strictObject({
  /** Sessions that were believed alive when it began. A read of each is in `operations`, unless its time was up. */
  alive: count,
  /** Sessions that had been ended; the latest of them were probed. */
  ended: count,
  operations: z.partialRecord(operationName, operationCounts),
});
export type Sweep = z.infer<typeof sweep>;

/** Since measuring began, the sweep included; each once. */
export const losses = z.strictObject({
  /** Sessions that were alive by all that was acknowledged, and gone. */
  sessions: count,
  /** Acknowledged writes that the last answer of their session did not show; those of lost sessions are not among them. */
  writes: count,
});
export type Losses = z.infer<typeof losses>;

/**
 * A time in which no arrival got a right answer, long enough to be no chance, in seconds since measuring began: from the last
 * one before to the first one after, null where none came until the end.
 */
export const gap = z.strictObject({ fromSeconds: seconds, untilSeconds: seconds.nullable() });
export type Gap = z.infer<typeof gap>;

/** What came of a trial's fault. Moments are seconds since measuring began. */
const course = z.discriminatedUnion('status', [
  /** It was done, and taken back: every server was ready again at `healedAt`. */
  z.strictObject({ status: z.literal('healed'), beganAt: seconds, struckAt: seconds, healedAt: seconds }),
  /** It was done, and some server did not get ready again. */
  z.strictObject({ status: z.literal('not-healed'), beganAt: seconds, struckAt: seconds, why: z.string() }),
  /** It was tried, and did not take. */
  z.strictObject({ status: z.literal('not-taken'), beganAt: seconds, why: z.string() }),
  /** The trial ended before. */
  z.strictObject({ status: z.literal('not-begun') }),
]);
export type Course = z.infer<typeof course>;

/** A trial's fault. */
export const trialFault = z.strictObject({
  name: z.string(),
  /** How long was to be measured. */
  plannedSeconds: z.number().positive(),
  /** Names of the servers that it was done to: `cache-1`. */
  servers: z.array(z.string()),
  course,
  /** Null where the generator did not come to it. */
  sweep: sweep.nullable(),
  losses: losses.nullable(),
  /** In their order; null where they were not noted. */
  gaps: z.array(gap).nullable(),
  /** Servers that ended though nobody meant them to, after the fault had begun: `app-1: exit code 1`. */
  deaths: z.array(z.string()),
  /** Null where nobody asked the apps. */
  appRequests: addedLater(appRequestsAround.nullable(), null),
});
export type TrialFault = z.infer<typeof trialFault>;

/** `unknown`: no valid trial tells. */
export const survival = z.enum(['survived', 'harmed', 'unknown']);
export type Survival = z.infer<typeof survival>;

/** Shares, 0 to 1. */
const shareInterval = z.strictObject({ low: z.number(), high: z.number() });

/** What one strategy made of one fault, for `summary.json`. Seconds count from the beginning of the fault. */
export const faultResult = z.strictObject({
  strategy: z.string(),
  fault: z.string(),
  /** The trial that it is of; null without a valid one. */
  trial: z.int().min(1).nullable(),
  survival,
  /** What harmed it, or why nothing is known; clauses. */
  why: z.array(z.string()),
  expected: fate.nullable(),
  /** Whether that was seen; null where nothing was expected, or nothing is known. */
  asExpected: z.boolean().nullable(),
  /** Null, as all that follows, without a valid trial. */
  sessions: z
    .strictObject({
      /** Sessions that were lost, each once, of so many that there were. */
      lost: count,
      of: count,
      /** Sessions of which nothing is known, since their last read got no answer. */
      unknown: count,
      /** Of the share that was lost, 95 %, Clopper-Pearson; null where every session is known: that share is exact. */
      interval: shareInterval.nullable(),
    })
    .nullable(),
  /** Acknowledged writes that were gone, in sessions that were not. */
  writesLost: count.nullable(),
  /** Logouts that were undone, of so many that were looked at. */
  logouts: z.strictObject({ undone: count, of: count, interval: shareInterval.nullable() }).nullable(),
  stale: count.nullable(),
  crossed: count.nullable(),
  failed: z
    .strictObject({
      /** Requests without an answer, or with an error, by kind, of so many. */
      ...errors.shape,
      of: count,
      /** Arrivals that waited for a connection until they were given up. */
      neverSent: count,
    })
    .nullable(),
  /** The longest time without any right answer, from the beginning of the fault on; 0 without one, null where it did not end. */
  silentSeconds: seconds.nullable(),
  /** To the end of the last second with a failed request; 0 without any. */
  lastFailureSeconds: seconds.nullable(),
  /** Until every later second has a p99 of at most twice the highest before the fault; null where that never came. */
  normalAgainSeconds: seconds.nullable(),
  /** How evenly the apps were loaded; null where they did not tell. */
  balance: addedLater(balanceAround.nullable(), null),
});
export type FaultResult = z.infer<typeof faultResult>;
