import type { DeployOptions, Strategy } from '../infra/runtimes/runtime.ts';
import type { SidesDesign } from '../record/design.ts';
import { shuffledOrders } from './random.ts';
import type { Scenario, Workload } from './scenarios.ts';
import type { CapacityPlan } from './search/plan.ts';

/** What a run does besides when its strategies are the two sides of comparisons. */
export interface ComparisonPlan {
  readonly record: Omit<SidesDesign, 'kind' | 'blocks' | 'rate'>;
  /** By the name that a strategy has in this run: what is deployed for it instead of this checkout's app. */
  readonly deployAs: ReadonlyMap<string, Pick<DeployOptions, 'appMain' | 'slowdown'>>;
}

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
  /** Half of the closed-loop seconds in which a strategy is driven before it counts. */
  readonly probeSeconds: number;
  /** False where a given rate needs no driving first, since the numbers are to show nothing. */
  readonly warmsUpFirst: boolean;
  readonly rate: { readonly mode: 'auto' } | { readonly mode: 'given'; readonly value: number };
  readonly connections: number;
  readonly apps: number;
  readonly seed: number;
  /** Present when the run searches for capacity: then `blocks` and `rate` have no say. */
  readonly capacity?: CapacityPlan;
  readonly comparison?: ComparisonPlan;
}

/**
 * Strategies of each block in random order, the same for the same seed (randomised complete block design). The sides of
 * a comparison follow each other, so that they share the moment.
 */
export function blockOrders(plan: Plan, strategies: readonly Strategy[]): readonly (readonly Strategy[])[] {
  const orders = shuffledOrders(strategies, plan.blocks, plan.seed);
  return plan.comparison
    ? orders.map((order) => sidesTogether(order, plan.comparison?.record.pairs ?? []))
    : orders;
}

/** Of a random order, each strategy's sides at the place of the first of them, in the order that they had. */
function sidesTogether(order: readonly Strategy[], pairs: SidesDesign['pairs']): readonly Strategy[] {
  const strategyOf = ({ name }: Strategy): string =>
    pairs.find(({ baseline, candidate }) => baseline === name || candidate === name)?.strategy ?? name;
  return [...Map.groupBy(order, strategyOf).values()].flat();
}

/** Those of which something can be said: a side whose other side does not run need not be measured. */
export function worthMeasuring(plan: Plan, running: readonly Strategy[]): readonly Strategy[] {
  if (!plan.comparison) return running;
  const runs = new Set(running.map(({ name }) => name));
  const whole = plan.comparison.record.pairs.filter(
    (pair) => runs.has(pair.baseline) && runs.has(pair.candidate),
  );
  return running.filter(({ name }) =>
    whole.some((pair) => pair.baseline === name || pair.candidate === name),
  );
}

/**
 * True where servers are driven before they count. An app's CPU time per request falls by half over its first 20,000
 * requests, so a run whose rate was given would otherwise show other numbers than the one that found that rate.
 */
export const drivesFirst = ({ rate, warmsUpFirst }: Pick<Plan, 'rate' | 'warmsUpFirst'>): boolean =>
  rate.mode === 'auto' || warmsUpFirst;

/** True where all servers are started anew before the block with this index, from 0. */
export function startsAnew({ comparison }: Plan, index: number): boolean {
  return comparison !== undefined && index > 0 && index % comparison.record.blocksPerDeployment === 0;
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
  const { comparison, blocks } = plan;
  const starts = comparison ? Math.ceil(blocks / comparison.record.blocksPerDeployment) : 1;
  const drive = drivesFirst(plan) ? 2 * plan.probeSeconds + TRIAL_OVERHEAD_SECONDS : 0;
  const ofStrategy = starts * (START_SECONDS + drive) + blocks * trialSeconds(plan);
  return Math.round(plan.strategies.length * ofStrategy + FIXED_SECONDS);
}

/** How long a search for capacity takes with so many trials of each strategy, in seconds. */
export function capacitySeconds(plan: Plan, trials: number): number {
  const sizing = 2 * plan.probeSeconds + TRIAL_OVERHEAD_SECONDS;
  const each = START_SECONDS + sizing + trials * trialSeconds(plan);
  return Math.round(plan.strategies.length * each + FIXED_SECONDS);
}
