/** From what a person wants to compare to the plan of a run that holds both sides of each strategy. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { appMain } from '../../infra/strategies.ts';
import type { SideCode } from '../../record/design.ts';
import { estimateSeconds } from '../estimate.ts';
import {
  CONNECTIONS,
  type Plan,
  type RateChoice,
  type Setting,
  type SideApp,
  type SidesDesign,
} from '../plan.ts';
import { freshSeed } from '../random.ts';
import type { Scenario } from '../scenarios.ts';
import type { Checkout } from './checkout.ts';

/**
 * So long that one strategy is judged within ten minutes on two cores, servers and warm-up included. Many short trials and
 * many starts, since a shared machine's speed changes from second to second, and what a process costs from start to start:
 * longer trials average neither.
 */
export const compareDefaults = {
  blocks: 24,
  warmupSeconds: 0.7,
  measureSeconds: 4,
  /** After each start of the servers: Node.js optimises code for thousands of requests. */
  burstSeconds: 6,
  sessions: 2000,
  blocksPerDeployment: 3,
} as const;

/** A strategy with the code that it runs, under a name of its own in the run. */
export interface Side {
  readonly strategy: Strategy;
  readonly app: SideApp;
}

export interface Pair {
  /** Name of the strategy that both sides are. */
  readonly strategy: string;
  readonly baseline: Side;
  readonly candidate: Side;
  /** CPU time that was added to each request of the candidate, in microseconds. */
  readonly addedMicros: number;
}

export function sideOf(strategy: Strategy, suffix: string, label: string, app: SideApp): Side {
  const title = `${strategy.topology.title}, ${label}`;
  const name = `${strategy.name}-${suffix}`;
  return { strategy: { ...strategy, name, topology: { ...strategy.topology, title } }, app };
}

/** @param pairs sides may stand in more than one */
export function sidesPlan(
  setting: Omit<Setting, 'strategies'>,
  design: Omit<SidesDesign, 'kind' | 'pairs' | 'apps'>,
  pairs: readonly Pair[],
): Plan<SidesDesign> {
  const sides = new Map(
    pairs
      .flatMap(({ baseline, candidate }) => [baseline, candidate])
      .map((side) => [side.strategy.name, side]),
  );
  return {
    ...setting,
    strategies: [...sides.values()].map(({ strategy }) => strategy),
    design: {
      kind: 'sides',
      ...design,
      pairs: pairs.map(({ strategy, baseline, candidate, addedMicros }) => ({
        strategy,
        baseline: baseline.strategy.name,
        candidate: candidate.strategy.name,
        addedMicros,
      })),
      apps: new Map([...sides].map(([name, { app }]) => [name, app])),
    },
  };
}

/** What is undefined was not said. */
export interface CompareWishes {
  readonly scenario: Scenario;
  readonly blocks: number | undefined;
  /** Measured seconds of each trial. */
  readonly duration: number | undefined;
  readonly rate: RateChoice;
  readonly seed: number | undefined;
}

/** A comparison as far as it is known before the ref is checked out. */
export interface Comparison extends Setting {
  readonly blocks: number;
  readonly rate: RateChoice;
}

/** @param strategies of the working tree, those to compare */
export function comparisonOf(wishes: CompareWishes, strategies: readonly Strategy[]): Comparison {
  const { scenario, rate } = wishes;
  const { blocks, sessions, warmupSeconds, measureSeconds, burstSeconds } = compareDefaults;
  return {
    preset: 'compare',
    script: scenario.script,
    workload: { ...scenario.workload, sessions },
    strategies,
    connections: CONNECTIONS,
    apps: 2,
    seed: wishes.seed ?? freshSeed(),
    warmupSeconds,
    measureSeconds: wishes.duration ?? measureSeconds,
    burstSeconds,
    blocks: wishes.blocks ?? blocks,
    rate,
  };
}

/** Both sides of each strategy: its folder and app at the ref, and those of the working tree. */
export function comparePlan(
  { strategies, blocks, rate, ...setting }: Comparison,
  checkout: Pick<Checkout, 'appMain' | 'strategies'>,
  baseline: SideCode,
  candidate: SideCode,
): Plan<SidesDesign> {
  const { blocksPerDeployment } = compareDefaults;
  const pairs = strategies.flatMap((after): Pair[] => {
    const before = checkout.strategies.find(({ name }) => name === after.name);
    if (!before) return [];
    return [
      {
        strategy: after.name,
        baseline: sideOf(before, 'baseline', baseline.label, { appMain: checkout.appMain, slowdown: null }),
        candidate: sideOf(after, 'candidate', candidate.label, { appMain, slowdown: null }),
        addedMicros: 0,
      },
    ];
  });
  return sidesPlan(
    setting,
    { command: 'compare', baseline, candidate, blocks, rate, blocksPerDeployment },
    pairs,
  );
}

/** As if the ref had the strategies of the working tree. */
export function estimateComparison(comparison: Comparison): number {
  const code: SideCode = { label: '', commit: null, dirty: null };
  const { strategies } = comparison;
  return estimateSeconds(comparePlan(comparison, { appMain, strategies }, code, code));
}
