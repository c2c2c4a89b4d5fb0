/** `capacity.json`: what a search for capacity tried, and what it came to. Written anew after every trial. */
import { z } from 'zod';
import { operationName } from './common.ts';

const rate = z.number().min(0);
const count = z.int().min(0);

export const promiseTerm = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    /** Null: logins, reads, writes and logouts together. */
    operation: operationName.nullable(),
    /** 0 to 100. */
    percentile: z.number().min(0).max(100),
    /** From the intended start, in microseconds; the promise is kept below it. */
    limitMicros: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('errors'),
    /** Of all operations, 0 to 1; the promise is kept below it. */
    limitShare: z.number().positive().max(1),
  }),
]);
export type PromiseTerm = z.infer<typeof promiseTerm>;

export const promise = z.strictObject({
  /** As typed: `p99<50ms,errors<0.1%`. */
  text: z.string(),
  terms: z.array(promiseTerm).min(1),
});
export type PromiseRecord = z.infer<typeof promise>;

export const outcomeKinds = ['kept', 'broken', 'generator-limited', 'invalid'] as const;

/** What a trial says of the promise. */
export const promiseOutcome = z.strictObject({
  /**
   * `generator-limited`: the generator, or the balancer beside it, had no more to give. `invalid`: the machine, or a
   * fault that is not of the strategy's making; says nothing.
   */
  outcome: z.enum(outcomeKinds),
  /** What was broken and by how much, or why the trial says nothing of the strategy; empty when the promise was kept. */
  why: z.array(z.string()),
});
export type PromiseOutcome = z.infer<typeof promiseOutcome>;

const limit = z.enum(['strategy', 'generator', 'none-passed', 'all-passed', 'unknown']);

export const capacityAnswer = z.strictObject({
  /**
   * What ended the search: `strategy`: it broke the promise above; `generator`: the generator gave out first;
   * `none-passed`: no rate kept the promise; `all-passed`: every rate did, up to the highest that was tried;
   * `unknown`: too few trials said anything.
   */
  limit,
  /** Best guess of the highest rate that keeps the promise, per second; null unless the limit is the strategy's. */
  rate: rate.nullable(),
  /**
   * Per second. With `strategy` the interval that holds the rate with `confidence`. With `generator` and `all-passed`
   * `low` alone: the strategy carries at least that. With `none-passed` `high` alone: it carries less.
   */
  low: rate.nullable(),
  high: rate.nullable(),
  /** 0 to 1; null without an interval. */
  confidence: z.number().nullable(),
  /** Whether the interval is as narrow as asked for. */
  precise: z.boolean(),
  /** Rate at which the generator gave out; null where it did not. */
  generatorLimit: rate.nullable(),
  /** Trials of whatever outcome. */
  trials: count,
  outcomes: z.strictObject({ kept: count, broken: count, generatorLimited: count, invalid: count }),
  /**
   * How the search ended: `answered`: nothing more to learn at this precision; `out-of-trials`: its trials were used
   * up; `disturbed`: too many trials in a row said nothing; `stopped`: the run ended first.
   */
  ended: z.enum(['answered', 'out-of-trials', 'disturbed', 'stopped']),
  /** Why too few trials said anything; null otherwise. */
  why: z.string().nullable(),
});
export type CapacityAnswer = z.infer<typeof capacityAnswer>;

export const capacityStep = z.strictObject({
  /** Number of the trial: its folder under `trials/`. */
  trial: z.int().min(1),
  rate,
  phase: z.enum(['bracket', 'bisect', 'confirm']),
  ...promiseOutcome.shape,
});
export type CapacityStep = z.infer<typeof capacityStep>;

/** Version of `capacity.json`. */
export const CAPACITY_VERSION = 1;

/** What the search of one strategy tried, and what it came to. */
export const strategySearch = z.strictObject({
  name: z.string(),
  /** First rate to try, and how it came about. */
  start: rate,
  startedFrom: z.string(),
  history: z.array(capacityStep),
  /** As far as the search has come. */
  answer: capacityAnswer,
});
export type StrategySearch = z.infer<typeof strategySearch>;

export const capacityRecord = z.strictObject({
  schemaVersion: z.literal(CAPACITY_VERSION),
  promise,
  search: z.strictObject({
    lowest: rate,
    highest: rate,
    maxTrials: z.int().min(1),
    precision: z.number(),
    confidence: z.number(),
  }),
  strategies: z.array(strategySearch),
});
export type CapacityRecord = z.infer<typeof capacityRecord>;
