/** What a capacity search asks for, hears and answers. Rates are arrivals per second. */

/** One trial of the search, in words of the promise (SLO). */
export type SearchOutcome =
  | { readonly kind: 'kept'; readonly rate: number }
  | { readonly kind: 'broken'; readonly rate: number }
  /** The generator itself could not offer the rate: says nothing of the strategy. */
  | { readonly kind: 'generator-limited'; readonly rate: number }
  /** The trial says nothing at all: a dead server, a stolen CPU. */
  | { readonly kind: 'invalid'; readonly rate: number };

export interface SearchOptions {
  /** First rate to try, within the limits. */
  readonly start: number;
  /** The search never leaves these. */
  readonly lowest: number;
  readonly highest: number;
  /** Trials in all, of whatever outcome. */
  readonly maxTrials: number;
  /** Half width of the interval that is good enough, as a share: 0.05 for ±5 %. */
  readonly precision: number;
  /** Probability with which the interval is to hold the edge. */
  readonly confidence: number;
}

export const searchDefaults = { maxTrials: 35, precision: 0.05, confidence: 0.9 } as const;

export type SearchPhase = 'bracket' | 'bisect' | 'confirm';

/**
 * The edge is the rate at which the promise is kept in half of the trials.
 * `trials` is what the search used, of every outcome.
 */
export type SearchAnswer =
  | {
      readonly kind: 'found';
      readonly trials: number;
      /** Best guess of the edge, and the interval that holds it with `confidence`. */
      readonly capacity: number;
      readonly low: number;
      readonly high: number;
      readonly confidence: number;
      /** Whether the interval is within the precision asked for; if not, noise or the budget kept it wider. */
      readonly precise: boolean;
    }
  /** Kept up to `atLeast`; at `generatorLimit` the generator gave out. The strategy may carry more. */
  | {
      readonly kind: 'generator-limited';
      readonly trials: number;
      readonly atLeast: number | null;
      readonly generatorLimit: number;
    }
  /** Kept up to `atLeast`, as far as the search looked. */
  | { readonly kind: 'above-range'; readonly trials: number; readonly atLeast: number }
  /** Broken at `atMost` and above; nothing lower that was tried was surely kept. */
  | { readonly kind: 'below-range'; readonly trials: number; readonly atMost: number }
  /** Too few trials said anything. */
  | { readonly kind: 'unanswered'; readonly trials: number; readonly why: string };

/** `answered`: nothing more to learn; `disturbed`: too many trials in a row said nothing. */
export type SearchEnd = 'answered' | 'out-of-trials' | 'disturbed';

export type SearchStep =
  | { readonly kind: 'try'; readonly rate: number; readonly phase: SearchPhase }
  | { readonly kind: 'done'; readonly answer: SearchAnswer; readonly end: SearchEnd };

/** A search that was asked for nonsense; the message lists every mistake. */
export class SearchOptionsError extends Error {
  override readonly name = 'SearchOptionsError';
}

/** @throws SearchOptionsError with every mistake */
export function checkOptions(options: SearchOptions): void {
  const { start, lowest, highest, maxTrials, precision, confidence } = options;
  const mistakes = [
    !(lowest > 0 && Number.isFinite(highest)) && 'limits must be positive and finite',
    !(lowest <= highest) && `the lowest rate (${lowest}) is above the highest (${highest})`,
    !(start >= lowest && start <= highest) && `the start (${start}) is not within the limits`,
    !(Number.isInteger(maxTrials) && maxTrials >= 1) && 'maxTrials must be a whole number from 1',
    !(precision >= 0.01 && precision < 1) &&
      'precision must be from 0.01 (rates have three digits) to below 1',
    !(confidence > 0.5 && confidence < 1) && 'confidence must be between 0.5 and 1',
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new SearchOptionsError(mistakes.join('; '));
}
