/** The decision on a pair of which a side has no answer in some block. */
import type { Rule } from '../../record/rule.ts';
import { accidentShare } from '../../record/unanswered.ts';
import { type Place, placeOf } from './compare.ts';
import { studentCdf } from './distributions/student.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { leastNoise, type Pair } from './measured-pairs.ts';
import { mean, standardDeviation } from './order.ts';
import { signFlipTest } from './sign-flip.ts';

/** What the pair comes to: in which place, and how likely so large a difference is by chance. */
export interface Decision {
  readonly place: Place;
  readonly p: number | null;
  readonly adjustedP: number | null;
}

/** @param together tests that share the level evenly */
export const chanceOf = (p: number | null, together: number): Omit<Decision, 'place'> => ({
  p,
  adjustedP: p === null ? null : Math.min(1, p * together),
});

/**
 * Where a side has no answer in some block, and so is worse by any factor there. Where it never has one, and the other hardly
 * leaves anything unanswered, a test of so large a factor leaves no doubt. Elsewhere the exact test decides, which asks for no
 * distribution (compare.ts).
 * @param family pairs of all metrics
 */
export function unansweredDecision({ comparison, paired }: Pair, family: number, rule: Rule): Decision {
  const { decisive, noAnswer } = paired;
  const { baseline, candidate } = comparison;
  const [blocks, other] =
    noAnswer.baseline > 0 ? [noAnswer.baseline, candidate] : [noAnswer.candidate, baseline];
  const never = blocks === decisive.length && other.answers.unansweredShare <= accidentShare;
  const p = never ? studentP(decisive) : (signFlipTest(decisive)?.p ?? null);
  const chance = chanceOf(p, family);
  const place = never
    ? placeOfSum(decisive)
    : placeOf(hodgesLehmann(decisive, rule.confidence).interval, rule.floor);
  const sure = chance.adjustedP !== null && chance.adjustedP <= rule.level;
  return { place: sure && place !== 'within' ? place : 'open', ...chance };
}

const placeOfSum = (values: readonly number[]): Place =>
  values.reduce((sum, each) => sum + each, 0) > 0 ? 'above' : 'below';

/** Student's test of a mean of 0; null below two values. */
function studentP(values: readonly number[]): number | null {
  const [middle, spread] = [mean(values), standardDeviation(values)];
  if (middle === null || spread === null) return null;
  const error = Math.max(spread, leastNoise) / Math.sqrt(values.length);
  return 2 * studentCdf(-Math.abs(middle) / error, values.length - 1);
}
