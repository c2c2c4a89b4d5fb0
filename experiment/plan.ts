/** Everything that a run will do, decided before anything is started. */
import type { DeployOptions, NetworkMode, Strategy } from '../infra/runtimes/runtime.ts';
import type { ScaledStrategy, SideCode, SidePair } from '../record/design.ts';
import type { DistanceDesign as DistanceRecord } from '../record/distance.ts';
import type { FootprintSeries, RaisedBudget } from '../record/footprint.ts';
import type { CommonRate } from '../record/rate.ts';
import type { Reason } from '../record/reasons.ts';
import type { Workload } from '../record/workload.ts';
import type { Possibility } from './faults/possible.ts';
import type { Grains } from './footprint/line.ts';
import type { Slo } from './search/slo.ts';

/** What runs of every design have. */
export interface Setting {
  /** Name of the sizes that were chosen, for the report. */
  readonly preset: string;
  /** Absolute path of the scenario's k6 script. */
  readonly script: string;
  /** The scenario's workload with the sizes that this run gives it. */
  readonly workload: Workload;
  /** All that is measured; in a run of sides each side is one. */
  readonly strategies: readonly Strategy[];
  readonly connections: number;
  /** App processes of each deployment, unless the design has more of some. */
  readonly apps: number;
  /** Seed of every random choice. */
  readonly seed: number;
  readonly warmupSeconds: number;
  readonly measureSeconds: number;
  /**
   * How long each deployment is driven in a closed loop before it counts; 0: not at all. An app's CPU time per request
   * falls by half over its first 20,000 requests, so cold and warm deployments would show different numbers.
   */
  readonly burstSeconds: number;
}

export type RateChoice =
  /** Half of what the slowest strategy gave in its burst. */
  { readonly mode: 'auto' } | { readonly mode: 'given'; readonly value: number };

/** One rate for all, and so many blocks at it. */
interface AtOneRate {
  readonly blocks: number;
  readonly rate: RateChoice;
}

/** Compares strategies: every block holds one trial of each. */
export interface BlocksDesign extends AtOneRate {
  readonly kind: 'blocks';
  /** Reads that a trial should hold; 0 when a person chose its length. */
  readonly fewestReads: number;
}

/** Searches for each strategy the highest rate that keeps a promise. */
export interface SearchDesign {
  readonly kind: 'search';
  readonly slo: Slo;
  /** Trials of each strategy, of whatever outcome. */
  readonly maxTrials: number;
  /** Trials that a search usually takes, for estimates. */
  readonly usualTrials: number;
  /** Half width of the interval that is good enough, as a share. */
  readonly precision: number;
  /** Probability with which the interval is to hold the capacity. */
  readonly confidence: number;
  /** Arrivals per second that the search never leaves. */
  readonly lowest: number;
  readonly highest: number;
  /** Seconds after a phase's last intended start during which waiting operations are still sent. */
  readonly overtimeSeconds: number;
  /** Those of the strategies that have more apps than the setting says. */
  readonly scaled: readonly ScaledStrategy[];
}

/** The code that a side runs, instead of this checkout's app as it is. */
export type SideApp = Pick<DeployOptions, 'appMain' | 'slowdown'>;

/** Compares two versions of the same strategies: every block holds both sides of each. */
export interface SidesDesign extends AtOneRate {
  readonly kind: 'sides';
  readonly command: 'compare' | 'selftest';
  readonly baseline: SideCode;
  readonly candidate: SideCode;
  readonly pairs: readonly SidePair[];
  /** By the name of the side among `strategies`. */
  readonly apps: ReadonlyMap<string, SideApp>;
  /** All servers are started anew after so many blocks. */
  readonly blocksPerDeployment: number;
}

/** Sessions that are seen to end together, at most. */
export const MOST_EXPIRED = 1_000_000;

/** One strategy at growing numbers of sessions of one size. */
export interface PlannedSeries {
  /** With the budgets that the largest number needs. */
  readonly strategy: Strategy;
  readonly payloadBytes: number;
  /** Those that have room, ascending; at least two. */
  readonly sizes: readonly number[];
  readonly keptIn: FootprintSeries['keptIn'];
  readonly raised: readonly RaisedBudget[];
  /** What readings of it tell apart. */
  readonly grains: Grains;
}

/** Weighs what sessions take, at growing numbers of them. */
export interface FootprintDesign {
  readonly kind: 'footprint';
  /** Ascending; at least two. */
  readonly sizes: readonly number[];
  readonly payloads: readonly number[];
  readonly series: readonly PlannedSeries[];
  /** What has no room, and what was raised. */
  readonly told: readonly Reason[];
  /** Reads per second of each trial. */
  readonly readRate: number;
  /** Sessions that are read in a trial, at most. */
  readonly readSessions: number;
  /** For how long it is looked whether sessions that have ended are gone; 0: it is not. */
  readonly watchSeconds: number;
}

/** Does something to deployments on purpose, and looks at what becomes of their sessions: every block holds one fault. */
export interface FaultsDesign {
  readonly kind: 'faults';
  readonly rate: CommonRate;
  /** In the order of measuring. */
  readonly faults: readonly Possibility[];
}

/** Measures how much longer operations take when apps and servers are further apart: every block is at one distance. */
export interface DistanceDesign {
  readonly kind: 'distance';
  readonly rate: CommonRate;
  /** Milliseconds added to each round trip, block by block. */
  readonly addedMs: readonly number[];
  /** On paper, by strategy. */
  readonly roundTrips: DistanceRecord['roundTrips'];
}

export type Design =
  | BlocksDesign
  | SearchDesign
  | SidesDesign
  | DistanceDesign
  | FaultsDesign
  | FootprintDesign;
/** What a bench may set out to do. */
export type BenchDesign = Exclude<Design, SidesDesign>;
export type Plan<Of extends Design = Design> = Setting & { readonly design: Of };

/** A seed for each block: its trials draw the same sessions and operations for all strategies. */
export const trialSeed = ({ seed }: Setting, block: number): number => (seed + block * 7919) % 2 ** 31;

/** Between the apps and the servers of all deployments of a run, unless a trial wants another one. */
export const networkOf = ({ kind }: Design): NetworkMode => (kind === 'distance' ? 'proxied' : 'direct');

/** `proxied` where some deployment of the run has proxies: then they are fetched. */
export const proxiesOf = (design: Design): NetworkMode =>
  design.kind === 'faults' && design.faults.some(({ fault }) => fault.network === 'proxied')
    ? 'proxied'
    : networkOf(design);
