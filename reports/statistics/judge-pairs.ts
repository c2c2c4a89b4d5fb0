/** All pairs of strategies on each metric, judged by the studentized range (tukey.ts): one verdict for each. */
import type { Rule } from '../../record/rule.ts';
import type { Inconclusive, SmallestEffect, Verdict } from '../../record/verdict.ts';
import {
  asRatios,
  countsOf,
  directionOf,
  mayFavour,
  placeOf,
  someUnanswered,
  verdictFrom,
} from './compare.ts';
import type { LocationInterval } from './hodges-lehmann.ts';
import { type Compared, type Pair, pairsOf } from './measured-pairs.ts';
import { haveRatio } from './paired.ts';
import type { BlocksNeeded } from './power.ts';
import { beyondFloor, blocksToShow, fewestBlocks } from './smallest-effect.ts';
import { chanceOf, type Decision, unansweredDecision } from './unanswered-pair.ts';

interface Judging {
  readonly rule: Rule;
  readonly metrics: number;
  /** For all pairs of one metric. */
  readonly level: number;
  /** Pairs of all metrics. */
  readonly family: number;
}

/**
 * Judges every pair of every metric, in the order of metrics and sides; the side that comes first is the baseline. The metrics
 * share the rule's level evenly, so that it holds for the run.
 *
 * DIFFERENT: the whole interval of the pair lies beyond the floor. SAME: it lies within. INCONCLUSIVE: anything else.
 * A pair of which a side has no answer in some block is judged by itself: no normal noise gives such values.
 */
export function judgePairs(compared: readonly Compared[], rule: Rule): readonly Verdict[] {
  const level = rule.level / Math.max(1, compared.length);
  const pairs = compared.flatMap((each) => pairsOf(each, level));
  const family = pairs.filter(
    ({ found, repeated }) => repeated && found !== null && found.standardError !== null,
  ).length;
  return pairs.map((pair) => judge(pair, { rule, metrics: compared.length, level, family }));
}

function judge(pair: Pair, judging: Judging): Verdict {
  const { comparison, paired, found } = pair;
  const { rule, family } = judging;
  const bounds = intervalOf(pair, rule);
  const interval = asRatios(bounds);
  const decision = decisionOf(pair, bounds, judging);
  const shared = {
    ...countsOf(comparison, paired),
    family,
    floor: rule.floor,
    smallestEffect: smallestEffectOf(pair, judging),
  };
  const { place, p, adjustedP } = decision;
  const estimate = found === null ? null : Math.exp(found.estimate);
  const ratio = estimate !== null && haveRatio(1, estimate) ? estimate : null;
  return verdictFrom(comparison, shared, { ratio, interval, p, adjustedP }, place, () => {
    const cause = causeOf(pair, bounds, decision);
    return { cause, needed: neededFor(pair, cause, judging) };
  });
}

/** On the log scale. Unbounded where nothing tells the noise, or its ends are no numbers any more. */
function intervalOf({ found, paired, repeated }: Pair, { confidence }: Rule): LocationInterval {
  const { logRatios } = paired;
  const widest =
    logRatios.length === 0
      ? null
      : { low: Math.min(...logRatios), high: Math.max(...logRatios), coverage: 0 };
  const unbounded = { kind: 'unbounded', level: confidence, widest } as const;
  if (found === null || !repeated) return unbounded;
  const [low, high] = [found.estimate - found.half, found.estimate + found.half];
  if (!haveRatio(1, Math.exp(low)) || !haveRatio(1, Math.exp(high))) return unbounded;
  return { kind: 'bounded', low, high, level: confidence, coverage: confidence };
}

function decisionOf(pair: Pair, bounds: LocationInterval, judging: Judging): Decision {
  const { found, paired, repeated } = pair;
  if (paired.unusable.length > 0) return { place: 'open', ...chanceOf(null, 1) };
  if (someUnanswered(paired)) return unansweredDecision(pair, judging.family, judging.rule);
  const p = repeated ? (found?.p() ?? null) : null;
  return { place: placeOf(bounds, judging.rule.floor), ...chanceOf(p, judging.metrics) };
}

function causeOf(
  { paired, found, comparison }: Pair,
  bounds: LocationInterval,
  { place }: Decision,
): Inconclusive['cause'] {
  if (paired.unusable.length > 0) return someUnanswered(paired) ? 'unanswered' : 'no-ratio';
  if (found === null) return 'no-pairs';
  if (bounds.kind === 'unbounded') return 'too-few-blocks';
  if (someUnanswered(paired)) return 'unanswered';
  if ((place === 'above' || place === 'below') && !mayFavour(comparison, directionOf(place)))
    return 'unanswered';
  return bounds.low > 0 || bounds.high < 0 ? 'near-floor' : 'noise';
}

function smallestEffectOf({ found, repeated }: Pair, judging: Judging): SmallestEffect {
  if (found === null) return { kind: 'unknown' };
  const { groups, freedom, standardError } = found;
  if (standardError === null || !repeated) return { kind: 'none', blocksForAny: fewestBlocks };
  const beyond = beyondFloor(groups, freedom, judging.level, judging.rule.power);
  const ratio = (1 + judging.rule.floor) * Math.exp(beyond * standardError);
  return Number.isFinite(ratio)
    ? { kind: 'effect', ratio }
    : { kind: 'none', blocksForAny: fewestBlocks + 1 };
}

function neededFor({ found, repeated }: Pair, cause: Inconclusive['cause'], judging: Judging): BlocksNeeded {
  if (cause === 'unanswered' || cause === 'no-ratio') return { kind: 'none' };
  if (found === null || found.noise === null || !repeated) return { kind: 'at-least', blocks: fewestBlocks };
  return blocksToShow(found.estimate, found.noise, found.groups, judging.level, judging.rule);
}
