/** `run.json`: what a run set out to do, on what, and how it ended. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { serverVersion, tiers } from './common.ts';
import { design } from './design.ts';
import { runPatience } from './noise.ts';
import { onPaper } from './on-paper.ts';
import { reason } from './reasons.ts';
import { workload } from './workload.ts';

/** Version of `run.json`; version-1.ts brings older ones up to it. */
export const RUN_VERSION = 2;

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
  /** Logical cores that share a physical core, siblings of other owners included; null where the system does not tell. */
  siblings: addedLater(z.array(z.array(z.int())).nullable(), null),
  /** Cores by kind, the fastest kind first; null where the system does not tell. */
  kinds: addedLater(z.array(z.strictObject({ name: z.string(), cores: z.array(z.int()) })).nullable(), null),
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
export type ServiceBudget = Readonly<z.infer<typeof serviceBudget>>;

export const runStrategy = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** What its topology says of it without measuring; null in records that are older than the field. */
  onPaper: addedLater(onPaper.nullable(), null),
  /** `measured`: it was started and took part; `not-measured`: it could not, and `reasons` says why. */
  status: z.enum(['planned', 'measured', 'not-measured']),
  reasons: z.array(reason),
  versions: z.array(serverVersion),
  /** Empty where nothing is enforced. */
  budgets: z.array(serviceBudget),
});

export const runRecord = z.strictObject({
  schemaVersion: z.literal(RUN_VERSION),
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
  /** The scenario's workload with the sizes that this run gave it. */
  scenario: workload,
  /** What the run set out to find. */
  design,
  plan: z.strictObject({
    warmupSeconds: z.number(),
    measureSeconds: z.number(),
    connections: z.int(),
    apps: z.int(),
    /** Idle life of a session, in seconds: the same for every strategy, longer than any trial. */
    idleSeconds: addedLater(z.number().nullable(), null),
    /** Strategies of each block in the order of measuring. */
    order: z.array(z.array(z.string())),
  }),
  host: hostFingerprint,
  placement: placementRecord,
  versions: z.array(serverVersion),
  strategies: z.array(runStrategy),
  /** Milliseconds spent on each kind of step, the whole run. */
  timings: z.record(z.string(), z.number()),
  /** What the run gave for a quiet machine; null where noise was tolerated, or nobody kept it. */
  patience: addedLater(runPatience.nullable(), null),
  /** Faults met while running or stopping. */
  faults: z.array(reason),
});
export type RunRecord = z.infer<typeof runRecord>;
