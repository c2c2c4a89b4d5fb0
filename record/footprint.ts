/** `footprint.json`: what sessions take in stores and apps at growing numbers of them. Written anew after every step. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';

const bytes = z.number().min(0);
const count = z.int().min(0);

/**
 * What is weighed. `storeMemory`: of the processes of the strategy's servers (proportional set size). `storeCounted`: what the
 * servers themselves count as data in memory. `storeDisk`: their tables, indexes and files of data. `appMemory`: of the app
 * processes, after their garbage was collected. `appCounted`: what Node.js counts as kept in them then; filling itself leaves
 * nothing in it, while processes keep some of the memory that it took.
 */
export const weights = ['storeMemory', 'storeCounted', 'storeDisk', 'appMemory', 'appCounted'] as const;
export type Weight = (typeof weights)[number];

/** Bytes; null where nobody tells. */
const weighed = z.strictObject({
  storeMemory: bytes.nullable(),
  storeCounted: bytes.nullable(),
  storeDisk: bytes.nullable(),
  appMemory: bytes.nullable(),
  appCounted: bytes.nullable(),
});
export type Weighed = z.infer<typeof weighed>;

/** What one login and one write of the app added to the log of changes of its servers, in bytes, in the mean of some. */
const logged = z.strictObject({ login: bytes, write: bytes });

export const footprintPoint = z.strictObject({
  /** Sessions in the store, all that were put there before included. 0: the store as it is when it is empty. */
  sessions: count,
  weighed,
  /** Sessions that its servers, or apps, count; null where they do not. */
  entries: count.nullable(),
  /** Putting the last of them there: how many, and how long it took. */
  filled: z.strictObject({ sessions: count, seconds: z.number().min(0) }),
  /** How a session of the population differs from one that a login writes; null where it was held against one and does not. */
  difference: z.string().nullable(),
  /** Null where the servers keep no log, or do not tell of it. */
  logged: logged.nullable(),
  /** Number of the trial that read some of them; null where there was none. */
  trial: z.int().min(1).nullable(),
});
export type FootprintPoint = z.infer<typeof footprintPoint>;

/** Bytes of a number of sessions, as a line. */
export const footprintLine = z.strictObject({
  /** All that was weighed, in the mean, where sessions are not told from none. */
  fixedBytes: bytes,
  /** Null where sessions are not told from none: what was weighed grew by less than readings tell apart, not at all, or it fell. */
  bytesPerSession: bytes.nullable(),
  /** The most that a session may take, by what readings tell apart; null in records that are older than this field. */
  bytesPerSessionAtMost: addedLater(bytes.nullable(), null),
});
export type FootprintLine = z.infer<typeof footprintLine>;

export const footprintFit = z.strictObject({
  weight: z.enum(weights),
  /** Through all numbers of sessions but the largest; through all, once that is measured. */
  line: footprintLine,
  /** Numbers of sessions behind the line. */
  points: z.int().min(2),
  /**
   * The largest, which was predicted by a line through the others before it was measured; null where those do not tell sessions from
   * none, so that there is nothing to predict by.
   */
  heldOut: z
    .strictObject({
      sessions: count,
      predictedBytes: bytes,
      /** Null before it is measured, and where that failed. */
      measuredBytes: bytes.nullable(),
      /** Predicted over measured, less 1; null without a measurement. */
      error: z.number().nullable(),
    })
    .nullable(),
});
export type FootprintFit = z.infer<typeof footprintFit>;

/** What became of sessions that all ended at the same moment, while others were read. */
export const footprintExpiry = z.strictObject({
  /** Sessions that ended, and those that lived on. */
  ended: count,
  alive: count,
  /** Seconds from their end until they were gone by the servers' own count; null where that was not seen. */
  seconds: z.number().min(0).nullable(),
  /** Seconds for which it was looked. */
  watchedSeconds: z.number().min(0),
  /** Of those that ended, how many were gone then; null where nobody counts. */
  gone: count.nullable(),
  /** Trials that read the living ones: just before the others ended, and from then on. Null where there was none. */
  trialBefore: z.int().min(1).nullable(),
  trialDuring: z.int().min(1).nullable(),
  /** Weighed when it was over. */
  weighedAfter: weighed,
});
export type FootprintExpiry = z.infer<typeof footprintExpiry>;

/** A memory budget that the run raised so that the sessions have room. */
export const raisedBudget = z.strictObject({
  service: z.string(),
  /** Of each process, in MiB. */
  usualMiB: z.number(),
  givenMiB: z.number(),
});
export type RaisedBudget = z.infer<typeof raisedBudget>;

export const footprintSeries = z.strictObject({
  strategy: z.string(),
  payloadBytes: count,
  /** Numbers of sessions that were planned, ascending. */
  planned: z.array(z.int().min(1)).min(2),
  /** `stopped`: something failed or the run was interrupted; `why` says what. What was measured before stays. */
  status: z.enum(['planned', 'running', 'measured', 'stopped']),
  why: z.string().nullable(),
  /** Where its sessions are kept. */
  keptIn: z.enum(['memory', 'disk', 'apps']),
  raised: z.array(raisedBudget),
  /** Bytes that readings tell apart at best; null in records that are older than this field. */
  grains: addedLater(weighed.nullable(), null),
  /** Before the first sessions came, which were gone again when the empty store was weighed; null as `grains`. */
  weighedBefore: addedLater(weighed.nullable(), null),
  /** Ascending by sessions. */
  points: z.array(footprintPoint),
  fits: z.array(footprintFit),
  /** Weighed when all sessions had been ended; null where it did not come to that. */
  weighedCleared: weighed.nullable(),
  expiry: footprintExpiry.nullable(),
});
export type FootprintSeries = z.infer<typeof footprintSeries>;

/** Version of `footprint.json`. */
export const FOOTPRINT_VERSION = 1;

export const footprintRecord = z.strictObject({
  schemaVersion: z.literal(FOOTPRINT_VERSION),
  series: z.array(footprintSeries),
});
export type FootprintRecord = z.infer<typeof footprintRecord>;

/**
 * The weight in which a strategy's sessions are paid for: where it keeps them. Of apps it is what Node.js counts: how much more their
 * processes have follows from what they did, not from how many sessions they keep.
 */
export const mainWeight: Readonly<Record<FootprintSeries['keptIn'], Weight>> = {
  memory: 'storeMemory',
  disk: 'storeDisk',
  apps: 'appCounted',
};
