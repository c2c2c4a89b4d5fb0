/** An advice as a document: the answer, the options with their costs, what is out, what would flip it, what it rests on. */
import { type Advice, titleIn } from '../../advice/advise.ts';
import { type Figure, figuresOf } from '../../advice/figures.ts';
import { type CostRange, mostWork, type RangedOption } from '../../advice/level.ts';
import { firstBroken, type Option, openOf, type Question } from '../../advice/options.ts';
import { basisWords, remedyWords } from '../../advice/words/basis.ts';
import { about } from '../../advice/words/format.ts';
import { boundOf } from '../../advice/words/sentence.ts';
import { eitherOf } from '../../record/listed.ts';
import { emptySuite, hint, list, numbers, paragraph, section, tableOf, words } from '../document/build.ts';
import type { Answer, Block, Document, Section } from '../document/document.ts';
import { absent } from '../words/format.ts';

export interface Told {
  readonly advice: Advice;
  readonly question: Question;
  /** What a reader should know of the prices and of the runs, a sentence each. */
  readonly remarks: readonly string[];
}

const tones: Readonly<Record<Advice['kind'], Answer['tone']>> = { firm: 'good', open: 'open', none: 'bad' };

export function advicePage({ advice, question, remarks }: Told): Document {
  const [answer = '', ...others] = advice.sentences;
  return {
    title: 'session-bench: advice',
    subject: '',
    answer: { text: answer, tone: tones[advice.kind] },
    details: [...others, ...remarks],
    setting: settingOf(advice, question),
    sections: [
      ...left(advice, question),
      ...costs(advice, question),
      ...out(advice),
      ...flips(advice, question),
      ...basis(advice, question),
      ...missing(advice),
    ],
    suite: emptySuite,
  };
}

function settingOf({ machine, runs }: Advice, { prices }: Question): string {
  const days = runs.map(({ startedAt }) => startedAt.slice(0, 10)).toSorted();
  const when = days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
  const which = runs.map(({ id, kind, preset }) => `${id} (${kind}, ${preset})`).join(', ');
  return `Measured ${when} on ${machine.cpuModel}, ${machine.cores} cores${machine.shared ? ' that tiers share' : ''}, ${machine.runtime}: ${which}. Prices: ${prices.title}. Ratios carry to other machines better than absolute numbers.`;
}

const some = <Item>(items: readonly Item[], made: (items: readonly Item[]) => Section): readonly Section[] =>
  items.length === 0 ? [] : [made(items)];

const left = ({ options }: Advice, { prices }: Question): readonly Section[] =>
  some(
    options.filter(({ status }) => status !== 'out'),
    (rows) =>
      section(
        'options',
        'What is left',
        'everywhere',
        optionTable(rows, prices.currency),
        hint(
          `In doubt: what the cost may come to by every run, its noise, and ${mostWork} times the CPU time, more or less, since nobody knows what a vCPU does. The last is of all alike, so that ranges may overlap and the order be known.`,
        ),
      ),
  );

const optionTable = (rows: readonly RangedOption[], currency: string) =>
  tableOf('Options that no wish excludes, the best first', rows, [
    [words('Option'), ({ title }) => title],
    [
      numbers(`${currency} a month`, { short: `${currency}/mo` }),
      ({ cost }) => cost?.monthly.toFixed(2) ?? absent,
    ],
    [
      numbers('in doubt', { short: 'doubt' }),
      ({ costRange }) => (costRange === null ? absent : rangeWords(costRange)),
    ],
    [words('Apps'), ({ sizing }) => (sizing.kind === 'sized' ? layout(sizing.apps, 1) : absent)],
    [
      words('Store'),
      ({ sizing, candidate }) =>
        sizing.kind === 'sized' && sizing.store ? layout(sizing.store, candidate.copies) : absent,
    ],
    [words('Bound by'), boundOf],
    [
      numbers('per million requests', { short: '/M req' }),
      ({ cost }) => (cost ? about(cost.perMillionRequests) : absent),
    ],
    [
      numbers('per thousand sessions', { short: '/k sess' }),
      ({ cost }) => (cost ? about(cost.perThousandSessions) : absent),
    ],
    [
      words('Not known', { reach: 'documents' }),
      (option) =>
        openOf(option)
          .map(({ shows }) => shows)
          .join('; '),
    ],
  ]);

/** What could not be had, or is not known, at an end has none there. */
function rangeWords({ least, most }: CostRange): string {
  if (least === null) return most === null ? absent : `${most.toFixed(0)} or less`;
  if (most === null) return `${least.toFixed(0)} or more`;
  return least === most ? 'none' : `${least.toFixed(0)} to ${most.toFixed(0)}`;
}

const layout = ({ servers, size }: { servers: number; size: { label: string } }, copies: number): string =>
  `${about(servers * copies)} x ${size.label}`;

const chosen = ({ options, choice }: Advice): Option | undefined =>
  options.find(({ name }) => name === choice);

const costs = (advice: Advice, { prices }: Question): readonly Section[] => {
  const option = chosen(advice);
  const cost = option?.cost;
  if (!option || !cost) return [];
  return [
    section(
      'costs',
      `What ${option.title} costs a month`,
      'everywhere',
      tableOf(`Cost by line, ${prices.currency} a month`, cost.lines, [
        [words('Line'), ({ part }) => part],
        [numbers(prices.currency), ({ monthly }) => monthly.toFixed(2)],
        [words('How'), ({ how }) => how],
        [words('Rests on', { reach: 'documents' }), (line) => basisWords(line.basis)],
      ]),
      paragraph(
        `Together ${cost.monthly.toFixed(2)} ${prices.currency} a month: ${about(cost.perMillionRequests)} per million requests, ${about(cost.perThousandSessions)} per thousand sessions alive.`,
      ),
    ),
  ];
};

const out = ({ options }: Advice): readonly Section[] =>
  some(
    options.flatMap((option) => {
      const broken = firstBroken(option);
      return broken === null ? [] : [{ option, broken }];
    }),
    (rows) =>
      section(
        'out',
        'What is out, and why',
        'everywhere',
        tableOf('Options that a wish excludes, with the first wish that they break', rows, [
          [words('Option'), ({ option }) => option.title],
          [words('Wish'), ({ broken }) => broken.wish],
          [words('What shows it'), ({ broken }) => broken.shows],
        ]),
      ),
  );

function flips(advice: Advice, { wishes }: Question): readonly Section[] {
  const { flips: all, atOtherRates, kind } = advice;
  const choiceWords = (choices: readonly string[]): string =>
    choices.length === 0 ? nothingSure : eitherOf(choices.map((name) => titleIn(advice, name) ?? name));
  const atRates = atOtherRates.map(
    ({ rate, choices }) => `at the ${rate} rate (${about(wishes.rate[rate])}/s): ${choiceWords(choices)}`,
  );
  const lines = [
    ...all.map(({ lever, times, choices }) => `${about(times)} times the ${lever}: ${choiceWords(choices)}`),
    ...atRates,
  ];
  if (kind !== 'firm')
    return some(atRates, (items) => section('flips', 'What would flip it', 'everywhere', list(items)));
  return [
    section(
      'flips',
      'What would flip it',
      'everywhere',
      lines.length === 0
        ? paragraph(
            'Nothing: the choice is the same from a sixteenth to sixteen times the rate, the sessions and the prices.',
          )
        : list(lines),
    ),
  ];
}

const nothingSure = 'nothing that was measured is sure to do';

function basis(advice: Advice, { wishes }: Question): readonly Section[] {
  const option = chosen(advice);
  if (!option) return [];
  return some(figuresOf(option, wishes), (rows: readonly Figure[]) =>
    section(
      'basis',
      'What it rests on',
      'everywhere',
      tableOf(`What the numbers of ${option.title} rest on`, rows, [
        [words('Number'), ({ name }) => name],
        [words('Value'), ({ value }) => value],
        [words('Where from'), (figure) => basisWords(figure.basis)],
      ]),
      ...takenForGranted(option),
    ),
  );
}

const takenForGranted = ({ sizing }: Option): readonly Block[] =>
  sizing.kind === 'sized' ? [paragraph('Taken for granted:'), list(sizing.assumed)] : [];

const missing = ({ missing: all }: Advice): readonly Section[] =>
  some(all, (parts) =>
    section(
      'missing',
      'What was not measured, and what would add it',
      'everywhere',
      list(parts.map((lack) => `${lack.what}: ${remedyWords(lack)}`)),
    ),
  );
