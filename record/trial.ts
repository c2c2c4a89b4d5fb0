/** `trials/<n>-<strategy>/trial.json`: one trial as it was measured. Written before anything is analysed. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { errors, operationName, violations } from './common.ts';
import { trialFault } from './faults.ts';
import { trialNoise } from './noise.ts';
import { pages } from './pages.ts';
import { reason } from './reasons.ts';
import { promiseOutcome } from './search.ts';
import { strain } from './strain.ts';

const count = z.int().min(0);

/** Version of `trial.json`. */
export const TRIAL_VERSION = 1;

export const tierUsage = z.strictObject({
  /** CPU time used in the measured phase by the tier's whole process trees, in microseconds. */
  cpuMicros: z.number().min(0),
  /** Proportional set size at the end of the measured phase, in bytes; null where it could not be read. */
  memoryBytes: z.number().min(0).nullable(),
});

/** Requests of one operation, and those without a right answer by class. */
const operationCounts = z.strictObject({ count, errors, violations });

export const trialRecord = z.strictObject({
  schemaVersion: z.literal(TRIAL_VERSION),
  /** From 1, in the order of measuring. */
  number: z.int().min(1),
  block: z.int().min(1),
  strategy: z.string(),
  status: z.enum(['valid', 'invalid']),
  /** Why it is invalid; empty when valid. */
  reasons: z.array(reason),
  /** What a reader should know of a trial that is valid all the same. */
  warnings: z.array(reason),
  startedAt: z.string(),
  /**
   * Arrivals per second that were asked for, and that got an answer: the same share of the rate as of the arrivals that were
   * due, over the time that it took to send them. Logins that repair a lost session are no arrivals.
   */
  offeredRate: z.number().min(0),
  achievedRate: z.number().min(0),
  measuredSeconds: z.number().min(0),
  operations: z.partialRecord(operationName, operationCounts),
  /** Of the logins of the population and the warm-up: in no number but that of wrong answers. */
  before: addedLater(z.partialRecord(operationName, operationCounts).nullable(), null),
  /** What became of pages; null where the scenario sends none. */
  pages: addedLater(pages.nullable(), null),
  /** Requests of the measured phase by three independent counts; equal unless requests failed on their way. */
  requests: z.strictObject({
    generator: count,
    /** Null when the count could not be read. */
    balancer: count.nullable(),
    /** Of those, the ones that it answered itself with a 5xx, since no app was up or none answered. Null as above. */
    byBalancer: addedLater(count.nullable(), null),
    apps: z.array(count).nullable(),
  }),
  usage: z.strictObject({
    generator: tierUsage.nullable(),
    balancer: tierUsage.nullable(),
    app: tierUsage.nullable(),
    store: tierUsage.nullable(),
  }),
  pacing: z.strictObject({
    arrivals: count,
    /** Arrivals that got an answer, right or wrong; null where it was not counted. */
    answered: addedLater(count.nullable(), null),
    dropped: count,
    waited: count,
    waitP99Micros: z.number(),
    waitMaxMicros: z.number(),
    /** How long the last arrival waited for a connection: a queue that was still there at the end. Null as above. */
    lastWaitMicros: addedLater(z.number().nullable(), null),
    lagP50Micros: z.number(),
    lagP99Micros: z.number(),
    lagMaxMicros: z.number(),
    redraws: count,
    reconnects: count,
    /** CPU time of the generator over the measured time times its cores, 0 to 1. */
    generatorCpuShare: z.number().min(0),
  }),
  /** Share of the host's CPU time that the hypervisor gave to others in the measured phase, 0 to 1; null where unknown. */
  stealShare: z.number().min(0).nullable(),
  /** Share of the host's CPU time that went to processes other than ours, 0 to 1; null where unknown. */
  foreignShare: addedLater(z.number().min(0).nullable(), null),
  /** What others did on the machine before and in the trial; null where that was not looked at. */
  noise: addedLater(trialNoise.nullable(), null),
  /** What the trial says of the promise; null in runs that do not search. */
  promise: addedLater(promiseOutcome.nullable(), null),
  /** What was done to its deployment on purpose, and what came of it; null in runs of other designs. */
  fault: addedLater(trialFault.nullable(), null),
  /** Commands that the strategy's servers carried out in the measured phase. */
  storeCommands: z.record(z.string(), z.number()).nullable(),
  /** What servers and stores say of their limits, from the empty store to the last answer; null where nobody was asked. */
  strain: addedLater(strain.nullable(), null),
  /** Milliseconds that each step took. */
  timings: z.record(z.string(), z.number()),
});
export type TrialRecord = z.infer<typeof trialRecord>;

/** How long the trial was to be measured: trials of faults have a length of their own. */
export const plannedSecondsOf = (
  { fault }: Pick<TrialRecord, 'fault'>,
  { plan }: { readonly plan: { readonly measureSeconds: number } },
): number => fault?.plannedSeconds ?? plan.measureSeconds;
