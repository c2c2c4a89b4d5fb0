/** From trials to verdicts: every comparison of a family is measured alone, then all are judged together. */

import { better, type Metric } from '../../record/metrics.ts';
import { defaultRule, type Rule } from '../../record/rule.ts';
import { accidentShare } from '../../record/unanswered.ts';
import type { Inconclusive, RatioInterval, SmallestEffect, Verdict } from '../../record/verdict.ts';
import { hodgesLehmann, type LocationInterval } from './hodges-lehmann.ts';
import { holm } from './holm.ts';
import { standardDeviation } from './order.ts';
import { type Observation, type PairedRatios, pairWithinBlocks } from './paired.ts';
import { type BlocksNeeded, blocksNeeded, fewestPairs, smallestDetectable } from './power.ts';
import { signFlipTest, smallestP } from './sign-flip.ts';

/** How a side answered. */
export interface Answers {
  /** Operations without a right answer over all that were due, 0 to 1. */
  readonly unansweredShare: number;
  /** In the metric's unit: no right answer of the run took longer. 0 where the metric is no latency. */
  readonly slowest: number;
}

/** Of a side that gave a right answer to everything. */
export const allAnswered: Answers = { unansweredShare: 0, slowest: 0 };

export interface Side {
  /** Name of the strategy, or of the run or ref that it was measured in. */
  readonly name: string;
  readonly trials: readonly Observation[];
  readonly answers: Answers;
}

export interface Comparison {
  readonly metric: Metric;
  readonly baseline: Side;
  readonly candidate: Side;
  /** Relative change that matters for this comparison, as a share; the rule's floor when absent. */
  readonly floor?: number;
}

/**
 * Judges comparisons that are decided together: one verdict for each, in the same order.
 *
 * DIFFERENT: the sign-flip test is significant after Holm, and the whole interval lies beyond the floor.
 * SAME: the whole interval lies within the floor (two one-sided tests, Schuirmann 1987).
 * INCONCLUSIVE: anything else, with its cause and what would help.
 * A value that is worse than any number is worse by any factor, so that no verdict favours a side with such a value; nor
 * one that left more operations unanswered than the other, and than accidents explain.
 * An interval beyond the floor, and not an estimate beyond it, keeps false alarms below the level also where the true
 * effect is just within the floor.
 */
export function judgeFamily(
  comparisons: readonly Comparison[],
  rule: Rule = defaultRule,
): readonly Verdict[] {
  const measured = comparisons.map((comparison) => {
    const { baseline, candidate } = comparison;
    const slowest = Math.max(baseline.answers.slowest, candidate.answers.slowest);
    const paired = pairWithinBlocks(baseline.trials, candidate.trials, slowest);
    return { comparison, paired, p: signFlipTest(paired.decisive)?.p ?? null };
  });
  const adjusted = holm(measured.map(({ p }) => p));
  const family = measured.filter(({ p }) => p !== null).length;
  return measured.map(({ comparison, paired, p }, index) =>
    judge(comparison, paired, p, adjusted[index] ?? null, family, {
      ...rule,
      floor: comparison.floor ?? rule.floor,
    }),
  );
}

function judge(
  comparison: Comparison,
  paired: PairedRatios,
  p: number | null,
  adjustedP: number | null,
  family: number,
  rule: Rule,
): Verdict {
  const { logRatios } = paired;
  const spread = standardDeviation(logRatios);
  const location = hodgesLehmann(logRatios, rule.confidence);
  const interval = asRatios(location.interval);
  const shared = {
    ...countsOf(comparison, paired),
    family,
    floor: rule.floor,
    smallestEffect: smallestEffectOf(spread, logRatios.length, family, rule),
  };
  const { estimate } = location;
  const judged = hodgesLehmann(paired.decisive, rule.confidence).interval;
  const found = { ratio: estimate === null ? null : Math.exp(estimate), interval, p, adjustedP };
  return verdictFrom(comparison, shared, found, decidedPlace(paired, judged, adjustedP, rule), () => {
    const cause = causeOf(comparison, paired, judged, p, family, rule);
    return {
      cause,
      needed: cause === 'unanswered' ? { kind: 'none' } : neededFor(estimate, spread, family, rule),
    };
  });
}

/** Where the interval lies; open where the test is not significant, or what lies there is not all. */
function decidedPlace(
  paired: PairedRatios,
  interval: LocationInterval,
  adjustedP: number | null,
  rule: Rule,
): Place {
  if (paired.unusable.length > 0) return 'open';
  const place = placeOf(interval, rule.floor);
  if (place === 'within') return someUnanswered(paired) ? 'open' : place;
  return adjustedP !== null && adjustedP <= rule.level ? place : 'open';
}

type Conclusive = Extract<Verdict, { verdict: 'SAME' }>;

/** What a verdict says of its data and of what it could have seen. */
type Shared = Omit<Conclusive, 'verdict' | 'ratio' | 'interval' | 'p' | 'adjustedP'>;

/** What was found, conclusive or not. */
type Found = Pick<Inconclusive, 'ratio' | 'interval' | 'p' | 'adjustedP'>;

/**
 * The verdict on a pair, by whatever method it was judged.
 * @param place where the evidence puts it; open where it does not suffice
 * @param whyOpen asked where the verdict is inconclusive
 */
export function verdictFrom(
  comparison: Comparison,
  shared: Shared,
  { ratio, interval, p, adjustedP }: Found,
  place: Place,
  whyOpen: () => Pick<Inconclusive, 'cause' | 'needed'>,
): Verdict {
  if (ratio !== null && p !== null && adjustedP !== null && interval.kind === 'bounded') {
    const conclusive = { ...shared, ratio, interval, p, adjustedP };
    if (place === 'within') return { verdict: 'SAME', ...conclusive };
    if (place !== 'open' && mayFavour(comparison, directionOf(place)))
      return { verdict: 'DIFFERENT', direction: directionOf(place), ...conclusive };
  }
  return { verdict: 'INCONCLUSIVE', ...shared, ...whyOpen(), ratio, interval, p, adjustedP };
}

/** What a verdict says of its data, however it is judged. */
export const countsOf = ({ metric, baseline, candidate }: Comparison, paired: PairedRatios) => ({
  metric,
  baseline: baseline.name,
  candidate: candidate.name,
  pairs: paired.logRatios.length,
  missing: paired.missing.length,
  unusable: paired.unusable.length,
  noAnswer: paired.noAnswer,
  unansweredShare: {
    baseline: baseline.answers.unansweredShare,
    candidate: candidate.answers.unansweredShare,
  },
  spread: standardDeviation(paired.logRatios),
});

export const someUnanswered = ({ noAnswer }: PairedRatios): boolean =>
  noAnswer.baseline + noAnswer.candidate > 0;

/** Whether a difference in this direction may be called one: not in favour of a side that answers less. */
export function mayFavour(
  { metric, baseline, candidate }: Comparison,
  direction: 'lower' | 'higher',
): boolean {
  const [side, other] = direction === better(metric) ? [candidate, baseline] : [baseline, candidate];
  const share = side.answers.unansweredShare;
  return share <= accidentShare || share <= other.answers.unansweredShare;
}

export type Place = 'below' | 'within' | 'above' | 'open';

export function placeOf(interval: LocationInterval, floor: number): Place {
  if (interval.kind === 'unbounded') return 'open';
  const border = Math.log1p(floor);
  if (interval.low > border) return 'above';
  if (interval.high < -border) return 'below';
  return interval.low >= -border && interval.high <= border ? 'within' : 'open';
}

export const directionOf = (place: 'above' | 'below'): 'higher' | 'lower' =>
  place === 'above' ? 'higher' : 'lower';

export function asRatios(interval: LocationInterval): RatioInterval {
  if (interval.kind === 'bounded')
    return { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) };
  const { widest } = interval;
  return {
    ...interval,
    widest: widest && { ...widest, low: Math.exp(widest.low), high: Math.exp(widest.high) },
  };
}

function smallestEffectOf(spread: number | null, pairs: number, family: number, rule: Rule): SmallestEffect {
  if (spread === null) return { kind: 'unknown' };
  const ratio = Math.exp(smallestDetectable(spread, pairs, family, rule));
  return Number.isFinite(ratio)
    ? { kind: 'effect', ratio }
    : { kind: 'none', blocksForAny: fewestBlocksFor(family, rule) };
}

/** With fewer blocks the test or the interval cannot reach its level. @param family comparisons that are judged together */
export const fewestBlocksFor = (family: number, rule: Rule): number =>
  Math.max(fewestPairs(rule.level, Math.max(1, family)), fewestPairs(1 - rule.confidence, 1));

function causeOf(
  comparison: Comparison,
  paired: PairedRatios,
  interval: LocationInterval,
  p: number | null,
  family: number,
  rule: Rule,
): Inconclusive['cause'] {
  if (paired.unusable.length > 0) return someUnanswered(paired) ? 'unanswered' : 'no-ratio';
  if (p === null) return 'no-pairs';
  if (interval.kind === 'unbounded') return 'too-few-blocks';
  if (someUnanswered(paired)) return 'unanswered';
  const place = placeOf(interval, rule.floor);
  if (place === 'above' || place === 'below') {
    if (!mayFavour(comparison, directionOf(place))) return 'unanswered';
    const reachable = smallestP(paired.logRatios.length) * family <= rule.level * (1 + 1e-12);
    return reachable ? 'noise' : 'too-few-blocks';
  }
  return interval.low > 0 || interval.high < 0 ? 'near-floor' : 'noise';
}

function neededFor(estimate: number | null, spread: number | null, family: number, rule: Rule): BlocksNeeded {
  if (estimate === null || spread === null)
    return { kind: 'at-least', blocks: fewestBlocksFor(family, rule) };
  return blocksNeeded(estimate, spread, family, rule);
}
