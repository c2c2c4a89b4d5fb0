/** What a run can find, told before it starts. */
import { reportRule } from '../facts/comparisons.ts';
import { fewestBlocks, type RunSize, smallestEffectOfRun } from '../statistics/smallest-effect.ts';
import { largestSight } from '../words/beyond.ts';
import { formatCount, formatRatio, listed } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import type { PairNoise } from './noise.ts';

/** Why a run of this size can find nothing, whatever the noise; null where it can. */
export function blindWords(size: Pick<RunSize, 'blocks' | 'strategies'>): string | null {
  if (size.strategies < 2) return 'no difference, since one strategy has none to be compared with';
  if (size.blocks >= fewestBlocks) return null;
  return `no difference, however large: ${formatCount(size.blocks)} block does not tell what is noise. Give --blocks ${fewestBlocks} or more`;
}

/**
 * One sentence without its end. A difference of the size that is named is found with the rule's power.
 * @param origin where the noise comes from
 */
export function sightWords(size: Omit<RunSize, 'metrics'>, noise: PairNoise, origin: string): string {
  const blind = blindWords(size);
  if (blind !== null) return blind;
  const found = [...noise].map(([metric, spread]) => {
    const ratio = smallestEffectOfRun({ ...size, metrics: noise.size }, spread, reportRule);
    return { metric, ratio };
  });
  const [first, ...others] = found.flatMap(({ metric, ratio }) =>
    ratio === null ? [] : [`${difference(ratio)} in ${metricTitle(metric)}`],
  );
  if (first === undefined) return 'no difference, however large';
  return `differences of about ${listed([first, ...others])} (${origin})`;
}

/** Past this a ratio reads better than a per cent. */
const LARGE = 3;

/** `12 %`, `4.5×`. @param ratio from 1 */
export function difference(ratio: number): string {
  if (ratio > largestSight) return `more than ${formatRatio(largestSight)}`;
  return ratio > LARGE ? formatRatio(ratio) : `${formatCount((ratio - 1) * 100)} %`;
}
