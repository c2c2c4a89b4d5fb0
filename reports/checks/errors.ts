import { sumOf } from '../../record/common.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { errorsInWords } from '../words/errors.ts';
import { counted, formatShare } from '../words/format.ts';
import type { Check } from './check.ts';

/** Requests without a usable answer. */
export const errors: Check = ({ strategies }) =>
  strategies
    .filter((strategy) => sumOf(strategy.errors) > 0)
    .map((strategy) => ({
      severity: 'warning',
      code: 'errors',
      message: `${strategy.title} left ${counted(sumOf(strategy.errors), 'request')} without a usable answer${shareOf(strategy)}: ${errorsInWords(strategy.errors)}.`,
      remedy: 'See the logs of its trials under trials/ for the cause.',
    }));

/** Unknown where trials are invalid, whose errors count and whose requests do not. */
function shareOf({ errors: found, requests: { generator }, trials }: StrategySummary): string {
  return generator > 0 && trials.invalid === 0
    ? `, ${formatShare(sumOf(found) / generator)} of its requests`
    : '';
}
