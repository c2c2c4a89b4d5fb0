/** A verdict's numbers as tables and charts show them. */

import type { Ranking } from '../../record/summary.ts';
import type { Verdict } from '../../record/verdict.ts';
import { blocksToSettle, endsOf } from '../statistics/verdict.ts';
import { absent, orAbsent } from './format.ts';
import { effectSize } from './sentence.ts';

/** 0.81, 1.23, 12.4: a ratio is read to about one per cent. */
export const formatTimes = (ratio: number): string =>
  ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);

/** A p value: `0.0005`, `< 0.0001`. */
export const formatP = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toFixed(p < 0.01 ? 4 : 3));

export const ratioText = ({ ratio }: Verdict): string => orAbsent(ratio, formatTimes);

/** `1.18–1.28`; `any (seen: 1.10–1.40)` where so few blocks bound nothing. */
export function intervalText({ interval }: Verdict): string {
  const ends = endsOf(interval);
  if (ends === null) return absent;
  const span = `${formatTimes(ends.low)}–${formatTimes(ends.high)}`;
  return ends.bounded ? span : `any (seen: ${span})`;
}

/** `12 %`, `a factor of 2.3`, `nothing`. */
export function smallestEffectText({ smallestEffect }: Verdict): string {
  switch (smallestEffect.kind) {
    case 'effect':
      return effectSize(smallestEffect.ratio);
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
