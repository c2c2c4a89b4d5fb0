/** From what a person wants to measure to the plan of a run of `bench`: a comparison of strategies, a search, distances or faults. */
import type { Strategy } from '../infra/runtimes/runtime.ts';
import { CONNECTIONS } from '../infra/services/k6/index.ts';
import type { Workload } from '../record/workload.ts';
import { DISTANCE_SECONDS, DISTANCE_SESSIONS, type DistanceWishes, distanceDesign } from './distance/plan.ts';
import { blocksWithin, estimateSeconds } from './estimate.ts';
import type { Fault } from './faults/fault.ts';
import { faultsDesign } from './faults/plan.ts';
import { measuredSecondsOf, WARMUP_SECONDS } from './faults/timing.ts';
import type {
  BlocksDesign,
  DistanceDesign,
  FaultsDesign,
  Plan,
  RateChoice,
  SearchDesign,
  Setting,
} from './plan.ts';
import type { Preset } from './presets.ts';
import { freshSeed } from './random.ts';
import type { Scenario } from './scenarios.ts';
import { searchDesign, shortestTrial } from './search/plan.ts';
import { overNumbersOfApps } from './search/scaled.ts';
import type { Slo } from './search/slo.ts';

/**
 * A search has no blocks over which code that is still cold would show as drift, so its bursts are longer: after 2 s,
 * the first trials of Redis broke a promise at a third of the rate that was kept later.
 */
const BURST_OF_SEARCH = 3;

/** What is undefined was not said: the preset or the scenario has it. */
export interface BenchWishes {
  readonly preset: Preset;
  readonly scenario: Scenario;
  readonly strategies: readonly Strategy[];
  readonly sessions: number | undefined;
  /** Bytes in each session. */
  readonly payload: number | undefined;
  /** Measured seconds of each trial. */
  readonly duration: number | undefined;
  readonly apps: number;
  readonly seed: number | undefined;
}

/** How many blocks are measured. */
export type Extent =
  | { readonly by: 'preset' }
  | { readonly by: 'blocks'; readonly blocks: number }
  /** As many as fit, with the strategies that can run: the others take no time. */
  | { readonly by: 'minutes'; readonly minutes: number; readonly able: readonly Strategy[] };

interface BlocksWishes {
  readonly extent: Extent;
  readonly rate: RateChoice;
}

/** Where not one block fits into the minutes (`leastMinutes`), the plan has one. */
export function blocksPlan(wishes: BenchWishes, { extent, rate }: BlocksWishes): Plan<BlocksDesign> {
  const one = planOfOneBlock(wishes, rate);
  const withBlocks = (blocks: number) => ({ ...one, design: { ...one.design, blocks } });
  const ofAble = (able: readonly Strategy[]) => (blocks: number) => ({
    ...withBlocks(blocks),
    strategies: able,
  });
  switch (extent.by) {
    case 'preset':
      return withBlocks(wishes.preset.blocks);
    case 'blocks':
      return withBlocks(extent.blocks);
    case 'minutes':
      return withBlocks(Math.max(1, blocksWithin(extent.minutes * 60, ofAble(extent.able))));
  }
}

/** Seconds that a run of one block takes, as estimated. */
export const leastSeconds = (wishes: BenchWishes, rate: RateChoice): number =>
  estimateSeconds(planOfOneBlock(wishes, rate));

/** The same in minutes, rounded up to a tenth. */
export const leastMinutes = (wishes: BenchWishes, rate: RateChoice): number =>
  Math.ceil(leastSeconds(wishes, rate) / 6) / 10;

function planOfOneBlock(wishes: BenchWishes, rate: RateChoice): Plan<BlocksDesign> {
  const { preset, duration } = wishes;
  const burst = rate.mode === 'auto' || preset.burstAtGivenRate;
  return {
    ...settingOf(wishes),
    burstSeconds: burst ? preset.burstSeconds : 0,
    design: {
      kind: 'blocks',
      blocks: 1,
      rate,
      fewestReads: duration === undefined ? preset.fewestReads : 0,
    },
  };
}

export function searchPlan(
  wishes: BenchWishes,
  {
    slo,
    maxTrials,
    moreApps = [],
  }: {
    readonly slo: Slo;
    readonly maxTrials: number | undefined;
    /** Numbers of apps, each greater than the wished one, with which each strategy is searched once more. */
    readonly moreApps?: readonly number[];
  },
): Plan<SearchDesign> {
  const setting = settingOf(wishes);
  const { strategies, scaled } = overNumbersOfApps(wishes.strategies, moreApps);
  return {
    ...setting,
    strategies,
    // As long as the promise takes to be seen kept.
    measureSeconds: Math.max(setting.measureSeconds, Math.ceil(shortestTrial(slo))),
    burstSeconds: BURST_OF_SEARCH * setting.burstSeconds,
    design: { ...searchDesign(slo, maxTrials), scaled },
  };
}

/** Each fault's trials have a length of their own; the plan's is the longest. */
export function faultsPlan(
  wishes: BenchWishes,
  { faults, rate }: { readonly faults: readonly Fault[]; readonly rate: RateChoice },
): Plan<FaultsDesign> {
  return {
    ...settingOf(wishes),
    measureSeconds: Math.max(...faults.map(measuredSecondsOf)),
    warmupSeconds: WARMUP_SECONDS,
    // Whether a session is lost does not hang on warm code.
    burstSeconds: 0,
    design: faultsDesign(faults, wishes.strategies, rate),
  };
}

/** @param passes undefined: as many as the preset has */
export function distancePlan(
  wishes: BenchWishes,
  {
    passes = wishes.preset.passes,
    ...chosen
  }: Omit<DistanceWishes, 'passes'> & { readonly passes: number | undefined },
): Plan<DistanceDesign> {
  const setting = settingOf({ ...wishes, sessions: wishes.sessions ?? DISTANCE_SESSIONS });
  return {
    ...setting,
    measureSeconds: wishes.duration ?? DISTANCE_SECONDS,
    design: distanceDesign({ ...chosen, passes }, wishes.strategies, setting.seed),
  };
}

/** The scenario's workload with the sizes that were asked for. */
export const workloadOf = ({
  preset,
  scenario: { workload },
  sessions,
  payload,
}: Pick<BenchWishes, 'preset' | 'scenario' | 'sessions' | 'payload'>): Workload => ({
  ...workload,
  sessions: sessions ?? preset.sessions ?? workload.sessions,
  payloadBytes: payload ?? workload.payloadBytes,
});

/** What plans of every design have of the wishes. */
export function settingOf(wishes: BenchWishes): Setting {
  const { preset, scenario, strategies, apps } = wishes;
  return {
    preset: preset.name,
    script: scenario.script,
    workload: workloadOf(wishes),
    strategies,
    connections: CONNECTIONS,
    apps,
    seed: wishes.seed ?? freshSeed(),
    warmupSeconds: preset.warmupSeconds,
    measureSeconds: wishes.duration ?? preset.measureSeconds,
    burstSeconds: preset.burstSeconds,
  };
}
