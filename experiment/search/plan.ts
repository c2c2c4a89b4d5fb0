/** What a search for capacity sets out to do. */
import type { SearchDesign } from '../plan.ts';
import { searchDefaults } from './outcome.ts';
import { longestLimit, type Slo } from './slo.ts';

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

export function searchDesign(slo: Slo, maxTrials: number = searchDefaults.maxTrials): SearchDesign {
  const { precision, confidence } = searchDefaults;
  return {
    kind: 'search',
    slo,
    precision,
    confidence,
    maxTrials,
    usualTrials: Math.min(USUAL_TRIALS, maxTrials),
    lowest: LOWEST_RATE,
    highest: HIGHEST_RATE,
    // An operation that has waited longer than the promise allows has broken it, whenever it is sent.
    overtimeSeconds: Math.max(1, longestLimit(slo)),
    scaled: [],
  };
}
