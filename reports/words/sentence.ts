/** Verdicts in words, for one who never saw the tool. */

import { counted } from '../../record/counted.ts';
import type { Inconclusive, Verdict } from '../../record/verdict.ts';
import { largestRatio, largestSight } from './beyond.ts';
import { formatCount, formatShare, listed } from './format.ts';
import { metricTitle, type Wording, wording } from './metric.ts';

/** Enough digits for a percentage that has an uncertainty: 18, 2.5, 0.31. */
export const twoDigits = (value: number): string => {
  const digits = value >= 10 ? 0 : value >= 1 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
};

const span = (low: number, high: number): string => {
  const [from, to] = [twoDigits(low), twoDigits(high)];
  return from === to ? from : `${from}–${to}`;
};

/** `2.1–2.6`, `at least 2.1` where the upper end says nothing. */
function spanOfTimes(low: number, high: number): string {
  if (low > largestRatio) return `more than ${formatCount(largestRatio)}`;
  return high > largestRatio ? `at least ${twoDigits(low)}` : span(low, high);
}

/** A change as a size and a direction: `18–23 %` and `less`, or `2.1–2.6 times`. */
type Change =
  | { readonly kind: 'percent'; readonly size: string; readonly more: boolean }
  | { readonly kind: 'times'; readonly size: string };

function changeOf(low: number, high: number): Change {
  if (high >= 2) return { kind: 'times', size: spanOfTimes(low, high) };
  return low >= 1
    ? { kind: 'percent', size: `${span((low - 1) * 100, (high - 1) * 100)} %`, more: true }
    : { kind: 'percent', size: `${span((1 - high) * 100, (1 - low) * 100)} %`, more: false };
}

/** `Sticky sessions use`, `Redis uses`: the last letter alone does not tell. */
const conjugated = (verb: string, subject: string): string =>
  /\bsessions$/i.test(subject) ? verb.replace(/s$/, '') : verb;

const possessive = (name: string): string => (name.endsWith('s') ? `${name}'` : `${name}'s`);

const fewer = { much: 'less', many: 'fewer' } as const;

function differs(candidate: string, baseline: string, words: Wording, change: Change): string {
  if (words.kind === 'activity') {
    const verb = conjugated(words.verb, candidate);
    return change.kind === 'times'
      ? `${candidate} ${verb} ${change.size} times as ${words.quantity} ${words.noun} as ${baseline}`
      : `${candidate} ${verb} ${change.size} ${change.more ? 'more' : fewer[words.quantity]} ${words.noun} than ${baseline}`;
  }
  const subject = `${possessive(candidate)} ${words.noun} is ${change.size}`;
  return change.kind === 'times'
    ? `${subject} times ${possessive(baseline)}`
    : `${subject} ${change.more ? words.more : words.less} than ${possessive(baseline)}`;
}

/** `a factor of 2`, `12 %`: a ratio above 1 as a size. */
export const effectSize = (ratio: number): string =>
  ratio >= 1.95 ? `a factor of ${twoDigits(ratio)}` : `${twoDigits((ratio - 1) * 100)} %`;

/** The smallest difference that a run could have seen: `12 %`, `a factor of 2.3`, `more than a factor of 100`. */
export const sightSize = (ratio: number): string =>
  ratio > largestSight ? `more than a factor of ${largestSight}` : effectSize(ratio);

function limitOfRun({ smallestEffect, pairs }: Verdict): string {
  switch (smallestEffect.kind) {
    case 'effect':
      return `this run could only have seen ${sightSize(smallestEffect.ratio)}`;
    case 'none':
      return `${counted(pairs, 'block')} cannot show a difference of any size; it takes at least ${smallestEffect.blocksForAny}`;
    case 'unknown':
      return `${counted(pairs, 'block')} cannot show how much the trials vary`;
  }
}

/**
 * `18–23 %`: by how much the interval says that the candidate lies below the baseline. For a ratio below 1. Null where no size can be
 * told: the baseline has no answer in some blocks, and those that have one bound nothing.
 */
export function sizeBelow({ interval, noAnswer }: Extract<Verdict, { verdict: 'DIFFERENT' }>): string | null {
  const [least, most] = [(1 - interval.high) * 100, (1 - interval.low) * 100];
  if (noAnswer.baseline === 0) return `${span(least, most)} %`;
  return Number(twoDigits(least)) > 0 ? `at least ${twoDigits(least)} %` : null;
}

/** With titles in place of names. */
export function withTitles<Of extends Verdict>(
  verdict: Of,
  strategies: readonly { readonly name: string; readonly title: string }[],
): Of {
  const title = (name: string): string => strategies.find((each) => each.name === name)?.title ?? name;
  return { ...verdict, baseline: title(verdict.baseline), candidate: title(verdict.candidate) };
}

function inconclusive(verdict: Inconclusive): string {
  const start = `${metricTitle(verdict.metric)} inconclusive`;
  switch (verdict.cause) {
    case 'no-pairs':
      return `${start}: no block has a valid trial of both ${verdict.candidate} and ${verdict.baseline}`;
    case 'no-ratio':
      return `${start}: in ${counted(verdict.unusable, 'block')} a value is zero or no number, so there is no ratio to compare`;
    case 'unanswered':
      return `${start}: ${unanswered(verdict)}`;
    case 'near-floor':
      return verdict.interval.kind === 'bounded'
        ? `${start}: ${nearFloor(verdict, verdict.interval)}`
        : `${start}: ${limitOfRun(verdict)}`;
    case 'too-few-blocks':
      return `${start}: ${counted(verdict.pairs, 'block')} ${verdict.pairs === 1 ? 'is' : 'are'} too few; ${remedy(verdict) ?? limitOfRun(verdict)}`;
    case 'noise':
      return `${start}: ${limitOfRun(verdict)}`;
  }
}

function unanswered({ candidate, baseline, noAnswer, unansweredShare }: Verdict): string {
  const sides = [
    { name: candidate, count: noAnswer.candidate, share: unansweredShare.candidate },
    { name: baseline, count: noAnswer.baseline, share: unansweredShare.baseline },
  ] as const;
  const without = sides
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${name} in ${counted(count, 'block')}`);
  if (without.length > 0)
    return `so many operations got no right answer that there is none for ${listed(without)}`;
  const [{ name, share }] = sides[0].share > sides[1].share ? sides : [sides[1]];
  return `${name} left ${formatShare(share)} of its operations without a right answer, so it is not called better`;
}

/** Where a side has no number at all in some blocks: a size would be one of the blocks that have. */
function withoutAnswer(verdict: Extract<Verdict, { verdict: 'DIFFERENT' }>): string {
  const { candidate, baseline, metric, noAnswer, pairs } = verdict;
  const [worse, other, count] =
    noAnswer.candidate > 0
      ? [candidate, baseline, noAnswer.candidate]
      : [baseline, candidate, noAnswer.baseline];
  return `${possessive(worse)} ${metricTitle(metric)} is worse than ${possessive(other)}: in ${count} of ${counted(pairs, 'block')} so many of its operations got no right answer that it has none`;
}

function nearFloor(verdict: Inconclusive, interval: { low: number; high: number }): string {
  const change = changeOf(interval.low, interval.high);
  const floor = effectSize(1 + verdict.floor);
  return `${differs(verdict.candidate, verdict.baseline, wording(verdict.metric), change)}, which may be less than the ${floor} that matter`;
}

/** `Redis uses 18–23 % less CPU per request than PostgreSQL`. No full stop. */
export function sentence(verdict: Verdict): string {
  const { candidate, baseline, metric } = verdict;
  switch (verdict.verdict) {
    case 'DIFFERENT':
      if (verdict.noAnswer.baseline + verdict.noAnswer.candidate > 0) return withoutAnswer(verdict);
      return differs(
        candidate,
        baseline,
        wording(metric),
        changeOf(verdict.interval.low, verdict.interval.high),
      );
    case 'SAME': {
      const within = Math.max(verdict.interval.high, 1 / verdict.interval.low) - 1;
      return `${metricTitle(metric)} of ${candidate} and ${baseline} is the same to within ${twoDigits(within * 100)} %`;
    }
    case 'INCONCLUSIVE':
      return inconclusive(verdict);
  }
}

/** What would make it conclusive: `about 31 blocks would …`; null for a verdict that is, or where nothing would. */
export function remedy(verdict: Verdict): string | null {
  if (verdict.verdict !== 'INCONCLUSIVE') return null;
  if (verdict.cause === 'no-ratio' || verdict.cause === 'unanswered') return null;
  switch (verdict.needed.kind) {
    case 'blocks':
      return verdict.needed.blocks > verdict.pairs
        ? `about ${counted(verdict.needed.blocks, 'block')} in all would settle it, if effect and noise stay as they are`
        : `the same number of blocks again may settle it`;
    case 'at-least':
      return `it takes at least ${counted(verdict.needed.blocks, 'block')}`;
    case 'none':
      return 'no practical number of blocks would settle it';
  }
}
