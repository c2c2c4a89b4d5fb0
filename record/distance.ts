/** Network distance: how long operations take when every round trip between apps and servers takes longer. */
import { z } from 'zod';
import { operationName } from './common.ts';
import { latency } from './latency.ts';
import { commonRate } from './rate.ts';

/** Milliseconds that a run adds to a round trip at most: stores give an operation up after two seconds. */
export const MOST_ADDED_MS = 500;

/** Milliseconds that each round trip takes longer. */
const addedMs = z.number().min(0).max(MOST_ADDED_MS);

/** Each block holds one trial of each strategy, all with as much added. */
export const distanceDesign = z.strictObject({
  kind: z.literal('distance'),
  rate: commonRate,
  /** What was added in each block, in the order of measuring. */
  addedMs: z.array(addedMs).min(2),
  /** Round trips that each operation waits for on paper, by strategy. */
  roundTrips: z.record(z.string(), z.partialRecord(operationName, z.number().min(0))),
});
export type DistanceDesign = z.infer<typeof distanceDesign>;

/** The line through the medians of the trials: by how much they rise with what is added. */
const fittedLine = z.strictObject({
  status: z.literal('fitted'),
  /** Its slope: milliseconds for each millisecond added. */
  roundTrips: z.number(),
  /** The interval that holds the slope with this probability, 0 to 1. */
  low: z.number(),
  high: z.number(),
  confidence: z.number().min(0).max(1),
});
export type FittedLine = z.infer<typeof fittedLine>;

/** One operation of one strategy. */
export const distanceResult = z.strictObject({
  strategy: z.string(),
  operation: operationName,
  /** Round trips that it should wait for; null where the strategy does not say. */
  expected: z.number().min(0).nullable(),
  line: z.discriminatedUnion('status', [
    fittedLine,
    /** `why`: what is wanting. */
    z.strictObject({ status: z.literal('unknown'), why: z.string() }),
  ]),
  /**
   * `as-expected`: no other whole number of round trips is nearer to any slope of the interval; `different`: the number that was
   * expected is the nearest to none; `open`: some are nearer to it and some are not, or nothing is known.
   */
  verdict: z.enum(['as-expected', 'different', 'open']),
  /** Of all valid trials with as much added, from their merged histograms; ascending. */
  points: z.array(z.strictObject({ addedMs, p50Ms: latency, trials: z.int().min(1) })),
  /** Computed, not measured: the median without anything added, and the slope times what is added. Empty where either is unknown. */
  computed: z.array(z.strictObject({ addedMs: z.number().min(0), p50Ms: z.number().min(0) })),
});
export type DistanceResult = z.infer<typeof distanceResult>;
