/** What a reader should know of the searches for capacity. */
import type { Finding } from '../../record/reasons.ts';
import type { CapacityAnswer, CapacityStep } from '../../record/search.ts';
import type { SearchFacts } from '../facts/facts.ts';
import { capacityOf, halfWidth, historyOf } from '../facts/searches.ts';
import { formatCount, plainNumber } from '../words/format.ts';
import type { Check } from './check.ts';

const endings = {
  running: 'had not ended, or was killed',
  interrupted: 'was interrupted',
  failed: 'failed',
} as const;

export const searchEnding: Check<SearchFacts> = ({ run: { record, trials } }) =>
  record.status === 'finished'
    ? []
    : [
        {
          severity: 'warning',
          code: record.status === 'failed' ? 'run-ended-early' : 'interrupted',
          message: `The run ${endings[record.status]} after ${trials.length} trials; each answer is as far as its search had come.`,
          remedy: 'Run it again with the same seed for whole searches.',
        },
      ];

/** One search, as the checks below see it. */
interface Searched {
  readonly answer: CapacityAnswer;
  readonly precision: number;
  /** Why the last trial with this outcome had it. */
  last(outcome: CapacityStep['outcome']): string;
}

type Concern = (search: Searched) => Finding | null;

const generatorLimited: Concern = ({ answer: { limit, generatorLimit }, last }) =>
  limit !== 'generator'
    ? null
    : {
        severity: 'warning',
        code: 'generator-limited',
        message: `the generator gave out at ${formatCount(generatorLimit ?? 0)}/s (${last('generator-limited')}), so the strategy's own limit is not known.`,
        remedy: 'Measure on a machine with more cores.',
      };

const neverKept: Concern = ({ answer: { limit, high }, last }) =>
  limit !== 'none-passed'
    ? null
    : {
        severity: 'warning',
        code: 'promise-never-kept',
        message: `no rate kept the promise, down to ${formatCount(high ?? 0)}/s: ${last('broken')}.`,
        remedy: 'Promise less with --slo, or look at the logs of its trials.',
      };

const wideInterval: Concern = ({ answer, precision }) =>
  answer.limit !== 'strategy' || answer.precise
    ? null
    : {
        severity: 'note',
        code: 'wide-interval',
        message: `the interval is ±${plainNumber(Math.round((halfWidth(answer) ?? 0) * 100))} % wide and not ±${plainNumber(precision * 100)} %: trials at the same rate came out differently, or there were too few (${formatCount(answer.trials)}).`,
        remedy: 'Longer trials (--duration) and a quieter machine make the edge sharper.',
      };

const disturbed: Concern = ({ answer: { ended, low, high }, last }) =>
  ended !== 'disturbed'
    ? null
    : {
        severity: 'warning',
        code: 'search-disturbed',
        message: `the search was given up, since several trials in a row said nothing: ${last('invalid')}.`,
        remedy:
          low === null && high === null
            ? 'See to this cause, then measure again.'
            : 'See to this cause, then measure again for the whole answer.',
      };

const repeated: Concern = ({ answer: { ended, outcomes, trials }, last }) =>
  outcomes.invalid === 0 || ended === 'disturbed'
    ? null
    : {
        severity: 'note',
        code: 'trials-repeated',
        message: `${formatCount(outcomes.invalid)} of ${formatCount(trials)} trials said nothing of the strategy and were repeated, the last because: ${last('invalid')}.`,
        remedy: 'Keep other work off this machine while measuring.',
      };

const concerns: readonly Concern[] = [generatorLimited, neverKept, wideInterval, disturbed, repeated];

export const searches: Check<SearchFacts> = ({ run, design, strategies }) =>
  strategies.flatMap(({ name, title }) => {
    const answer = capacityOf(design, name);
    if (answer === null) return [];
    const last = (outcome: CapacityStep['outcome']): string =>
      historyOf(run, name)
        .findLast((step) => step.outcome === outcome)
        ?.why.join('; ') ?? '';
    return concerns
      .flatMap((concern) => concern({ answer, precision: design.precision, last }) ?? [])
      .map((finding) => ({ ...finding, message: `${title}: ${finding.message}` }));
  });
