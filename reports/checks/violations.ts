import { sumOf, type Violations } from '../../record/common.ts';
import { findingOf } from '../../record/reasons.ts';
import { counted, formatClasses } from '../words/format.ts';
import { causesOf, losing } from './causes.ts';
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
export const wrongAnswers: Check = (facts) =>
  facts.strategies.flatMap(({ name, title, violations }) => {
    if (violations === null || sumOf(violations) === 0) return [];
    const count = counted(sumOf(violations), 'wrong answer');
    const message = `${title} gave ${count} in all its trials: ${formatClasses(violations)} (${meaningOf(violations)}).`;
    const { text, remedy } = causesOf(facts, name, violations.lost > 0 ? losing : []);
    return [findingOf('violations', `${message}${text}`, remedy)];
  });
