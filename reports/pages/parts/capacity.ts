/** What a search for capacity found: the promise, a bar for each strategy, the numbers, and the trials behind them. */
import type { CapacityAnswer, CapacityStep } from '../../../record/search.ts';
import {
  charts,
  details,
  type Field,
  hint,
  key,
  numbers,
  only,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Column, Section, Table, Text } from '../../document/document.ts';
import type { SearchFacts } from '../../facts/facts.ts';
import { capacityOf, halfWidth } from '../../facts/searches.ts';
import { capacityInWords, promiseExplained, promiseInWords } from '../../words/capacity.ts';
import { absent, formatCount, formatShare, orAbsent, plainNumber } from '../../words/format.ts';
import { capacityBars, outcomes, searchCharts } from '../charts/capacity.ts';
import { labelOf, type StrategyView, type View } from '../view.ts';
import { tally } from './overview.ts';
import { weaknessField } from './weaknesses.ts';

type SearchView = View<SearchFacts>;

export function capacityPart(view: SearchView): Section {
  const { promise, confidence, precision } = view.facts.design;
  const { trials } = view.facts;
  return section(
    'capacity',
    'Capacity',
    'everywhere',
    paragraph(
      'The promise, ',
      strong(promiseInWords(promise)),
      `: ${promiseExplained(promise)}. A wrong answer breaks it, however fast it came, and so does a rate that is not reached.`,
    ),
    only('page', charts('small', capacityBars(view))),
    tableOf('Capacity of each strategy', rowsOf(view), [...fields, weaknessField(view.facts)]),
    only(
      'documents',
      hint(
        `${view.strategies.length > 1 ? 'Highest first. ' : ''}The capacity of a strategy is the highest rate, in requests/s, that keeps the promise in at least half of the trials; its interval holds it with ${formatShare(confidence)} confidence, and ±${plainNumber(precision * 100)} % was aimed at. Strategies whose intervals overlap are not told apart. Found by ${formatCount(trials.length)} trials in all.`,
      ),
    ),
  );
}

interface Row extends StrategyView {
  /** Null where the strategy was not searched. */
  readonly answer: CapacityAnswer | null;
}

const rowsOf = ({ strategies, facts }: SearchView): Row[] =>
  strategies.map((strategy) => ({ ...strategy, answer: capacityOf(facts.design, strategy.summary.name) }));

const figure = (
  column: Column,
  value: (answer: CapacityAnswer) => number | null,
  format: (value: number) => string = formatCount,
): Field<Row> => [column, ({ answer }) => orAbsent(answer && value(answer), format)];

const inDocuments = (name: string, unit = ''): Column => numbers(name, { unit, reach: 'documents' });

const fields: readonly Field<Row>[] = [
  [words('Strategy'), ({ shown }) => shown],
  [numbers('Capacity', { short: 'requests/s', unit: 'requests/s' }), ({ answer }) => capacityText(answer)],
  [
    numbers('Interval', { short: 'interval' }),
    ({ answer }) => (answer?.rate ? (capacityInWords(answer) ?? absent) : absent),
  ],
  figure(inDocuments('±'), (answer) => (answer.rate === null ? null : halfWidth(answer)), formatShare),
  [words('Limit', { short: 'limit' }), ({ answer }) => (answer ? limits[answer.limit] : 'not searched')],
  figure(inDocuments('Generator gave out at', '/s'), ({ generatorLimit }) => generatorLimit),
  figure(numbers('Trials', { short: 'trials', narrow: 'drop' }), ({ trials }) => trials),
  figure(inDocuments('kept'), (answer) => answer.outcomes.kept),
  figure(inDocuments('broken'), (answer) => answer.outcomes.broken),
  figure(inDocuments('beyond the generator'), (answer) => answer.outcomes.generatorLimited),
  figure(inDocuments('repeated'), (answer) => answer.outcomes.invalid),
  [numbers('Wrong answers', { short: 'wrong' }), ({ summary }) => tally(summary.violations)],
];

/** `≥ 1,290` where the limit was not found. */
function capacityText(answer: CapacityAnswer | null): Text {
  if (answer !== null && answer.rate !== null) return strong(formatCount(answer.rate));
  return orAbsent(answer && capacityInWords(answer), (text) =>
    text.replace('at least', '≥').replace('less than', '<'),
  );
}

const limits: Readonly<Record<CapacityAnswer['limit'], string>> = {
  strategy: 'the strategy',
  generator: 'the generator',
  'none-passed': 'no rate kept',
  'all-passed': 'every rate kept',
  unknown: 'not found',
};

/** Nothing where no search began. */
export function searchesPart(view: SearchView): Section[] {
  const drawn = searchCharts(view);
  if (drawn.length === 0) return [];
  return [
    section(
      'searches',
      'The trials behind it',
      'page',
      paragraph(
        `Each search doubles or halves the rate until one keeps the promise and one breaks it, closes in on the edge between them, and then repeats trials on both sides of it, so that no answer rests on a single trial. At most ${view.facts.design.maxTrials} trials a strategy. The band is the interval. A trial that the machine disturbed says nothing and is repeated; one that the generator could not offer says nothing of the strategy.`,
      ),
      key(
        'Outcomes',
        Object.values(outcomes).map(({ label, mark }) => ({ mark, text: label })),
      ),
      charts('small', drawn),
      details('Every trial of every search', steps(view)),
    ),
  ];
}

const phases: Readonly<Record<CapacityStep['phase'], string>> = {
  bracket: 'bracket',
  bisect: 'closing in',
  confirm: 'making sure',
};

const steps = ({ facts, strategies }: SearchView): Table =>
  tableOf(
    'Every trial of every search in the order of measuring',
    facts.run.searches
      .flatMap(({ name, history }) => history.map((step) => ({ name, ...step })))
      .sort((a, b) => a.trial - b.trial),
    [
      [words('Trial'), ({ trial }) => String(trial)],
      [words('Strategy'), ({ name }) => labelOf({ strategies }, name)],
      [numbers('Rate', { unit: '/s' }), ({ rate }) => formatCount(rate)],
      [words('Step'), ({ phase }) => phases[phase]],
      [words('Outcome'), ({ outcome }) => outcomes[outcome].label],
      [words('Why'), ({ why }) => why.join('; ') || absent],
    ],
  );
