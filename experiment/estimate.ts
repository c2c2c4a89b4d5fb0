/** How long a run will take once servers are provisioned and k6 is built, in seconds. */
import type { Plan, Setting } from './plan.ts';

/** Seconds around each trial for thawing, seeding, draining and reading counters, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1.6;
/** Seconds to start one strategy's servers and apps, as seen on 2 cores. */
const START_SECONDS = 1.5;
const FIXED_SECONDS = 4;

/** How long one trial takes. */
export const trialSeconds = ({
  warmupSeconds,
  measureSeconds,
}: Pick<Setting, 'warmupSeconds' | 'measureSeconds'>): number =>
  warmupSeconds + measureSeconds + TRIAL_OVERHEAD_SECONDS;

export function estimateSeconds(plan: Plan): number {
  const { design } = plan;
  switch (design.kind) {
    case 'blocks':
      return secondsOf(plan, 1, design.blocks);
    case 'search':
      return secondsOf(plan, 1, design.usualTrials);
    case 'sides':
      return secondsOf(plan, Math.ceil(design.blocks / design.blocksPerDeployment), design.blocks);
  }
}

/** The most that a search for capacity can take. */
export const mostSeconds = (setting: Setting, maxTrials: number): number => secondsOf(setting, 1, maxTrials);

/**
 * @param deployments how often each strategy is started
 * @param trials of each strategy
 */
function secondsOf(setting: Setting, deployments: number, trials: number): number {
  const { strategies, burstSeconds } = setting;
  const burst = burstSeconds > 0 ? burstSeconds + TRIAL_OVERHEAD_SECONDS : 0;
  const each = deployments * (START_SECONDS + burst) + trials * trialSeconds(setting);
  return Math.round(strategies.length * each + FIXED_SECONDS);
}
