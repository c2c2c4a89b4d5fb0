/** What a number of pairs with a known spread can show: smallest detectable effect and blocks needed. */

import type { Rule } from '../../record/rule.ts';
import { normalQuantile } from './distributions/normal.ts';
import { noncentralExceeds, studentQuantile } from './distributions/student.ts';
import { remembered } from './remembered.ts';
import { smallestP } from './sign-flip.ts';

/** Beyond this a run would take days; "no number of blocks" is then the honest answer. */
export const MOST_CONSIDERED = 1000;
/** The Hodges–Lehmann estimate needs 1/0.955 as many normal values as the mean for the same spread (Lehmann 1975, §4.2). */
const ESTIMATE_SPREAD = Math.sqrt(Math.PI / 3);

/** The largest level that a sign-flip test of n pairs can hold without exceeding `level`; 0 when it can hold none. */
export function attainableLevel(level: number, pairs: number): number {
  // Past 50 pairs the steps are finer than a double can tell apart.
  if (pairs > 50) return level;
  const step = smallestP(pairs);
  return Math.floor((level / step) * (1 + 1e-12)) * step;
}

/** The fewest pairs with which a test in a family of `family` tests can reach the level at all (Holm's first step). */
export function fewestPairs(level: number, family: number): number {
  let pairs = 2;
  while (smallestP(pairs) * family > level * (1 + 1e-12)) pairs += 1;
  return pairs;
}

/** The largest family that n pairs can serve at the level; 0 when they serve none. */
export const largestFamily = (level: number, pairs: number): number =>
  Math.floor((level / smallestP(pairs)) * (1 + 1e-12));

const zeroToOne = (share: number): number => Math.min(1, Math.max(0, share));

/**
 * Power of the paired t test at the level that the sign-flip test can attain. The sign-flip test's own power tends to
 * it (Hoeffding 1952, Ann. Math. Stat. 23:169).
 */
export function testPower(effectInSpreads: number, pairs: number, level: number): number {
  const attainable = attainableLevel(level, pairs);
  if (attainable <= 0 || pairs < 2) return 0;
  const critical = -studentQuantile(attainable / 2, pairs - 1);
  return zeroToOne(noncentralExceeds(critical, pairs - 1, effectInSpreads * Math.sqrt(pairs)));
}

/** Past this many pairs t and its normal limit give the same effect to better than 1 %. */
const NORMAL_LIMIT = 50;

/** Effect in units of the spread that the test finds with the power; Infinity when it can find none. */
const testableEffect = remembered((pairs, level, power) => {
  const attainable = attainableLevel(level, pairs);
  if (attainable <= 0 || pairs < 2) return Number.POSITIVE_INFINITY;
  if (pairs > NORMAL_LIMIT)
    return (normalQuantile(power) - studentQuantile(attainable / 2, pairs - 1)) / Math.sqrt(pairs);
  let low = 0;
  let high = 1;
  while (testPower(high, pairs, level) < power) high *= 2;
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    if (testPower(middle, pairs, level) < power) low = middle;
    else high = middle;
  }
  return high;
});

/**
 * How far in units of the spread an effect must lie beyond a border for the interval to clear the border with the
 * power. Infinity when n pairs give no interval of that confidence.
 */
const clearance = remembered((pairs, confidence, power) => {
  if (pairs < 2 || smallestP(pairs) > 1 - confidence + 1e-12) return Number.POSITIVE_INFINITY;
  const half = studentQuantile((1 + confidence) / 2, pairs - 1);
  return ((half + normalQuantile(power)) * ESTIMATE_SPREAD) / Math.sqrt(pairs);
});

/**
 * The smallest effect, as a positive log ratio, that n pairs of this spread would have called DIFFERENT with the rule's
 * power: the test must reach the level in its family, and the interval must clear the floor. Infinity when none.
 * Formulas: sample size for a paired t test and for superiority by a margin (Julious 2004, Stat. Med. 23:1921).
 * @param spread standard deviation of the paired log ratios
 * @param family number of comparisons judged together
 */
export function smallestDetectable(spread: number, pairs: number, family: number, rule: Rule): number {
  const testable = testableEffect(pairs, rule.level / Math.max(1, family), rule.power);
  const cleared = clearance(pairs, rule.confidence, rule.power);
  if (!Number.isFinite(testable) || !Number.isFinite(cleared)) return Number.POSITIVE_INFINITY;
  return Math.max(testable * spread, Math.log1p(rule.floor) + cleared * spread);
}

export type BlocksNeeded =
  /** In all, those measured included, if effect and spread are what this run saw. */
  | { readonly kind: 'blocks'; readonly blocks: number; readonly toward: 'DIFFERENT' | 'SAME' }
  /** At least so many, whatever the spread, which this run is too short to know. */
  | { readonly kind: 'at-least'; readonly blocks: number }
  /** The effect lies so near the floor, or the noise is so large, that no practical number helps. */
  | { readonly kind: 'none' };

/**
 * How many blocks would make a comparison conclusive with the rule's power.
 * @param effect log ratio as estimated
 */
export function blocksNeeded(effect: number, spread: number, family: number, rule: Rule): BlocksNeeded {
  const floor = Math.log1p(rule.floor);
  const size = Math.abs(effect);
  const toward = size > floor ? 'DIFFERENT' : 'SAME';
  const enough = (pairs: number): boolean =>
    toward === 'DIFFERENT'
      ? smallestDetectable(spread, pairs, family, rule) <= size
      : clearance(pairs, rule.confidence, rule.power) * spread <= floor - size;
  const fewest =
    toward === 'DIFFERENT' ? fewestPairs(rule.level, family) : fewestPairs(1 - rule.confidence, 1);
  if (!enough(MOST_CONSIDERED)) return { kind: 'none' };
  let short = fewest - 1;
  let pairs = MOST_CONSIDERED;
  while (pairs - short > 1) {
    const middle = (pairs + short) >> 1;
    if (enough(middle)) pairs = middle;
    else short = middle;
  }
  return { kind: 'blocks', blocks: pairs, toward };
}
