import { sumOf, type Violations } from '../../record/common.ts';
import { counted, formatClasses } from '../words/format.ts';
import type { Check } from './check.ts';

const meanings: Readonly<Record<keyof Violations, string>> = {
  lost: 'a live session was gone',
  stale: 'an older version came back',
  resurrected: 'a logged-out session still worked',
  crossed: "somebody else's session came back",
};

const meaningOf = (violations: Violations): string =>
  (['lost', 'stale', 'resurrected', 'crossed'] as const)
    .filter((name) => violations[name] > 0)
    .map((name) => `${name}: ${meanings[name]}`)
    .join('; ');

/** Answers that were wrong, of all trials: an alarm for each strategy that gave one. */
export const wrongAnswers: Check = ({ strategies }) =>
  strategies
    .filter(({ violations }) => sumOf(violations) > 0)
    .map(({ title, violations }) => ({
      severity: 'alarm',
      code: 'violations',
      message: `${title} gave ${counted(sumOf(violations), 'wrong answer')} in all its trials: ${formatClasses(violations)} (${meaningOf(violations)}).`,
      remedy: 'Do not weigh its speed before this is understood; the logs of its trials are under trials/.',
    }));
