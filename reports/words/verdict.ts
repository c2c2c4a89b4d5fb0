/** A verdict's numbers as tables and charts show them. */

import type { Ranking } from '../../record/summary.ts';
import type { Verdict } from '../../record/verdict.ts';
import { blocksToSettle, endsOf } from '../statistics/verdict.ts';
import { largestRatio } from './beyond.ts';
import { absent, formatCount, orAbsent } from './format.ts';
import { sightSize } from './sentence.ts';

/** 0.81, 1.23, 12.4: a ratio is read to about one per cent. `> 1,000` and `< 0.001` where its digits say nothing. */
export function formatTimes(ratio: number): string {
  if (ratio > largestRatio) return `> ${formatCount(largestRatio)}`;
  if (ratio > 0 && ratio < 1 / largestRatio) return `< ${1 / largestRatio}`;
  if (ratio >= 10) return ratio >= 100 ? formatCount(ratio) : ratio.toFixed(1);
  return ratio.toFixed(ratio < 0.1 ? 3 : 2);
}

/** A p value: `0.0005`, `< 0.0001`. */
export const formatP = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toFixed(p < 0.01 ? 4 : 3));

/** What a ratio is where a side's values are worse than any number: a bound, `≥ ` or `≤ `; empty elsewhere. */
export function boundMark({ noAnswer: { baseline, candidate } }: Verdict): '' | '≥ ' | '≤ ' | '? ' {
  if (baseline > 0) return candidate > 0 ? '? ' : '≤ ';
  return candidate > 0 ? '≥ ' : '';
}

export const ratioText = (verdict: Verdict): string =>
  orAbsent(verdict.ratio, (ratio) => `${boundMark(verdict)}${formatTimes(ratio)}`);

/** `1.18–1.28`; `0.012 to > 1,000`; `any (seen: 1.10–1.40)` where so few blocks bound nothing. */
export function intervalText(verdict: Verdict): string {
  const ends = endsOf(verdict.interval);
  if (ends === null) return absent;
  switch (boundMark(verdict)) {
    case '≥ ':
      return `≥ ${formatTimes(ends.low)}`;
    case '≤ ':
      return `≤ ${formatTimes(ends.high)}`;
    case '? ':
      return absent;
  }
  const [low, high] = [formatTimes(ends.low), formatTimes(ends.high)];
  const span = /[<>]/.test(low + high) ? `${low} to ${high}` : `${low}–${high}`;
  return ends.bounded ? span : `any (seen: ${span})`;
}

/** `12 %`, `a factor of 2.3`, `more than a factor of 100`, `nothing`. */
export function smallestEffectText({ smallestEffect }: Verdict): string {
  switch (smallestEffect.kind) {
    case 'effect':
      return sightSize(smallestEffect.ratio);
    case 'none':
      return 'nothing';
    case 'unknown':
      return absent;
  }
}

/** `31`; `at least 12`; `none would do`; a dash where the verdict stands. */
export function blocksNeededText(verdict: Verdict): string {
  if (verdict.verdict !== 'INCONCLUSIVE') return absent;
  switch (verdict.needed.kind) {
    case 'blocks':
      return String(blocksToSettle(verdict));
    case 'at-least':
      return `at least ${verdict.needed.blocks}`;
    case 'none':
      return 'none would do';
  }
}

/** `1`, or `2–4` where the verdicts leave the place open. */
export const placeText = ({ best, worst }: Ranking['ranked'][number]['place']): string =>
  best === worst ? String(best) : `${best}–${worst}`;
