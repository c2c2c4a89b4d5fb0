/** What the comparisons could not decide. */
import { nounFor } from '../../record/counted.ts';
import { MOST_BLOCKS } from '../../record/design.ts';
import { findingOf } from '../../record/reasons.ts';
import { enoughBeyond, isThin } from '../facts/merged.ts';
import { counted, formatCount } from '../words/format.ts';
import type { Check } from './check.ts';

/** So few blocks that nothing could have been decided. */
export const tooFewBlocks: Check = ({ verdicts }) => {
  const fewest = verdicts.fewestBlocks;
  if (fewest === null) return [];
  const blocks = counted(fewest, 'block');
  return [
    findingOf(
      'too-few-blocks',
      `Differences between strategies are shown and not decided: a verdict on ${counted(verdicts.all.length, 'comparison')} takes at least ${blocks} with valid trials of both sides, and this run has ${counted(verdicts.mostPairs, 'block')} at most.`,
      `Measure ${blocks} (--blocks ${fewest}) or, better, more: each shows smaller differences.`,
    ),
  ];
};

/** What stays open after the comparisons, and what would settle it. */
export const openComparisons: Check = ({ verdicts }) => {
  const { open } = verdicts.tally;
  if (verdicts.fewestBlocks !== null || open === 0) return [];
  const { half, never } = verdicts.outlook;
  const hopeless = never > 0 ? `; for ${formatCount(never)} no practical number of blocks would do` : '';
  const message = `${formatCount(open)} of ${counted(verdicts.all.length, 'comparison')} of two strategies on one metric ${nounFor(open, 'is', 'are')} inconclusive${hopeless}.`;
  return [
    half === null
      ? findingOf('inconclusive', message)
      : findingOf('inconclusive', message, settledBy(half, open - never, never > 0)),
  ];
};

/** @param among of how many comparisons half are settled; @param others whether there are more, which nothing settles */
export function settledBy(blocks: number, among: number, others: boolean): string {
  const it = others ? nounFor(among, 'the other') : nounFor(among, 'it', 'them');
  const what = among === 1 ? it : `half of ${it}`;
  const start = `About ${counted(blocks, 'block')}`;
  return blocks > MOST_BLOCKS
    ? `${start}, more than the ${MOST_BLOCKS} of one run, would settle ${what}: measure longer (--duration), or on a calmer machine.`
    : `${start} (--blocks ${blocks}) would settle ${what}, if effects and noise stay as they are.`;
}

/** High percentiles of few requests. */
export const fewSamples: Check = ({ strategies }) => {
  const thin = strategies.some(({ operations }) =>
    Object.values(operations).some(({ count }) => isThin(count, 99.9)),
  );
  const message = `Some high percentiles rest on fewer than ${enoughBeyond} slower requests; they are marked with ~ and left out of the curves.`;
  return thin ? [findingOf('few-samples', message)] : [];
};
