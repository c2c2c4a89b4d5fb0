/** What the searches for capacity found, strategy by strategy. */
import { mostTimes } from '../../advice/evidence/basis.ts';
import type { SearchDesign } from '../../record/design.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { ValidTrial } from '../../record/read/trials.ts';
import type { CapacityAnswer, CapacityStep } from '../../record/search.ts';
import type { StrategySummary, SummaryDesign } from '../../record/summary.ts';

export type SearchSummary = Extract<SummaryDesign, { kind: 'search' }>;

/** The design as `summary.json` keeps it, with what was found. */
export const searchSummary = (design: SearchDesign, { searches }: ReadRun): SearchSummary => ({
  ...design,
  answers: searches.map(({ name, answer }) => ({ strategy: name, ...answer })),
});

/** Null where the search of the strategy never began, or its file cannot be read. */
export const capacityOf = ({ answers }: SearchSummary, strategy: string): CapacityAnswer | null =>
  answers.find((each) => each.strategy === strategy) ?? null;

/** The trials of a search in their order; empty where there is none. */
export const historyOf = ({ searches }: ReadRun, strategy: string): readonly CapacityStep[] =>
  searches.find(({ name }) => name === strategy)?.history ?? [];

/** The highest first; those of which nothing is known last. */
export const byCapacity =
  (design: SearchSummary) =>
  (a: StrategySummary, b: StrategySummary): number =>
    heightOf(capacityOf(design, b.name)) - heightOf(capacityOf(design, a.name));

export const heightOf = (answer: CapacityAnswer | null): number =>
  answer === null ? -2 : (answer.rate ?? answer.low ?? (answer.high === null ? -1 : 0));

/**
 * The trials that a strategy's numbers are of: those at the highest rate that kept the promise more often than not.
 * Numbers of trials at many rates say nothing when they are mixed.
 */
export function atHighestKept(trials: readonly ValidTrial[]): readonly ValidTrial[] {
  const outcomes = (rate: number, outcome: string): number =>
    trials.filter(({ record }) => record.offeredRate === rate && record.promise?.outcome === outcome).length;
  const rates = trials
    .map(({ record }) => record.offeredRate)
    .filter((rate) => outcomes(rate, 'kept') > outcomes(rate, 'broken'));
  const highest = Math.max(...rates);
  return trials.filter(({ record }) => record.offeredRate === highest && record.promise?.outcome === 'kept');
}

/**
 * Those at the lowest rate that was tried and kept the promise, of rates that are no less than a quarter of the highest: what is
 * predicted from them is far from what they met, and no more than four times that.
 */
export function atLowestKept(trials: readonly ValidTrial[]): readonly ValidTrial[] {
  const kept = trials.filter(({ record }) => record.promise?.outcome === 'kept');
  const rates = kept.map(({ record }) => record.offeredRate);
  const lowest = Math.min(...rates.filter((rate) => rate >= Math.max(...rates) / mostTimes));
  return kept.filter(({ record }) => record.offeredRate === lowest);
}

/**
 * The trials that show whether a strategy answers at all: a search goes past the edge on purpose, so that they are those
 * which kept the promise, or where none did, those at the lowest rate that was tried.
 */
export function atSoundRate(trials: readonly ValidTrial[]): readonly ValidTrial[] {
  const kept = atHighestKept(trials);
  if (kept.length > 0) return kept;
  const lowest = Math.min(...trials.map(({ record }) => record.offeredRate));
  return trials.filter(({ record }) => record.offeredRate === lowest);
}

/** Half the width of the interval as a share of its middle, on the scale that the search works on; null without one. */
export const halfWidth = ({ low, high }: CapacityAnswer): number | null =>
  low !== null && high !== null && low > 0 ? Math.sqrt(high / low) - 1 : null;
