import { sumOf } from '../../record/common.ts';
import { findingOf } from '../../record/reasons.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { errorsInWords } from '../words/errors.ts';
import { counted, formatShare } from '../words/format.ts';
import { causesOf, refusing } from './causes.ts';
import type { Check } from './check.ts';

/** Requests without a usable answer. Those of a strategy that failed are told with its failure. */
export const errors: Check = (facts) =>
  facts.strategies
    .filter((strategy) => strategy.status !== 'failed' && sumOf(strategy.errors) > 0)
    .map((strategy) => {
      const count = `${counted(sumOf(strategy.errors), 'request')} without a usable answer${shareOf(strategy)}`;
      const message = `${strategy.title} left ${count}: ${errorsInWords(strategy.errors)}.`;
      const { text, remedy } = causesOf(facts, strategy.name, refusing);
      return findingOf('errors', `${message}${text}`, remedy);
    });

/** Unknown where trials are invalid, whose errors count and whose requests do not. */
function shareOf({ errors: found, requests: { generator }, trials }: StrategySummary): string {
  return generator !== null && generator > 0 && trials.invalid === 0
    ? `, ${formatShare(sumOf(found) / generator)} of its requests`
    : '';
}
