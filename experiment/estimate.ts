/** How long a run will take once servers are provisioned and k6 is built, in seconds. */

import { MOST_BLOCKS } from '../record/design.ts';
import type { TrialRecord } from '../record/trial.ts';
import { measuredSecondsOf } from './faults/timing.ts';
import { expires } from './footprint/readings.ts';
import {
  type FaultsDesign,
  type FootprintDesign,
  MOST_EXPIRED,
  type Plan,
  type PlannedSeries,
  type Setting,
  type SidesDesign,
} from './plan.ts';
import { loginsPerSecond, seedSeconds } from './seeding.ts';
import { expectedSeconds } from './trial-length.ts';

/** Seconds around each trial for looking at the machine, thawing, draining and reading counters, as seen on 2 cores. */
const TRIAL_OVERHEAD_SECONDS = 1.6;
/** Seconds around each burst, whose sessions are few. */
const BURST_OVERHEAD_SECONDS = 1.8;
/** Seconds to start one strategy's servers and apps, as seen on 2 cores. */
const START_SECONDS = 1.5;
/** Seconds to stop them. */
const STOP_SECONDS = 1;
const FIXED_SECONDS = 4;

type TrialSetting = Pick<Setting, 'workload' | 'warmupSeconds' | 'measureSeconds'>;

/**
 * How long one trial takes, with the seeding of its population.
 * @param logins logins per second, as measured; null where nothing was
 */
export const trialSeconds = (setting: TrialSetting, logins: number | null = null): number =>
  setting.warmupSeconds + setting.measureSeconds + seedSeconds(setting, logins) + TRIAL_OVERHEAD_SECONDS;

/** What the trials of a run have shown of the time that its next ones take. */
export class Pace {
  readonly #setting: Setting;
  /** Logins per second, by strategy. */
  readonly #logins = new Map<string, number>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** @param requestsPerSecond of a burst: what a seeding comes near to, until one is measured */
  afterBurst(strategy: string, requestsPerSecond: number): void {
    if (requestsPerSecond > 0 && !this.#logins.has(strategy)) this.#logins.set(strategy, requestsPerSecond);
  }

  afterTrial(record: Pick<TrialRecord, 'strategy' | 'timings'>): void {
    const measured = loginsPerSecond(this.#setting, record);
    if (measured !== null) this.#logins.set(record.strategy, measured);
  }

  /** @param measureSeconds where trials are not as long as planned */
  trialSeconds(strategy: string, measureSeconds = this.#setting.measureSeconds): number {
    return trialSeconds({ ...this.#setting, measureSeconds }, this.#logins.get(strategy));
  }
}

export function estimateSeconds(plan: Plan): number {
  const { design } = plan;
  switch (design.kind) {
    case 'blocks':
      return secondsOf({ ...plan, measureSeconds: expectedSeconds({ ...plan, design }) }, 1, design.blocks);
    case 'search':
      return secondsOf(plan, 1, design.usualTrials);
    case 'distance':
      return secondsOf(plan, 1, design.addedMs.length);
    case 'sides':
      return sidesSeconds({ ...plan, design });
    case 'footprint':
      return Math.round(
        design.series.reduce(
          (sum, series) => sum + seriesSeconds({ ...plan, design }, series),
          FIXED_SECONDS,
        ),
      );
    case 'faults':
      return faultsSeconds({ ...plan, design });
  }
}

/** Each trial has servers of its own, which are started for it and stopped behind it. */
function faultsSeconds({ design, strategies, ...setting }: Plan<FaultsDesign>): number {
  const names = new Set(strategies.map(({ name }) => name));
  const trials = design.faults.reduce((sum, { fault, able }) => {
    const trial = trialSeconds({ ...setting, measureSeconds: measuredSecondsOf(fault) });
    return sum + able.filter(({ name }) => names.has(name)).length * (START_SECONDS + STOP_SECONDS + trial);
  }, 0);
  return Math.round(trials + FIXED_SECONDS);
}

/** Sessions per second, and bytes of them, that a store is filled with, as seen on 2 calm cores. */
const FILLED_PER_SECOND = 20_000;
const FILLED_BYTES_PER_SECOND = 40e6;
/** Seconds to weigh a size, to hold it against a login and to write a few sessions, as seen there. */
const WEIGHING_SECONDS = 3;

/** Seconds to put so many sessions into a store. */
export const fillSeconds = (sessions: number, payloadBytes: number): number =>
  sessions * (1 / FILLED_PER_SECOND + payloadBytes / FILLED_BYTES_PER_SECOND);

/** Seconds of a trial that reads sessions which are there. */
export const readSeconds = ({ warmupSeconds, measureSeconds }: TrialSetting): number =>
  warmupSeconds + measureSeconds + TRIAL_OVERHEAD_SECONDS;

/** Of one series, from its start to its end. */
export function seriesSeconds(plan: Plan<FootprintDesign>, { sizes, payloadBytes }: PlannedSeries): number {
  const { watchSeconds } = plan.design;
  const largest = sizes.at(-1) ?? 0;
  const starting = START_SECONDS + burstSecondsOf(plan) + WEIGHING_SECONDS;
  const growing = fillSeconds(largest, payloadBytes) + sizes.length * (readSeconds(plan) + WEIGHING_SECONDS);
  if (!expires(plan, { payloadBytes })) return starting + growing;
  const ending = fillSeconds(Math.min(largest, MOST_EXPIRED), payloadBytes) * 1.5;
  return starting + growing + ending + 3 * readSeconds(plan) + watchSeconds;
}

/** Of a pair, whose sides are driven at the same time: each population takes the time of both to log in. */
function sidesSeconds(plan: Plan<SidesDesign>): number {
  const { design, strategies } = plan;
  const [pairs, starts] = [strategies.length / 2, Math.ceil(design.blocks / design.blocksPerDeployment)];
  const burst = burstSecondsOf(plan);
  // A rate is found by bursts one after the other; all others warm up both sides at once.
  const bursts = starts * pairs + (design.rate.mode === 'auto' ? pairs : 0);
  const starting = strategies.length * starts * START_SECONDS + bursts * burst;
  const trial = trialSeconds(plan) + seedSeconds(plan);
  return Math.round(starting + pairs * design.blocks * trial + FIXED_SECONDS);
}

/**
 * The most blocks that a run may have to end in time.
 * @param planWith the plan with so many blocks
 * @returns 0 where not one block fits
 */
export function blocksWithin(seconds: number, planWith: (blocks: number) => Plan): number {
  let fit = 0;
  while (fit < MOST_BLOCKS && estimateSeconds(planWith(fit + 1)) <= seconds) fit += 1;
  return fit;
}

/** The most that a search for capacity can take. */
export const mostSeconds = (setting: Setting, maxTrials: number): number => secondsOf(setting, 1, maxTrials);

/**
 * @param deployments how often each strategy is started
 * @param trials of each strategy
 */
function secondsOf(setting: Setting, deployments: number, trials: number): number {
  const each = deployments * (START_SECONDS + burstSecondsOf(setting)) + trials * trialSeconds(setting);
  return Math.round(setting.strategies.length * each + FIXED_SECONDS);
}

const burstSecondsOf = ({ burstSeconds }: Pick<Setting, 'burstSeconds'>): number =>
  burstSeconds > 0 ? burstSeconds + BURST_OVERHEAD_SECONDS : 0;
