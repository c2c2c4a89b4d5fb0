/** What a run that searches for capacity sets out to do. */
import type { PromiseRecord } from '../../record/search.ts';
import { searchDefaults } from './outcome.ts';
import { longestLimit } from './promise.ts';
import type { Slo } from './slo.ts';

export interface CapacityPlan {
  readonly slo: Slo;
  /** Trials of each strategy, of whatever outcome. */
  readonly maxTrials: number;
  /** Half width of the interval that is good enough, as a share. */
  readonly precision: number;
  /** Probability with which the interval is to hold the capacity. */
  readonly confidence: number;
  /** Arrivals per second that the search never leaves. */
  readonly lowest: number;
  readonly highest: number;
  /** Trials that a search usually takes, for estimates. */
  readonly usualTrials: number;
  /** Seconds after a phase's last intended start during which waiting operations are still sent. */
  readonly overtimeSeconds: number;
}

/** The promise as it is kept. */
export const promiseOf = ({ text, terms }: Slo): PromiseRecord => ({
  text,
  terms: terms.map((term) => ({ ...term })),
});

export const defaultSlo = 'p99<50ms,errors<0.1%';

const LOWEST_RATE = 10;
const HIGHEST_RATE = 200_000;
/** Mean number of trials over edges of 3 to 5 % width (docs/statistics-simulated.md). */
const USUAL_TRIALS = 24;
/**
 * A trial must last this many times the longest latency that is allowed: a queue that grows from nothing to that
 * latency within the trial then stands for a rate at most 5 % beyond what is carried.
 */
const TRIAL_OVER_LIMIT = 20;

/** The shortest trial, in seconds, that can show whether the promise is kept. */
export const shortestTrial = (slo: Slo): number => TRIAL_OVER_LIMIT * longestLimit(slo);

export function capacityPlan(slo: Slo, maxTrials: number | undefined): CapacityPlan {
  const { precision, confidence } = searchDefaults;
  const most = maxTrials ?? searchDefaults.maxTrials;
  return {
    slo,
    precision,
    confidence,
    maxTrials: most,
    usualTrials: Math.min(USUAL_TRIALS, most),
    lowest: LOWEST_RATE,
    highest: HIGHEST_RATE,
    // An operation that has waited longer than the promise allows has broken it, whenever it is sent.
    overtimeSeconds: Math.max(1, longestLimit(slo)),
  };
}
