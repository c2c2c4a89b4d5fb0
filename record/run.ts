/** `run.json`: what a run set out to do, on what, and how it ended. */
import { z } from 'zod';
import { reason, serverVersion, tiers } from './common.ts';
import { capacityPlanRecord } from './search.ts';

export const hostFingerprint = z.strictObject({
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  cores: z.int().min(1),
  memoryBytes: z.number(),
  /** `kvm`, `firecracker`, `none`, … or `unknown`. */
  virtualization: z.string(),
});

export const placementRecord = z.strictObject({
  cores: z.strictObject({
    generator: z.array(z.int()),
    balancer: z.array(z.int()),
    app: z.array(z.int()),
    store: z.array(z.int()),
  }),
  shared: z.boolean(),
  description: z.string(),
});

/** What each process of a service may use, where the runtime enforces it. */
export const serviceBudget = z.strictObject({
  service: z.string(),
  tier: z.enum(tiers),
  nodes: z.int().min(1),
  cores: z.array(z.int()),
  /** Processor time in cores. */
  cpus: z.number(),
  memoryMiB: z.number(),
});

export const runStrategy = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** `measured`: it was started and took part; `not-measured`: it could not, and `reasons` says why. */
  status: z.enum(['planned', 'measured', 'not-measured']),
  reasons: z.array(reason),
  versions: z.array(serverVersion),
  /** Absent where nothing is enforced. */
  budgets: z.array(serviceBudget).optional(),
});

/** One side of a comparison: what code it ran. */
export const comparedCode = z.strictObject({
  /** For people: `main (1a2b3c4)`, `the working tree`. */
  label: z.string(),
  commit: z.string().nullable(),
  /** True where the files were not those of the commit; null where that is unknown. */
  dirty: z.boolean().nullable(),
});
export type ComparedCode = z.infer<typeof comparedCode>;

/** Two entries of `strategies` that are the same strategy on both sides. */
export const comparedPair = z.strictObject({
  strategy: z.string(),
  baseline: z.string(),
  candidate: z.string(),
  /** CPU time that the self-test added to each request of the candidate, in microseconds. */
  addedMicros: z.number().min(0),
});
export type ComparedPair = z.infer<typeof comparedPair>;

export const comparedRun = z.strictObject({
  command: z.enum(['compare', 'selftest']),
  baseline: comparedCode,
  candidate: comparedCode,
  pairs: z.array(comparedPair).min(1),
  /** Blocks after which all servers were started anew. */
  blocksPerDeployment: z.int().min(1),
});
export type ComparedRun = z.infer<typeof comparedRun>;

export const runRecord = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  /** The command as typed. */
  command: z.array(z.string()),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  tool: z.strictObject({ version: z.string(), commit: z.string().nullable(), dirty: z.boolean().nullable() }),
  runtime: z.enum(['native', 'docker']),
  seed: z.int(),
  preset: z.string(),
  scenario: z.strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    /** Where the mix, the payload and the population come from. */
    source: z.string(),
    mix: z.record(z.string(), z.number()),
    payloadBytes: z.int(),
    sessions: z.int(),
    zipfExponent: z.number(),
  }),
  plan: z.strictObject({
    blocks: z.int().min(1),
    warmupSeconds: z.number(),
    measureSeconds: z.number(),
    connections: z.int(),
    apps: z.int(),
    /** Strategies of each block in the order of measuring. */
    order: z.array(z.array(z.string())),
  }),
  rate: z
    .strictObject({
      value: z.number(),
      mode: z.enum(['auto', 'given']),
      /** One sentence: how it came about. */
      explanation: z.string(),
      /** Closed-loop throughput of each strategy that `auto` found, in requests per second. */
      probed: z.record(z.string(), z.number()),
    })
    .nullable(),
  /** Only in runs that search for capacity; `capacity.json` has what they found. */
  capacity: capacityPlanRecord.optional(),
  host: hostFingerprint,
  placement: placementRecord,
  versions: z.array(serverVersion),
  strategies: z.array(runStrategy),
  /** Milliseconds spent on each kind of step, the whole run. */
  timings: z.record(z.string(), z.number()),
  /** Faults met while running or stopping. */
  faults: z.array(reason),
  /** Which entries of `strategies` are compared; null in a run of `bench`, and absent in runs older than this field. */
  comparison: comparedRun.nullable().default(null),
});
export type RunRecord = z.infer<typeof runRecord>;
