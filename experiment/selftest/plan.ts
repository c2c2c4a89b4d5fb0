/** What the self-test measures: the same code on all sides, some of them slowed down. */
import type { DeployOptions, Strategy } from '../../infra/runtimes/runtime.ts';
import { appMain } from '../../infra/strategies.ts';
import type { ComparedCode } from '../../record/run.ts';
import { CONNECTIONS } from '../../scripts/cli/measuring-options.ts';
import type { SelftestOptions } from '../../scripts/selftest/options.ts';
import type { Plan } from '../plan.ts';
import { MAX_SEED } from '../random.ts';
import { asSide } from '../sides/plan.ts';

/** Few and short, since there are many comparisons; long enough that a percentile of a trial has thousands of reads. */
const sizes = { warmupSeconds: 0.1, probeSeconds: 3, sessions: 200 } as const;
/** Blocks by which the rate and the cost of a request are found. */
const CALIBRATION_BLOCKS = 4;
/** Fewer starts than the gate's own way, for want of time: what a process happens to be weighs more here, so an A/A alarm is likelier. */
const BLOCKS_PER_DEPLOYMENT = 10;

/** A side with CPU time added to each request: `share` of what a request costs, `micros` in all. */
export interface Slowed {
  readonly share: number;
  readonly micros: number;
}

const code: ComparedCode = { label: 'the same code', commit: null, dirty: null };

/** One run: a baseline, an equal candidate, and a candidate for each slowdown. */
export function runPlan(
  options: SelftestOptions,
  seed: number,
  rate: Plan['rate'],
  blocks: number,
  slowed: readonly Slowed[],
): Plan {
  const { strategy, scenario } = options;
  const baseline = asSide(strategy, 'a', 'baseline');
  const equal = asSide(strategy, 'b', 'the same');
  const slower = slowed.map(({ share, micros }) => ({
    micros,
    side: asSide(strategy, `slow-${String(share * 100).replace('.', '-')}`, `${share * 100} % slower`),
  }));
  const sides = [baseline, equal, ...slower.map(({ side }) => side)];
  return {
    preset: 'selftest',
    scenario,
    workload: { ...scenario.workload, sessions: sizes.sessions },
    strategies: sides,
    strategiesNamed: true,
    blocks,
    warmupSeconds: sizes.warmupSeconds,
    measureSeconds: options.duration,
    fewestReads: 0,
    probeSeconds: sizes.probeSeconds,
    warmsUpFirst: true,
    rate,
    connections: CONNECTIONS,
    apps: 2,
    seed,
    comparison: {
      record: {
        command: 'selftest',
        baseline: code,
        candidate: code,
        pairs: [
          pairOf(strategy, baseline, equal, 0),
          ...slower.map(({ side, micros }) => pairOf(strategy, baseline, side, micros)),
        ],
        blocksPerDeployment: BLOCKS_PER_DEPLOYMENT,
      },
      deployAs: new Map<string, Pick<DeployOptions, 'appMain' | 'slowdown'>>([
        [baseline.name, { appMain, slowdown: null }],
        [equal.name, { appMain, slowdown: null }],
        ...slower.map(
          ({ side, micros }) => [side.name, { appMain, slowdown: { cpuMicrosPerRequest: micros } }] as const,
        ),
      ]),
    },
  };
}

const pairOf = ({ name }: Strategy, baseline: Strategy, candidate: Strategy, addedMicros: number) => ({
  strategy: name,
  baseline: baseline.name,
  candidate: candidate.name,
  addedMicros,
});

export const calibrationPlan = (options: SelftestOptions, seed: number): Plan =>
  runPlan(options, seed, options.rate, CALIBRATION_BLOCKS, []);

/** Draws of their own for each comparison. */
export const seedOf = (seed: number, number: number): number => (seed + number * 104_729) % MAX_SEED;

/** Slowdowns that the comparison with this number, from 1, measures besides: each `slowed` times in all. */
export const slowdownsIn = (options: SelftestOptions, number: number): readonly number[] =>
  number <= options.slowed ? options.slowdowns : [];

/** Seconds around each trial of so few sessions, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1;
/** Seconds to start one side's servers and to begin and end its warming up, as seen on 2 cores. */
const SIDE_SECONDS = 1.7;
/** Seconds around each run. */
const RUN_SECONDS = 1;

const runSeconds = ({ duration }: SelftestOptions, sides: number, blocks: number): number =>
  RUN_SECONDS +
  sides * Math.ceil(blocks / BLOCKS_PER_DEPLOYMENT) * (SIDE_SECONDS + 2 * sizes.probeSeconds) +
  sides * blocks * (sizes.warmupSeconds + duration + TRIAL_OVERHEAD_SECONDS);

/** In seconds, once servers are provisioned and k6 is built. */
export function estimateSelftestSeconds(options: SelftestOptions): number {
  const numbers = Array.from({ length: options.comparisons }, (_, index) => index + 1);
  return numbers.reduce(
    (sum, number) => sum + runSeconds(options, 2 + slowdownsIn(options, number).length, options.blocks),
    runSeconds(options, 2, CALIBRATION_BLOCKS),
  );
}
