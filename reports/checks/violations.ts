import { sumOf, type Violations } from '../../record/common.ts';
import { findingOf } from '../../record/reasons.ts';
import { counted, formatClasses } from '../words/format.ts';
import type { Check } from './check.ts';

const meanings = {
  lost: 'a live session was gone',
  stale: 'an older version came back',
  resurrected: 'a logged-out session still worked',
  crossed: "somebody else's session came back",
} as const satisfies Record<keyof Violations, string>;

const meaningOf = (violations: Violations): string =>
  (['lost', 'stale', 'resurrected', 'crossed'] as const)
    .filter((name) => violations[name] > 0)
    .map((name) => `${name}: ${meanings[name]}`)
    .join('; ');

/** Answers that were wrong, of all trials: an alarm for each strategy that gave one. */
export const wrongAnswers: Check = ({ strategies }) =>
  strategies
    .filter(({ violations }) => sumOf(violations) > 0)
    .map(({ title, violations }) => {
      const count = counted(sumOf(violations), 'wrong answer');
      const message = `${title} gave ${count} in all its trials: ${formatClasses(violations)} (${meaningOf(violations)}).`;
      return findingOf('violations', message);
    });
