import type { Strategy } from '../../infra/runtime.ts';
import type { CapacityPlan } from './capacity-plan.ts';
import { shuffledOrders } from './random.ts';
import type { Scenario, Workload } from './scenarios.ts';

/** Everything that a run will do, decided before anything is started. */
export interface Plan {
  readonly preset: string;
  readonly scenario: Scenario;
  /** The scenario's workload with the sizes that this run gives it. */
  readonly workload: Workload;
  readonly strategies: readonly Strategy[];
  /** True when the person named the strategies; one that cannot run then is a failure. */
  readonly strategiesNamed: boolean;
  readonly blocks: number;
  readonly warmupSeconds: number;
  readonly measureSeconds: number;
  /** Reads that a trial should hold; 0 when a person chose its length. */
  readonly fewestReads: number;
  readonly probeSeconds: number;
  readonly rate: { readonly mode: 'auto' } | { readonly mode: 'given'; readonly value: number };
  readonly connections: number;
  readonly apps: number;
  readonly seed: number;
  /** Present when the run searches for capacity: then `blocks` and `rate` have no say. */
  readonly capacity?: CapacityPlan;
}

/** Strategies of each block in random order, the same for the same seed (randomised complete block design). */
export function blockOrders(plan: Plan, strategies: readonly Strategy[]): readonly (readonly Strategy[])[] {
  return shuffledOrders(strategies, plan.blocks, plan.seed);
}

/** A seed for each trial: the draws of a block are the same for all its strategies. */
export const trialSeed = (plan: Plan, block: number): number => (plan.seed + block * 7919) % 2 ** 31;

/** Seconds around each trial for thawing, seeding, draining and reading counters, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1.6;
/** Seconds to start one strategy's servers and apps, as seen on 2 cores. */
const START_SECONDS = 1.5;
const FIXED_SECONDS = 4;

/** The plan with trials long enough for its reads at a rate (operations per second), twice as long at most. */
export function lengthened<Timed extends Pick<Plan, 'measureSeconds' | 'fewestReads' | 'workload'>>(
  plan: Timed,
  rate: number,
): Timed {
  const wanted = Math.ceil(plan.fewestReads / (rate * plan.workload.mix.read));
  const measureSeconds = Math.min(2 * plan.measureSeconds, Math.max(plan.measureSeconds, wanted));
  return { ...plan, measureSeconds };
}

/** How long one trial takes, in seconds. */
export const trialSeconds = (plan: Plan): number =>
  plan.warmupSeconds + plan.measureSeconds + TRIAL_OVERHEAD_SECONDS;

/** How long the run will take once servers are provisioned and k6 is built, in seconds. */
export function estimateSeconds(plan: Plan): number {
  if (plan.capacity) return capacitySeconds(plan, plan.capacity.usualTrials);
  const trial = plan.warmupSeconds + plan.measureSeconds + TRIAL_OVERHEAD_SECONDS;
  const probe =
    plan.rate.mode === 'auto' ? plan.warmupSeconds + plan.probeSeconds + TRIAL_OVERHEAD_SECONDS : 0;
  return Math.round(plan.strategies.length * (START_SECONDS + probe + plan.blocks * trial) + FIXED_SECONDS);
}

/** How long a search for capacity takes with so many trials of each strategy, in seconds. */
export function capacitySeconds(plan: Plan, trials: number): number {
  const sizing = 2 * plan.probeSeconds + TRIAL_OVERHEAD_SECONDS;
  const each = START_SECONDS + sizing + trials * trialSeconds(plan);
  return Math.round(plan.strategies.length * each + FIXED_SECONDS);
}
