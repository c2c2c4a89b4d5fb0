/** What a search for capacity found: the promise, a bar for each strategy, the numbers, and the trials behind them. */
import type { CapacityAnswer, CapacityStep } from '../../../record/search.ts';
import {
  charts,
  details,
  hint,
  key,
  numbers,
  only,
  paragraph,
  section,
  strong,
  table,
  words,
} from '../../document/build.ts';
import type { Section, Table, Text } from '../../document/document.ts';
import type { SearchFacts } from '../../facts/facts.ts';
import { capacityOf, halfWidth } from '../../facts/searches.ts';
import { capacityInWords, promiseExplained, promiseInWords } from '../../words/capacity.ts';
import { absent, formatCount, formatShare, orAbsent, plainNumber } from '../../words/format.ts';
import { capacityBars, outcomes, searchCharts } from '../charts/capacity.ts';
import { labelOf, type StrategyView, type View } from '../view.ts';
import { tally } from './overview.ts';

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
    table(
      'Capacity of each strategy',
      columns,
      view.strategies.map((strategy) => row(strategy, capacityOf(view.facts.design, strategy.summary.name))),
    ),
    only(
      'documents',
      hint(
        `${view.strategies.length > 1 ? 'Highest first. ' : ''}The capacity of a strategy is the highest rate, in requests/s, that keeps the promise in at least half of the trials; its interval holds it with ${formatShare(confidence)} confidence, and ±${plainNumber(precision * 100)} % was aimed at. Strategies whose intervals overlap are not told apart. Found by ${formatCount(trials.length)} trials in all.`,
      ),
    ),
  );
}

const columns = [
  words('Strategy'),
  numbers('Capacity', { short: 'requests/s', unit: 'requests/s' }),
  numbers('Interval', { short: 'interval' }),
  numbers('±', { reach: 'documents' }),
  words('Limit', { short: 'limit' }),
  numbers('Generator gave out at', { unit: '/s', reach: 'documents' }),
  numbers('Trials', { short: 'trials' }),
  ...['kept', 'broken', 'beyond the generator', 'repeated'].map((name) =>
    numbers(name, { reach: 'documents' }),
  ),
  numbers('Wrong answers', { short: 'wrong' }),
];

const limits: Readonly<Record<CapacityAnswer['limit'], string>> = {
  strategy: 'the strategy',
  generator: 'the generator',
  'none-passed': 'no rate kept',
  'all-passed': 'every rate kept',
  unknown: 'not found',
};

function row({ shown, summary }: StrategyView, answer: CapacityAnswer | null): Text[] {
  const wrong = tally(summary, summary.violations);
  if (!answer)
    return [shown, absent, absent, absent, 'not searched', ...Array.from({ length: 6 }, () => absent), wrong];
  const { rate, limit, generatorLimit, trials, outcomes: counts } = answer;
  const words = orAbsent(capacityInWords(answer), (text) =>
    text.replace('at least', '≥').replace('less than', '<'),
  );
  return [
    shown,
    rate === null ? words : strong(formatCount(rate)),
    rate === null ? absent : words,
    rate === null ? absent : orAbsent(halfWidth(answer), formatShare),
    limits[limit],
    orAbsent(generatorLimit, formatCount),
    formatCount(trials),
    formatCount(counts.kept),
    formatCount(counts.broken),
    formatCount(counts.generatorLimited),
    formatCount(counts.invalid),
    wrong,
  ];
}

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

function steps(view: SearchView): Table {
  const all = view.facts.run.searches.flatMap(({ name, history }) =>
    history.map((step) => ({ name, ...step })),
  );
  const rows = all
    .sort((a, b) => a.trial - b.trial)
    .map(({ name, trial, rate, phase, outcome, why }): Text[] => [
      String(trial),
      labelOf(view, name),
      formatCount(rate),
      phases[phase],
      outcomes[outcome].label,
      why.length > 0 ? why.join('; ') : absent,
    ]);
  return table(
    'Every trial of every search in the order of measuring',
    [
      words('Trial'),
      words('Strategy'),
      numbers('Rate', { unit: '/s' }),
      ...['Step', 'Outcome', 'Why'].map((name) => words(name)),
    ],
    rows,
  );
}
