/** What the self-test measures: the same code on all sides, some of them slowed down. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { CONNECTIONS } from '../../infra/services/k6/index.ts';
import { appMain } from '../../infra/strategies.ts';
import type { SideCode } from '../../record/design.ts';
import type { Population } from '../fit.ts';
import type { Plan, RateChoice, SidesDesign } from '../plan.ts';
import { MAX_SEED } from '../random.ts';
import type { Scenario } from '../scenarios.ts';
import { sideOf, sidesPlan } from '../sides/plan.ts';

export interface SelftestWishes {
  readonly strategy: Strategy;
  readonly scenario: Scenario;
  /** A/A comparisons. */
  readonly comparisons: number;
  /** CPU time that is added to each request, as shares of what a request costs. */
  readonly slowdowns: readonly number[];
  /** Comparisons of each slowdown. */
  readonly slowed: number;
  /** Pairs of trials in each comparison. */
  readonly blocks: number;
  /** Measured seconds of each trial. */
  readonly duration: number;
  readonly rate: RateChoice;
}

/** Few and short, since there are many comparisons; long enough that a percentile of a trial has thousands of reads. */
const sizes = { warmupSeconds: 0.1, burstSeconds: 6, sessions: 200 } as const;
/** Blocks by which the rate and the cost of a request are found, at most: no more than a comparison has. */
const CALIBRATION_BLOCKS = 4;
/** Fewer starts than the gate has, for want of time: the differences between processes weigh more here, so an A/A alarm is likelier. */
const BLOCKS_PER_DEPLOYMENT = 10;

/** A side with CPU time added to each request: `share` of what a request costs, `micros` in all. */
export interface Slowed {
  readonly share: number;
  readonly micros: number;
}

const code: SideCode = { label: 'the same code', commit: null, dirty: null, digest: null };

const APPS = 2;

const workloadOf = ({ workload }: Scenario) => ({ ...workload, sessions: sizes.sessions });

/** What the strategy must have room for. */
export const selftestPopulation = ({
  strategy,
  scenario,
}: Pick<SelftestWishes, 'strategy' | 'scenario'>): Population => ({
  strategies: [strategy],
  apps: APPS,
  workload: workloadOf(scenario),
});

/** One run: a baseline, an equal candidate, and a candidate for each slowdown. */
export function runPlan(
  { strategy, scenario, duration }: SelftestWishes,
  seed: number,
  rate: RateChoice,
  blocks: number,
  slowed: readonly Slowed[],
): Plan<SidesDesign> {
  const baseline = sideOf(strategy, 'a', 'baseline', { appMain, slowdown: null });
  const equal = { candidate: sideOf(strategy, 'b', 'the same', { appMain, slowdown: null }), addedMicros: 0 };
  const slower = slowed.map(({ share, micros }) => {
    const suffix = `slow-${String(share * 100).replace('.', '-')}`;
    const app = { appMain, slowdown: { cpuMicrosPerRequest: micros } };
    return { candidate: sideOf(strategy, suffix, `${share * 100} % slower`, app), addedMicros: micros };
  });
  const setting = {
    preset: 'selftest',
    script: scenario.script,
    workload: workloadOf(scenario),
    connections: CONNECTIONS,
    apps: APPS,
    seed,
    warmupSeconds: sizes.warmupSeconds,
    measureSeconds: duration,
    burstSeconds: sizes.burstSeconds,
  };
  return sidesPlan(
    setting,
    {
      command: 'selftest',
      baseline: code,
      candidate: code,
      blocks,
      rate,
      blocksPerDeployment: BLOCKS_PER_DEPLOYMENT,
    },
    [equal, ...slower].map((each) => ({ strategy: strategy.name, baseline, ...each })),
  );
}

const calibrationBlocks = ({ blocks }: SelftestWishes): number => Math.min(CALIBRATION_BLOCKS, blocks);

export const calibrationPlan = (wishes: SelftestWishes, seed: number): Plan<SidesDesign> =>
  runPlan(wishes, seed, wishes.rate, calibrationBlocks(wishes), []);

/** Draws of their own for each comparison. */
export const seedOf = (seed: number, number: number): number => (seed + number * 104_729) % MAX_SEED;

/** Slowdowns that the comparison with this number, from 1, measures besides: each `slowed` times in all. */
export const slowdownsIn = ({ slowed, slowdowns }: SelftestWishes, number: number): readonly number[] =>
  number <= slowed ? slowdowns : [];

/** Seconds around each trial of so few sessions, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1;
/** Seconds to start one side's servers and to begin and end its burst, as seen on 2 cores. */
const SIDE_SECONDS = 1.7;
/** Seconds around each run. */
const RUN_SECONDS = 1;

const runSeconds = ({ duration }: SelftestWishes, sides: number, blocks: number): number =>
  RUN_SECONDS +
  sides * Math.ceil(blocks / BLOCKS_PER_DEPLOYMENT) * (SIDE_SECONDS + sizes.burstSeconds) +
  sides * blocks * (sizes.warmupSeconds + duration + TRIAL_OVERHEAD_SECONDS);

/** In seconds, once servers are provisioned and k6 is built. */
export function estimateSelftestSeconds(wishes: SelftestWishes): number {
  const numbers = Array.from({ length: wishes.comparisons }, (_, index) => index + 1);
  return numbers.reduce(
    (sum, number) => sum + runSeconds(wishes, 2 + slowdownsIn(wishes, number).length, wishes.blocks),
    runSeconds(wishes, 2, calibrationBlocks(wishes)),
  );
}
