/** What a reader should know of the searches for capacity. */
import { counted } from '../../record/counted.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import type { CapacityAnswer, CapacityStep } from '../../record/search.ts';
import type { SearchFacts } from '../facts/facts.ts';
import { capacityOf, halfWidth, historyOf } from '../facts/searches.ts';
import { formatCount, plainNumber } from '../words/format.ts';
import type { Check } from './check.ts';
import { endedEarly } from './ended-early.ts';

export const searchEnding: Check<SearchFacts> = ({ run: { record, trials } }) =>
  endedEarly(
    record,
    `${counted(trials.length, 'trial')}; each answer is as far as its search had come.`,
    'Run it again with the same seed for whole searches.',
  );

/** One search, as the concerns below see it. */
interface Searched {
  readonly title: string;
  readonly answer: CapacityAnswer;
  readonly precision: number;
  /** Why the last trial with this outcome had it. */
  last(outcome: CapacityStep['outcome']): string;
}

type Concern = (search: Searched) => Finding | null;

const generatorLimited: Concern = ({ title, answer: { limit, generatorLimit }, last }) => {
  if (limit !== 'generator') return null;
  const where = `at ${formatCount(generatorLimit ?? 0)}/s (${last('generator-limited')})`;
  const message = `${title}: the generator gave out ${where}, so the strategy's own limit is not known.`;
  return findingOf('generator-limited', message);
};

const neverKept: Concern = ({ title, answer: { limit, high }, last }) => {
  if (limit !== 'none-passed') return null;
  const message = `${title}: no rate kept the promise, down to ${formatCount(high ?? 0)}/s: ${last('broken')}.`;
  return findingOf('promise-never-kept', message);
};

const wideInterval: Concern = ({ title, answer, precision }) => {
  if (answer.limit !== 'strategy' || answer.precise) return null;
  const width = plainNumber(Math.round((halfWidth(answer) ?? 0) * 100));
  const message = `${title}: the interval is ±${width} % wide and not ±${plainNumber(precision * 100)} %: trials at the same rate came out differently, or there were too few (${formatCount(answer.trials)}).`;
  return findingOf('wide-interval', message);
};

const disturbed: Concern = ({ title, answer: { ended, low, high }, last }) => {
  if (ended !== 'disturbed') return null;
  const message = `${title}: the search was given up, since several trials in a row said nothing: ${last('invalid')}.`;
  return low === null && high === null
    ? findingOf('search-disturbed', message)
    : findingOf('search-disturbed', message, 'See to this cause, then measure again for the whole answer.');
};

const repeated: Concern = ({ title, answer: { ended, outcomes, trials }, last }) => {
  if (outcomes.invalid === 0 || ended === 'disturbed') return null;
  const count = `${formatCount(outcomes.invalid)} of ${counted(trials, 'trial')}`;
  const message = `${title}: ${count} said nothing of the strategy and were repeated, the last because: ${last('invalid')}.`;
  return findingOf('trials-repeated', message);
};

const concerns: readonly Concern[] = [generatorLimited, neverKept, wideInterval, disturbed, repeated];

export const searches: Check<SearchFacts> = ({ run, design, strategies }) =>
  strategies.flatMap(({ name, title }) => {
    const answer = capacityOf(design, name);
    if (answer === null) return [];
    const history = historyOf(run, name);
    const last: Searched['last'] = (outcome) =>
      history.findLast((step) => step.outcome === outcome)?.why.join('; ') ?? '';
    return concerns.flatMap((concern) => concern({ title, answer, precision: design.precision, last }) ?? []);
  });
