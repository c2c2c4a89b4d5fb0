/** What a run that searched for capacity found: read from `capacity.json`, held against its trials, put into words. */
import type { ReadRun } from '../record/read/run.ts';
import type { ReadTrial } from '../record/read/trials.ts';
import type { Finding, ReasonCode } from '../record/reasons.ts';
import type { CapacityAnswer, CapacityStep, PromiseRecord, PromiseTerm } from '../record/search.ts';
import type { StrategySummary, Summary, SummaryDesign } from '../record/summary.ts';
import { formatCount, inWords, listed } from './words/format.ts';

/** The design as `summary.json` keeps it: a search's with what it found. */
export const summaryDesignOf = ({ record: { design }, searches }: ReadRun): SummaryDesign =>
  design.kind === 'search'
    ? { ...design, answers: searches.map(({ name, answer }) => ({ strategy: name, ...answer })) }
    : design;

export type SearchSummary = Extract<SummaryDesign, { kind: 'search' }>;

/** Null in runs of other designs, and where the search of the strategy never began. */
export const capacityOf = ({ design }: Pick<Summary, 'design'>, strategy: string): CapacityAnswer | null =>
  design.kind === 'search' ? (design.answers.find((each) => each.strategy === strategy) ?? null) : null;

/** The trials of a search in their order; empty where there is none. */
export const historyOf = ({ searches }: ReadRun, strategy: string): readonly CapacityStep[] =>
  searches.find(({ name }) => name === strategy)?.history ?? [];

/**
 * The trials that a strategy's numbers are of: all, or in a search for capacity those at the highest rate that kept the
 * promise more often than not. Numbers of trials at many rates say nothing when they are mixed.
 */
export function behindNumbers<Trial extends ReadTrial & { readonly kind: 'valid' }>(
  run: ReadRun,
  trials: readonly Trial[],
): readonly Trial[] {
  if (run.record.design.kind !== 'search') return trials;
  const outcomes = (rate: number, outcome: string): number =>
    trials.filter(({ record }) => record.offeredRate === rate && record.promise?.outcome === outcome).length;
  const rates = trials
    .map(({ record }) => record.offeredRate)
    .filter((rate) => outcomes(rate, 'kept') > outcomes(rate, 'broken'));
  const highest = Math.max(...rates);
  return trials.filter(({ record }) => record.offeredRate === highest && record.promise?.outcome === 'kept');
}

/** `p99 < 50 ms and errors < 0.1 %`. */
export const promiseInWords = ({ terms }: PromiseRecord): string => listed(terms.map(termInWords));

function termInWords(term: PromiseTerm): string {
  if (term.kind === 'errors') return `errors < ${plain(term.limitShare * 100)} %`;
  const { operation, percentile, limitMicros } = term;
  const name = `${operation === null ? '' : `${operation} `}p${percentile}`;
  return `${name} < ${limitMicros >= 1_000_000 ? `${plain(limitMicros / 1e6)} s` : limitMicros >= 1000 ? `${plain(limitMicros / 1000)} ms` : `${plain(limitMicros)} µs`}`;
}

/** The same for a reader who has never seen a percentile. */
export const promiseExplained = ({ terms }: PromiseRecord): string =>
  listed(
    terms.map((term) =>
      term.kind === 'errors'
        ? `fewer than ${plain(term.limitShare * 100)} % of all operations get no right answer`
        : `${plain(term.percentile)} % of ${term.operation === null ? 'all operations' : `operations "${term.operation}"`} are answered in less than ${plain(term.limitMicros / 1000)} ms after they were due`,
    ),
  );

const plain = (value: number): string => String(Number(value.toPrecision(6)));

/** `2,300–2,450`, `at least 7,500`, `less than 10`; null where nothing is known. */
export function capacityInWords({ low, high }: CapacityAnswer): string | null {
  if (low !== null && high !== null)
    return low === high ? formatCount(low) : `${formatCount(low)}–${formatCount(high)}`;
  if (low !== null) return `at least ${formatCount(low)}`;
  return high === null ? null : `less than ${formatCount(high)}`;
}

export const limitInWords: Readonly<Record<CapacityAnswer['limit'], string>> = {
  strategy: 'the strategy',
  generator: 'the generator, not the strategy',
  'none-passed': 'no rate kept the promise',
  'all-passed': 'none met: the highest rate was kept',
  unknown: 'not found',
};

/** Half the width of the interval as a share of its middle, on the scale that the search works on; null without one. */
export const halfWidth = ({ low, high }: CapacityAnswer): number | null =>
  low !== null && high !== null && low > 0 ? Math.sqrt(high / low) - 1 : null;

interface Answered {
  readonly name: string;
  readonly title: string;
  readonly capacity: CapacityAnswer;
}
type Facts = Pick<Summary, 'design' | 'strategies' | 'status'>;

const answeredOf = (facts: Facts): Answered[] =>
  facts.strategies.flatMap(({ name, title }) => {
    const capacity = capacityOf(facts, name);
    return capacity === null ? [] : [{ name, title, capacity }];
  });

/** The highest first; those of which nothing is known last. */
export const byCapacity =
  (facts: Pick<Summary, 'design'>) =>
  (a: StrategySummary, b: StrategySummary): number =>
    sortKey(capacityOf(facts, b.name)) - sortKey(capacityOf(facts, a.name));

const sortKey = (answer: CapacityAnswer | null): number =>
  answer === null ? -2 : (answer.rate ?? answer.low ?? (answer.high === null ? -1 : 0));

/** The answer in one sentence. @param wrong what is said of wrong answers, before all else; or nothing */
export function capacitySentence(facts: Facts, design: SearchSummary, wrong: string): string {
  const answered = answeredOf(facts).sort((a, b) => sortKey(b.capacity) - sortKey(a.capacity));
  const under = `${facts.status === 'finished' ? 'Under' : 'In a run that did not end, under'} ${promiseInWords(design.promise)}`;
  const start = wrong === '' ? under : `${wrong}; ${under[0]?.toLowerCase()}${under.slice(1)}`;
  if (answered.length === 0) return `${start}, this run found no capacity: no search came to an answer.`;
  const found = answered.filter(({ capacity: { limit } }) => limit === 'strategy');
  const atLeast = answered.filter(({ capacity: { limit, low } }) => limit !== 'strategy' && low !== null);
  const none = answered.filter(({ capacity: { limit, low } }) => limit !== 'strategy' && low === null);
  const parts = [
    carried(found, design.precision),
    carried(atLeast, design.precision),
    ...none.map(withoutBound),
    level(found),
    unmeasured(facts),
  ].filter((part) => part !== '');
  return `${start}, ${parts.join('; ')}.`;
}

/** `Redis carried 2,300–2,450 requests/s on this machine and PostgreSQL 1,500–1,600`. */
function carried(strategies: readonly Answered[], precision: number): string {
  return listed(
    strategies.map((strategy, i) => {
      const unit = i === 0 ? ' requests/s on this machine' : '';
      const verb = i === 0 ? ' carried' : '';
      return `${strategy.title}${verb} ${capacityInWords(strategy.capacity)}${unit}${remark(strategy.capacity, precision)}`;
    }),
  );
}

/** What must be said with a number, so that it is not taken for more than it is. */
function remark({ limit, precise }: CapacityAnswer, precision: number): string {
  if (limit === 'strategy') return precise ? '' : ` (wider than the ±${plain(precision * 100)} % aimed at)`;
  if (limit === 'generator') return ' (the generator, not the strategy, was the limit)';
  return limit === 'all-passed' ? ' (the highest rate that was tried)' : ' (its limit was not found)';
}

function withoutBound({ title, capacity: { limit, high, generatorLimit } }: Answered): string {
  if (limit === 'generator')
    return `nothing is known of ${title}, since the generator gave out at ${formatCount(generatorLimit ?? 0)} requests/s already`;
  if (limit === 'none-passed')
    return `${title} kept it at no rate, not even at ${formatCount(high ?? 0)} requests/s`;
  return `nothing is known of ${title}${high === null ? '' : ` but that it broke the promise at ${formatCount(high)} requests/s`}`;
}

/** Strategies whose intervals overlap with that of the first are not told apart from it. */
function level(found: readonly Answered[]): string {
  const [first, ...others] = found;
  const same = others.filter(({ capacity }) => (capacity.high ?? 0) >= (first?.capacity.low ?? 0));
  if (!first || same.length === 0) return '';
  return `${listed([first, ...same].map(({ title }) => title))} are not told apart, since their intervals overlap`;
}

function unmeasured(facts: Facts): string {
  const missing = facts.strategies.filter(({ name }) => capacityOf(facts, name) === null);
  if (missing.length === 0) return '';
  return missing.length <= 3
    ? `${listed(missing.map(({ title }) => title))} ${missing.length === 1 ? 'was' : 'were'} not searched`
    : `${inWords(missing.length)} strategies were not searched`;
}

/** What a reader should know of the searches. */
export function capacityFindings(facts: Facts, design: SearchSummary, run: ReadRun): Finding[] {
  return [...endedEarly(run), ...answeredOf(facts).flatMap((each) => findingsOf(each, design, run))];
}

function endedEarly({ record, trials }: ReadRun): Finding[] {
  if (record.status === 'finished') return [];
  const how = {
    running: 'had not ended, or was killed',
    interrupted: 'was interrupted',
    failed: 'failed',
  } as const;
  return [
    {
      severity: 'warning',
      code: record.status === 'failed' ? 'run-ended-early' : 'interrupted',
      message: `The run ${how[record.status]} after ${trials.length} trials; each answer is as far as its search had come.`,
      remedy: 'Run it again with the same seed for whole searches.',
    },
  ];
}

function findingsOf(
  { name, title, capacity: answer }: Answered,
  { precision }: SearchSummary,
  run: ReadRun,
): Finding[] {
  const found: Finding[] = [];
  const add = (severity: Finding['severity'], code: ReasonCode, message: string, remedy: string): void =>
    void found.push({ severity, code, message: `${title}: ${message}`, remedy });
  const last = (outcome: string): string =>
    historyOf(run, name)
      .findLast((step) => step.outcome === outcome)
      ?.why.join('; ') ?? '';
  const { limit, low, high, generatorLimit, outcomes, trials, ended } = answer;
  if (limit === 'generator')
    add(
      'warning',
      'generator-limited',
      `the generator gave out at ${formatCount(generatorLimit ?? 0)}/s (${last('generator-limited')}), so the strategy's own limit is not known.`,
      'Measure on a machine with more cores.',
    );
  if (limit === 'none-passed')
    add(
      'warning',
      'promise-never-kept',
      `no rate kept the promise, down to ${formatCount(high ?? 0)}/s: ${last('broken')}.`,
      'Promise less with --slo, or look at the logs of its trials.',
    );
  if (limit === 'strategy' && !answer.precise) {
    const how = `±${plain(Math.round((halfWidth(answer) ?? 0) * 100))} %`;
    const wanted = `±${plain(precision * 100)} %`;
    add(
      'note',
      'wide-interval',
      `the interval is ${how} wide and not ${wanted}: trials at the same rate came out differently, or there were too few (${formatCount(trials)}).`,
      'Longer trials (--duration) and a quieter machine make the edge sharper.',
    );
  }
  if (ended === 'disturbed')
    add(
      'warning',
      'search-disturbed',
      `the search was given up, since several trials in a row said nothing: ${last('invalid')}.`,
      low === null && high === null
        ? 'See to this cause, then measure again.'
        : 'See to this cause, then measure again for the whole answer.',
    );
  if (outcomes.invalid > 0 && ended !== 'disturbed')
    add(
      'note',
      'trials-repeated',
      `${formatCount(outcomes.invalid)} of ${formatCount(trials)} trials said nothing of the strategy and were repeated, the last because: ${last('invalid')}.`,
      'Keep other work off this machine while measuring.',
    );
  return found;
}
