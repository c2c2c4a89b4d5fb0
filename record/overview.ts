/** `overview.json`: several stored runs that fit each other told together, with a line for each strategy. */
import { z } from 'zod';
import { operationName, serverVersion, violations } from './common.ts';
import { faultResult } from './faults.ts';
import { footprintSeries } from './footprint.ts';
import { latency } from './latency.ts';
import { metricNames } from './metrics.ts';
import { runRecord } from './run.ts';
import { capacityAnswer, promise } from './search.ts';
import { verdict } from './verdict.ts';
import { weakness } from './weakness.ts';

/** What runs of an overview set out to find. A gate's compares two versions of the code, and has no one number for a strategy. */
export const overviewDesigns = ['blocks', 'search', 'footprint', 'faults', 'distance'] as const;
export type OverviewDesign = (typeof overviewDesigns)[number];

const number = z.number().min(0);

/** Of the run that says so. */
const measured = { kind: z.literal('measured'), run: z.string() };

/** In none of the runs: `why` where one tried and says so, else empty; and the command that would measure it. */
const missing = z.strictObject({ kind: z.literal('missing'), why: z.string(), command: z.string() });
export type Missing = z.infer<typeof missing>;

/** How a strategy stands on a metric among those of its run. */
const standing = z.strictObject({
  metric: z.enum(metricNames),
  /** Strategies that share a letter are not told apart; empty where none are, and where it was not ranked. */
  letters: z.string(),
  /** This strategy held against the first of the ranking; null for the first itself, and where they were not compared. */
  against: verdict.nullable(),
});
export type Standing = z.infer<typeof standing>;

const load = z.discriminatedUnion('kind', [
  z.strictObject({
    ...measured,
    /** Operations per second that were offered; null where no valid trial says so. */
    rate: number.nullable(),
    /** From the intended start; null where the scenario has no reads. */
    readP50Ms: latency.nullable(),
    /** Of balancer, apps and servers together, in microseconds. */
    cpuMicrosPerRequest: number.nullable(),
    standings: z.array(standing),
    violations: violations.nullable(),
  }),
  /** Too many requests got no right answer. */
  z.strictObject({ kind: z.literal('failed'), run: z.string(), why: z.string() }),
  missing,
]);
export type OverviewLoad = z.infer<typeof load>;

const capacity = z.discriminatedUnion('kind', [
  z.strictObject({ ...measured, answer: capacityAnswer }),
  missing,
]);

const footprint = z.discriminatedUnion('kind', [
  z.strictObject({
    ...measured,
    keptIn: footprintSeries.shape.keptIn,
    /** Bytes; null where nobody tells. */
    storeBytesPerSession: number.nullable(),
    appBytesPerSession: number.nullable(),
    /** The most sessions that were weighed. */
    testedTo: number.nullable(),
    /** Of that number, predicted by the others: predicted over measured, less 1. */
    heldOutError: z.number().nullable(),
  }),
  missing,
]);

const survival = z.discriminatedUnion('kind', [
  z.strictObject({
    ...measured,
    result: faultResult,
    /**
     * Computed, not measured: for how many seconds of logins and writes the losses stand, at the rate of the run. Only where the
     * newest are what may be lost, and some were; else null.
     */
    newestLostSeconds: number.nullable(),
  }),
  z.strictObject({ kind: z.literal('impossible'), why: z.string() }),
  missing,
]);
export type OverviewSurvival = z.infer<typeof survival>;

const line = z.strictObject({
  name: z.string(),
  title: z.string(),
  load,
  capacity,
  footprint,
  /** By name of the fault, each of the overview's. */
  faults: z.record(z.string(), survival),
  /** Round trips that an operation waits for, with the interval of its slope; those that a run of distances found. */
  roundTrips: z.partialRecord(
    operationName,
    z.strictObject({ trips: z.number(), low: z.number(), high: z.number() }),
  ),
  /** What any of the runs saw first, then what is known on paper; null where nothing is known. */
  weaknesses: z.array(weakness).nullable(),
});
export type OverviewLine = z.infer<typeof line>;

const run = z.strictObject({
  id: z.string(),
  design: z.enum(overviewDesigns),
  preset: z.string(),
  scenario: z.string(),
  status: z.enum(['finished', 'interrupted', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  tool: runRecord.shape.tool,
  /** As typed. */
  command: z.array(z.string()),
  /** What the run came to, by itself. */
  answer: z.string(),
});
export type OverviewRun = z.infer<typeof run>;

export const OVERVIEW_VERSION = 1;

export const overview = z.strictObject({
  kind: z.literal('overview'),
  schemaVersion: z.literal(OVERVIEW_VERSION),
  /** At most 40 words. */
  answer: z.string(),
  details: z.array(z.string()),
  /** The runs in the order of their designs, the newest of one first. */
  runs: z.array(run).min(1),
  runtime: runRecord.shape.runtime,
  host: runRecord.shape.host,
  /** Whether tiers shared cores in one of the runs. */
  sharedCores: z.boolean(),
  /** Of balancer, Node.js and k6, and of the strategies' servers. */
  versions: z.array(serverVersion),
  /** Under which capacities were searched; null without a search. */
  promise: promise.nullable(),
  /** Of the sessions that bytes are of; null without a footprint. */
  payloadBytes: number.nullable(),
  faults: z.array(z.strictObject({ name: z.string(), title: z.string(), description: z.string() })),
  /** In reading order: the least CPU time first, strategies without it last. */
  strategies: z.array(line),
  /** What some strategies lack, with one command for all of them. */
  missing: z.array(
    z.strictObject({ what: z.string(), strategies: z.array(z.string()), command: z.string() }),
  ),
});
export type Overview = z.infer<typeof overview>;
