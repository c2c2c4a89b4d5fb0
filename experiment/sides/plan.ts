/** From what a person wants to compare to the plan of a run that holds both sides of each strategy. */
import path from 'node:path';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { CONNECTIONS } from '../../infra/services/k6/index.ts';
import { appMain } from '../../infra/strategies.ts';
import type { SideCode } from '../../record/design.ts';
import { estimateSeconds } from '../estimate.ts';
import type { Population } from '../fit.ts';
import type { Plan, RateChoice, Setting, SideApp, SidesDesign } from '../plan.ts';
import { freshSeed } from '../random.ts';
import { repository } from '../repository.ts';
import type { Scenario } from '../scenarios.ts';
import type { Checkout } from './checkout.ts';

/**
 * So long that one strategy is judged within ten minutes on two cores, servers and warm-up included, with room for trials
 * that are measured again. Many starts, since both sides at once leave what differs between two processes of the same code:
 * 2 to 4 % (docs/measurements/2026-11-26-duet.md), which neither longer nor more trials of the same processes average.
 */
export const compareDefaults = {
  blocks: 36,
  warmupSeconds: 0.7,
  measureSeconds: 4,
  /** After each start of the servers: Node.js optimises code for thousands of requests. */
  burstSeconds: 6,
  sessions: 2000,
  blocksPerDeployment: 2,
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
  /** What was added to each request of the candidate, or to each of its calls of the store, in microseconds. */
  readonly addedMicros: number;
}

export function sideOf(strategy: Strategy, suffix: string, label: string, app: SideApp): Side {
  const title = `${strategy.topology.title}, ${label}`;
  const name = `${strategy.name}-${suffix}`;
  return { strategy: { ...strategy, name, topology: { ...strategy.topology, title } }, app };
}

/** @param pairs a side stands in one of them: its other side is driven at the same time */
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

const APPS = 2;

const workloadOf = ({ workload }: Scenario) => ({ ...workload, sessions: compareDefaults.sessions });

/** What each of these strategies must have room for. */
export const comparedPopulation = (scenario: Scenario, strategies: readonly Strategy[]): Population => ({
  strategies,
  apps: APPS,
  workload: workloadOf(scenario),
});

/** @param strategies of the working tree, those to compare */
export function comparisonOf(wishes: CompareWishes, strategies: readonly Strategy[]): Comparison {
  const { scenario, rate } = wishes;
  const { blocks, warmupSeconds, measureSeconds, burstSeconds } = compareDefaults;
  return {
    preset: 'compare',
    script: scenario.script,
    ...comparedPopulation(scenario, strategies),
    workload: workloadOf(scenario),
    connections: CONNECTIONS,
    seed: wishes.seed ?? freshSeed(),
    warmupSeconds,
    measureSeconds: wishes.duration ?? measureSeconds,
    burstSeconds,
    blocks: wishes.blocks ?? blocks,
    rate,
  };
}

type SideCheckout = Pick<Checkout, 'folder' | 'appMain' | 'strategies' | 'code'>;

/** Both sides of each strategy, and the scenario as the working tree has it: all from their checkouts. */
export function comparePlan(
  { strategies, blocks, rate, ...setting }: Comparison,
  { baseline, candidate }: { readonly baseline: SideCheckout; readonly candidate: SideCheckout },
): Plan<SidesDesign> {
  const { blocksPerDeployment } = compareDefaults;
  const pairs = strategies.flatMap(({ name }): Pair[] => {
    const sideIn = ({ strategies: there, code, appMain: main }: SideCheckout, suffix: string): Side[] =>
      there
        .filter((each) => each.name === name)
        .map((each) => sideOf(each, suffix, code.label, { appMain: main, slowdown: null }));
    const [before, after] = [sideIn(baseline, 'baseline')[0], sideIn(candidate, 'candidate')[0]];
    return before && after ? [{ strategy: name, baseline: before, candidate: after, addedMicros: 0 }] : [];
  });
  const code = { baseline: baseline.code, candidate: candidate.code };
  return sidesPlan(
    { ...setting, script: inCheckout(setting.script, candidate) },
    { command: 'compare', ...code, blocks, rate, blocksPerDeployment },
    pairs,
  );
}

/** A script of this repository as it is in a checkout; one from elsewhere stays where it is. */
function inCheckout(script: string, { folder }: SideCheckout): string {
  const inside = path.relative(repository, script);
  return inside.startsWith('..') ? script : path.join(folder, inside);
}

/** As if the ref had the strategies of the working tree. */
export function expectedPlan(comparison: Comparison): Plan<SidesDesign> {
  const code: SideCode = { label: '', commit: null, dirty: null, digest: null };
  const side = { folder: repository, appMain, strategies: comparison.strategies, code };
  return comparePlan(comparison, { baseline: side, candidate: side });
}

export const estimateComparison = (comparison: Comparison): number =>
  estimateSeconds(expectedPlan(comparison));
