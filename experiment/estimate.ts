/** How long a run will take once servers are provisioned and k6 is built, in seconds. */
import type { Plan, Setting } from './plan.ts';

/** Seconds around each trial for thawing, seeding, draining and reading counters, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1.6;
/** Seconds to start one strategy's servers and apps, as seen on 2 cores. */
const START_SECONDS = 1.5;
const FIXED_SECONDS = 4;

type Lengths = Pick<Setting, 'warmupSeconds' | 'measureSeconds' | 'burstSeconds'>;

/** How long one trial takes. */
export const trialSeconds = ({ warmupSeconds, measureSeconds }: Omit<Lengths, 'burstSeconds'>): number =>
  warmupSeconds + measureSeconds + TRIAL_OVERHEAD_SECONDS;

export function estimateSeconds(plan: Plan): number {
  const { design, strategies } = plan;
  switch (design.kind) {
    case 'blocks':
      return secondsOf(plan, strategies.length, 1, design.blocks);
    case 'search':
      return secondsOf(plan, strategies.length, 1, design.usualTrials);
    case 'sides':
      return secondsOf(
        plan,
        strategies.length,
        Math.ceil(design.blocks / design.blocksPerDeployment),
        design.blocks,
      );
  }
}

/** The most that a search for capacity can take. */
export const mostSeconds = (plan: Plan, maxTrials: number): number =>
  secondsOf(plan, plan.strategies.length, 1, maxTrials);

/**
 * @param deployments how often each strategy is started
 * @param trials of each strategy
 */
function secondsOf(lengths: Lengths, strategies: number, deployments: number, trials: number): number {
  const { burstSeconds } = lengths;
  const burst = burstSeconds > 0 ? burstSeconds + TRIAL_OVERHEAD_SECONDS : 0;
  const each = deployments * (START_SECONDS + burst) + trials * trialSeconds(lengths);
  return Math.round(strategies * each + FIXED_SECONDS);
}
