/** When things break: what each strategy made of each fault, how it went second by second, and what was done. */
import type { FaultResult } from '../../../record/faults.ts';
import {
  bad,
  charts,
  type Field,
  good,
  heading,
  hint,
  items,
  notable,
  numbers,
  only,
  paragraph,
  section,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Block, Section, Table, Text } from '../../document/document.ts';
import type { FaultFacts } from '../../facts/facts.ts';
import { isBetter, isWorse } from '../../facts/fault-verdicts.ts';
import {
  cellWords,
  expectedWords,
  failedWords,
  logoutsWords,
  secondsWords,
  sessionsWords,
} from '../../words/faults.ts';
import { absent, formatClasses, formatCount, listed, orAbsent } from '../../words/format.ts';
import { faultCharts } from '../charts/faults.ts';
import { type StrategyView, shownAs, type View } from '../view.ts';
import { weaknessField } from './weaknesses.ts';

type FaultView = View<FaultFacts>;

/** The gravest first, and strategies as everywhere; nothing where no result is there. */
export function breakingPart(view: FaultView): Section[] {
  const results = inOrder(view);
  if (results.length === 0) return [];
  return [
    section(
      'breaking',
      'When things break',
      'everywhere',
      only(
        'documents',
        paragraph(
          strong('survived'),
          ': every session was there when the fault was over, as it was acknowledged last, and every logout held. ',
          strong('harmed'),
          ': something that was acknowledged was gone, an answer was wrong, or the strategy did not come back. Requests that failed while the fault lasted are told and are no harm. Every session was read once more at the end, so that counts are exact; where an interval is given, some could not be read.',
        ),
      ),
      matrix(view),
      only('documents', heading('breaking-numbers', 'The numbers behind it')),
      numbersTable(view, results),
      only(
        'documents',
        hint(
          'Silent for: the longest time without any right answer (0 s: there was none as long as 0.1 s). The other times count from the beginning of the fault. Last failure and normal p99 are known to the second; p99 is normal when it is, and stays, at most twice the highest before the fault.',
        ),
      ),
    ),
  ];
}

const severity = { harmed: 0, unknown: 1, survived: 2 } as const;

function inOrder({ facts, strategies }: FaultView): readonly FaultResult[] {
  const rank = (name: string): number => strategies.findIndex(({ summary }) => summary.name === name);
  const fault = (name: string): number => facts.design.faults.findIndex((each) => each.name === name);
  return facts.design.results.toSorted(
    (a, b) =>
      severity[a.survival] - severity[b.survival] ||
      rank(a.strategy) - rank(b.strategy) ||
      fault(a.fault) - fault(b.fault),
  );
}

/** A row for each strategy, the worst first, and a column for each fault; a terminal has room for what they come to. */
function matrix({ facts, strategies }: FaultView): Table {
  const { faults, results } = facts.design;
  return tableOf('What became of the sessions, by strategy and fault', strategies, [
    [words('Strategy'), ({ shown }) => shown],
    weaknessField(facts),
    ...faults.map(
      (fault): Field<StrategyView> => [
        words(fault.title, { reach: 'documents' }),
        ({ summary }) => {
          const found = results.find((each) => each.strategy === summary.name && each.fault === fault.name);
          return found ? cell(found) : fault.impossible[summary.name] === undefined ? absent : 'not possible';
        },
      ],
    ),
  ]);
}

function cell(result: FaultResult): Text {
  const seen = survivalText(result);
  const paper =
    isWorse(result) || isBetter(result) ? [notable(`on paper: ${expectedWords(result.expected)}`)] : [];
  return items([seen, cellWords(result), ...paper]);
}

function survivalText({ survival }: FaultResult): Text {
  switch (survival) {
    case 'survived':
      return good('survived');
    case 'harmed':
      return bad('harmed');
    case 'unknown':
      return 'unknown';
  }
}

function numbersTable(view: FaultView, results: readonly FaultResult[]): Table {
  const title = (name: string): string =>
    view.facts.design.faults.find((each) => each.name === name)?.title ?? name;
  const documents = { reach: 'documents' } as const;
  const fields: readonly Field<FaultResult>[] = [
    [words('Strategy'), ({ strategy }) => shownAs(view, strategy)],
    [words('Fault'), ({ fault }) => title(fault)],
    [words('Result'), (result) => survivalText(result)],
    [words('On paper', documents), (result) => paperText(result)],
    [words('Sessions lost', { short: 'lost' }), ({ sessions }) => sessionsWords(sessions)],
    [numbers('Writes lost', documents), ({ writesLost }) => orAbsent(writesLost, formatCount)],
    [words('Logouts undone', documents), ({ logouts }) => logoutsWords(logouts)],
    [words('Wrong answers', documents), (result) => wrongText(result)],
    [words('Failed requests', documents), ({ failed }) => failedWords(failed)],
    [numbers('Silent for', { short: 'silent' }), (result) => silentText(result)],
    [numbers('Last failure', { short: 'failing' }), (result) => timeText(result, 'lastFailureSeconds')],
    [numbers('Normal p99', documents), (result) => timeText(result, 'normalAgainSeconds')],
    [words('What harmed it', documents), ({ why }) => (why.length === 0 ? absent : listed(why))],
  ];
  return tableOf('Every strategy under every fault', results, fields);
}

const wrongText = ({ stale, crossed }: FaultResult): Text => {
  if (stale === null || crossed === null) return absent;
  const told = formatClasses({ stale, crossed });
  return told === '' ? '0' : bad(told);
};

function paperText(result: FaultResult): Text {
  const text = expectedWords(result.expected);
  return isWorse(result) ? bad(text) : isBetter(result) ? notable(text) : text;
}

const timeText = (result: FaultResult, which: 'lastFailureSeconds' | 'normalAgainSeconds'): string =>
  result.trial === null ? absent : secondsWords(result[which]);

const silentText = ({ trial, silentSeconds }: FaultResult): string =>
  trial === null ? absent : silentSeconds === null ? 'to the end' : secondsWords(silentSeconds);

/** Nothing where no trial is valid. */
export function courseParts(view: FaultView): Section[] {
  const groups = faultCharts(view);
  if (groups.length === 0) return [];
  return [
    section(
      'courses',
      'Second by second',
      'page',
      paragraph(
        'The share of requests that got a right answer within each second, and p99 of all that were answered. The band is the fault, from its beginning until every server was ready again. A triangle at the top: so many requests of that second got no answer that p99 is among them.',
      ),
      ...groups.flatMap(({ fault, drawn }): Block[] => [
        heading(`course-${fault.name}`, fault.title),
        charts('small', drawn),
      ]),
    ),
  ];
}

/** Each fault in words, with who cannot have it. */
export function whatWasDonePart({ facts }: FaultView): Section {
  const titleOf = (name: string): string =>
    facts.strategies.find((strategy) => strategy.name === name)?.title ?? name;
  return section(
    'faults',
    'What was done',
    'documents',
    tableOf('Faults', facts.design.faults, [
      [words('Fault'), ({ title }) => strong(title)],
      [words('What is done'), ({ description }) => description],
      [numbers('Trial', { unit: 's' }), ({ measureSeconds }) => String(measureSeconds)],
      [
        words('Not possible for'),
        ({ impossible }) => {
          const all = Object.entries(impossible);
          return all.length === 0 ? absent : items(all.map(([name, why]) => `${titleOf(name)}: ${why}`));
        },
      ],
    ]),
  );
}
