/** What the self-test measures: the same code on all sides, some of them slowed down. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { CONNECTIONS } from '../../infra/services/k6/index.ts';
import { appMain } from '../../infra/strategies.ts';
import type { SideCode } from '../../record/design.ts';
import type { SlowKind } from '../../record/selftest.ts';
import type { Population } from '../fit.ts';
import type { Plan, RateChoice, SideApp, SidesDesign } from '../plan.ts';
import { MAX_SEED } from '../random.ts';
import type { Scenario } from '../scenarios.ts';
import { sideOf, sidesPlan } from '../sides/plan.ts';

export interface SelftestWishes {
  readonly strategy: Strategy;
  readonly scenario: Scenario;
  /** A/A comparisons. */
  readonly comparisons: number;
  /** What is added, as shares: of the CPU time that a request costs, or of the median time that a read takes. */
  readonly slowdowns: readonly number[];
  /** What candidates are made slower in. */
  readonly slow: readonly SlowKind[];
  /** Comparisons of each slowdown in each kind. */
  readonly slowed: number;
  /** Pairs of trials in each comparison. */
  readonly blocks: number;
  /** Measured seconds of each trial. */
  readonly duration: number;
  readonly rate: RateChoice;
}

/** Of one comparison: a slowdown as a share, or none in an A/A comparison. */
export type Wanted = { readonly kind: 'nothing' } | { readonly kind: SlowKind; readonly share: number };

/** Few and short, since there are many comparisons; long enough that a percentile of a trial has thousands of reads. */
const sizes = { warmupSeconds: 0.1, burstSeconds: 3, sessions: 200 } as const;
/** Blocks by which the rate and the cost of a request are found, at most: no more than a comparison has. */
const CALIBRATION_BLOCKS = 4;
/** As the gate has it: what differs between two starts weighs more than what differs between two pairs. */
const BLOCKS_PER_DEPLOYMENT = 2;

/** What one request, or one read, takes before anything is added, in microseconds. */
export interface Baseline {
  /** CPU time of a request. */
  readonly cpu: number;
  /** Median latency of a read. */
  readonly latency: number;
}

/** What a candidate gets, in microseconds; 0 in an A/A comparison. */
export const addedMicros = (wanted: Wanted, baseline: Baseline): number =>
  wanted.kind === 'nothing' ? 0 : wanted.share * baseline[wanted.kind];

const asIs: SideApp = { appMain, slowdown: null };

/** What a candidate runs. */
function appWith(wanted: Wanted, micros: number): SideApp {
  switch (wanted.kind) {
    case 'nothing':
      return asIs;
    case 'cpu':
      return { appMain, slowdown: { cpuMicrosPerRequest: micros } };
    case 'latency':
      return { appMain, slowdown: { storeDelayMicros: micros } };
  }
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

/** One run, as the gate would measure one strategy: a baseline and a candidate that is equal, or slower. */
export function runPlan(
  { strategy, scenario, duration }: SelftestWishes,
  seed: number,
  rate: RateChoice,
  blocks: number,
  wanted: Wanted,
  micros: number,
): Plan<SidesDesign> {
  const baseline = sideOf(strategy, 'a', 'baseline', asIs);
  const [suffix, label] = wanted.kind === 'nothing' ? ['b', 'the same'] : ['slow', 'slower'];
  const candidate = sideOf(strategy, suffix, label, appWith(wanted, micros));
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
    [{ strategy: strategy.name, baseline, candidate, addedMicros: micros }],
  );
}

/** The run of one comparison. */
export const comparisonPlan = (
  wishes: SelftestWishes,
  seed: number,
  rate: number,
  wanted: Wanted,
  baseline: Baseline,
): Plan<SidesDesign> =>
  runPlan(wishes, seed, { mode: 'given', value: rate }, wishes.blocks, wanted, addedMicros(wanted, baseline));

const calibrationBlocks = ({ blocks }: SelftestWishes): number => Math.min(CALIBRATION_BLOCKS, blocks);

export const calibrationPlan = (wishes: SelftestWishes, seed: number): Plan<SidesDesign> =>
  runPlan(wishes, seed, wishes.rate, calibrationBlocks(wishes), { kind: 'nothing' }, 0);

/** Draws of their own for each comparison. */
export const seedOf = (seed: number, number: number): number => (seed + number * 104_729) % MAX_SEED;

/**
 * All comparisons in the order of measuring. Slowdowns follow the first A/A comparisons, so that a self-test that is
 * interrupted has some of each.
 */
export function wantedComparisons({
  comparisons,
  slowdowns,
  slow,
  slowed,
}: Pick<SelftestWishes, 'comparisons' | 'slowdowns' | 'slow' | 'slowed'>): readonly Wanted[] {
  const slower = slow.flatMap((kind) => slowdowns.map((share) => ({ kind, share })));
  return Array.from({ length: comparisons }, (_, index): Wanted[] => [
    { kind: 'nothing' },
    ...(index < slowed ? slower : []),
  ]).flat();
}

/** Seconds around each pair of trials of so few sessions, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1.4;
/** Seconds to start a pair's servers and to begin and end its burst, as seen on 2 cores. */
const PAIR_SECONDS = 3.5;
/** Seconds around each run. */
const RUN_SECONDS = 1;

const runSeconds = ({ duration }: SelftestWishes, blocks: number): number =>
  RUN_SECONDS +
  Math.ceil(blocks / BLOCKS_PER_DEPLOYMENT) * (PAIR_SECONDS + sizes.burstSeconds) +
  blocks * (sizes.warmupSeconds + duration + TRIAL_OVERHEAD_SECONDS);

/** In seconds, once servers are provisioned and k6 is built. */
export const estimateSelftestSeconds = (wishes: SelftestWishes): number =>
  // The rate is found by one burst after the other.
  runSeconds(wishes, calibrationBlocks(wishes)) +
  sizes.burstSeconds +
  wantedComparisons(wishes).length * runSeconds(wishes, wishes.blocks);
