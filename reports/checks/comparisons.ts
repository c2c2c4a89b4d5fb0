import { counted, formatCount } from '../words/format.ts';
import type { Check } from './check.ts';

/** So few blocks that nothing could have been decided. */
export const tooFewBlocks: Check = ({ verdicts }) => {
  const fewest = verdicts.fewestBlocks;
  if (fewest === null) return [];
  return [
    {
      severity: 'note',
      code: 'too-few-blocks',
      message: `Differences between strategies are shown and not decided: a verdict on ${counted(verdicts.all.length, 'comparison')} takes at least ${counted(fewest, 'block')} with valid trials of both sides, and this run has ${counted(verdicts.mostPairs, 'block')} at most.`,
      remedy: `Measure ${counted(fewest, 'block')} or more (--blocks ${fewest}), or fewer strategies.`,
    },
  ];
};

/** What stays open after the comparisons, and what would settle it. */
export const openComparisons: Check = ({ verdicts }) => {
  const { open } = verdicts.tally;
  if (verdicts.fewestBlocks !== null || open === 0) return [];
  const { half, never } = verdicts.outlook;
  const hopeless = never > 0 ? `; for ${formatCount(never)} no practical number of blocks would do` : '';
  return [
    {
      severity: 'note',
      code: 'inconclusive',
      message: `${formatCount(open)} of ${counted(verdicts.all.length, 'comparison')} of two strategies on one metric ${open === 1 ? 'is' : 'are'} inconclusive${hopeless}.`,
      remedy:
        half === null
          ? 'See what each could have shown under "Comparisons".'
          : `About ${counted(half, 'block')} (--blocks ${half}) would settle half of the others, if effects and noise stay as they are.`,
    },
  ];
};
