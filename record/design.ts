/** What a run set out to find: one case for each kind of run. Carried by `run.json` and `summary.json`. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';
import { distanceDesign } from './distance.ts';
import { faultsDesign } from './faults.ts';
import { commonRate } from './rate.ts';
import { promise } from './search.ts';

/** Blocks that a run has at most. */
export const MOST_BLOCKS = 100;

/** What code one side of a gate ran. */
export const sideCode = z.strictObject({
  /** For people: `main (1a2b3c4)`, `the working tree`. */
  label: z.string(),
  commit: z.string().nullable(),
  /** True where the files were not those of the commit; null where that is unknown. */
  dirty: z.boolean().nullable(),
  /** Of the files that the side runs and the packages that it asks for; equal where the code is. Null where unknown. */
  digest: z.string().nullable().default(null),
});
export type SideCode = z.infer<typeof sideCode>;

/** `duet`: both sides of a pair were driven at the same time; `turns`: one after the other, as all were once. */
export const pairing = z.enum(['duet', 'turns']);
export type Pairing = z.infer<typeof pairing>;

/** Two entries of `strategies` that are the same strategy on both sides. */
export const sidePair = z.strictObject({
  strategy: z.string(),
  baseline: z.string(),
  candidate: z.string(),
  /** What the self-test added to the candidate, in microseconds: to each request, or to each call of the store. */
  addedMicros: z.number().min(0),
});
export type SidePair = z.infer<typeof sidePair>;

/** Compares strategies: one trial of each in every block, all at one rate. */
export const blocksDesign = z.strictObject({
  kind: z.literal('blocks'),
  blocks: z.int().min(1),
  /** Null before it is found. */
  rate: commonRate.nullable(),
});
export type BlocksDesign = z.infer<typeof blocksDesign>;

/** A strategy with more apps than the run's plan has, under a name of its own. */
export const scaledStrategy = z.strictObject({
  /** Its name in the run. */
  strategy: z.string(),
  /** The strategy's own name. */
  of: z.string(),
  apps: z.int().min(1),
});
export type ScaledStrategy = Readonly<z.infer<typeof scaledStrategy>>;

/** Searches for each strategy the highest rate that keeps a promise; `capacity.json` has what it found. */
export const searchDesign = z.strictObject({
  kind: z.literal('search'),
  /** Rounds so far; each holds one trial of every strategy whose search goes on. */
  rounds: z.int().min(0),
  promise,
  /** Trials of each strategy, of whatever outcome. */
  maxTrials: z.int().min(1),
  /** Half width of the interval that is good enough, as a share. */
  precision: z.number(),
  /** Probability with which the interval is to hold the capacity. */
  confidence: z.number(),
  /** Seconds after a phase's last intended start during which waiting operations are still sent. */
  overtimeSeconds: z.number().min(0),
  /** Where several numbers of apps were asked for: all but those with the fewest. */
  scaled: addedLater(z.array(scaledStrategy), []),
});
export type SearchDesign = z.infer<typeof searchDesign>;

/** Compares two versions of the same strategies, in blocks that hold both sides of each. */
export const sidesDesign = z.strictObject({
  kind: z.literal('sides'),
  blocks: z.int().min(1),
  rate: commonRate.nullable(),
  command: z.enum(['compare', 'selftest']),
  baseline: sideCode,
  candidate: sideCode,
  pairs: z.array(sidePair).min(1),
  pairing: addedLater(pairing, 'turns'),
  /** Blocks after which all servers were started anew. */
  blocksPerDeployment: z.int().min(1),
});
export type SidesDesign = z.infer<typeof sidesDesign>;

/** Weighs what sessions take, at growing numbers of them; `footprint.json` has what it found. */
export const footprintDesign = z.strictObject({
  kind: z.literal('footprint'),
  /** Numbers of sessions that were asked for, ascending; those without room are left out of a series. */
  sizes: z.array(z.int().min(1)).min(2),
  /** Of each session, in bytes. */
  payloads: z.array(z.int().min(0)).min(1),
  /** Reads per second of each trial. */
  readRate: z.number().positive(),
  /** Sessions that are read in a trial, at most. */
  readSessions: z.int().min(1),
  /** For how long it is looked whether sessions that have ended are gone; 0: it is not. */
  watchSeconds: z.number().min(0),
  /** Trials so far. */
  steps: z.int().min(0),
});
export type FootprintDesign = z.infer<typeof footprintDesign>;

export const design = z.discriminatedUnion('kind', [
  blocksDesign,
  searchDesign,
  sidesDesign,
  distanceDesign,
  faultsDesign,
  footprintDesign,
]);
export type Design = z.infer<typeof design>;

/** How many blocks a run has at most; in a search, how many rounds it has had, and in a footprint how many steps. */
export function blocksIn(of: Design): number {
  switch (of.kind) {
    case 'search':
      return of.rounds;
    case 'footprint':
      return of.steps;
    case 'faults':
      return of.faults.length;
    case 'distance':
      return of.addedMs.length;
    case 'blocks':
    case 'sides':
      return of.blocks;
  }
}

/** The rate that all trials are offered; null before it is found, and in a search, which has many. */
export function rateIn(of: Design): number | null {
  if (of.kind === 'footprint') return of.readRate;
  return of.kind === 'search' ? null : (of.rate?.value ?? null);
}

/** Neither grows with what is found. */
export const hasBlocks = <Of extends { readonly kind: Design['kind'] }>(
  each: Of,
): each is Exclude<Of, { kind: 'search' | 'footprint' }> =>
  each.kind !== 'search' && each.kind !== 'footprint';
