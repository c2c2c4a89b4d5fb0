/** An overview as a document: one table with a line for each strategy, what is missing, and the runs behind it. */

import { sumOf } from '../../record/common.ts';
import type { Overview, OverviewLine, OverviewRun } from '../../record/overview.ts';
import {
  code,
  emptySuite,
  type Field,
  hint,
  list,
  numbers,
  section,
  tableOf,
  words,
} from '../document/build.ts';
import type { Block, Document, Section, Text } from '../document/document.ts';
import { reportRule } from '../facts/comparisons.ts';
import { commandText, toolWords } from '../pages/parts/setting.ts';
import { weaknessCell, weaknessesSection } from '../pages/parts/weaknesses.ts';
import { promiseInWords } from '../words/capacity.ts';
import { absent, counted, formatCount, formatGiB, listed, plainNumber } from '../words/format.ts';
import {
  appBytesCell,
  capacityCell,
  cpuCell,
  faultCell,
  readCell,
  storeBytesCell,
  tripsCell,
} from './cells.ts';
import { toldMetrics } from './facts.ts';
import { designTitles } from './source.ts';

export const overviewPage = (overview: Overview): Document => ({
  title: 'session-bench: overview',
  subject: '',
  answer: {
    text: overview.answer,
    tone: overview.strategies.some(({ load }) => load.kind === 'measured' && sumOf(load.violations) > 0)
      ? 'bad'
      : 'plain',
  },
  details: overview.details,
  setting: settingOf(overview),
  sections: [
    tableSection(overview),
    ...weaknessesTold(overview),
    ...missingSection(overview),
    ...faultsSection(overview),
    runsSection(overview),
    versionsSection(overview),
  ],
  suite: emptySuite,
});

/** `2026-11-26`, `2026-11-26 to 2026-11-27`. */
export function daysOf(runs: readonly OverviewRun[]): string {
  const days = runs.map(({ startedAt }) => startedAt.slice(0, 10)).toSorted();
  const [first = '', last = ''] = [days[0], days.at(-1)];
  return first === last ? first : `${first} to ${last}`;
}

export function settingOf({ runs, host, runtime, sharedCores }: Overview): string {
  const tools = listed([...new Set(runs.map(({ tool }) => toolWords(tool)))]);
  const shared = sharedCores ? ' that tiers share' : '';
  return `Measured ${daysOf(runs)} on ${host.cpuModel}, ${counted(host.cores, 'core')}${shared}, ${formatGiB(host.memoryBytes)} GiB, ${host.virtualization}, kernel ${host.kernel} · ${runtime} · session-bench ${tools}`;
}

const lacksLetters = ({ strategies }: Overview): boolean =>
  strategies.every(
    ({ load }) => load.kind !== 'measured' || load.standings.every(({ letters }) => letters === ''),
  );

function tableSection(overview: Overview): Section {
  const { strategies } = overview;
  return section(
    'overview',
    'Every strategy',
    'everywhere',
    tableOf('Every strategy', strategies, fieldsOf(overview)),
    ...hintsOf(overview),
  );
}

function fieldsOf(overview: Overview): Field<OverviewLine>[] {
  const { promise, payloadBytes, strategies } = overview;
  const has = (is: (line: OverviewLine) => boolean): boolean => strategies.some(is);
  const under = promise === null ? '' : `, under ${promiseInWords(promise)}`;
  const weighed = payloadBytes === null ? '' : ` (payload ${formatCount(payloadBytes)} B)`;
  const rate = rateOf(overview);
  const at = rate === null ? '' : ` at ${formatCount(rate)}/s`;
  const trips = (operation: 'read' | 'write'): Field<OverviewLine>[] =>
    has(({ roundTrips }) => roundTrips[operation] !== undefined)
      ? [[numbers(`Round trips of a ${operation}`, { short: `trips ${operation}` }), tripsCell(operation)]]
      : [];
  return [
    [words('Strategy'), ({ title, name }) => (title === name ? title : [title, ' ', code(name)])],
    [numbers(`Read p50${at}`, { short: 'p50 ms', unit: 'ms' }), readCell],
    [numbers('CPU per request', { short: 'CPU µs', unit: 'µs' }), cpuCell],
    [numbers(`Capacity, requests/s${under}`, { short: 'capacity /s' }), capacityCell],
    [numbers(`Bytes of a session in the store${weighed}`, { short: 'store B' }), storeBytesCell],
    [numbers('Bytes of a session in the apps', { short: 'apps B' }), appBytesCell],
    ...trips('read'),
    ...trips('write'),
    ...faultsToldOf(overview).map(
      ({ name, title }): Field<OverviewLine> => [
        words(`Lost: ${title}`, { short: title }),
        (line) => faultCell(line.faults[name]),
      ],
    ),
    ...(has(({ weaknesses }) => weaknesses !== null) ? [weaknessField] : []),
  ];
}

/** Operations per second of the trials that strategies are compared in; null where none are. */
export const rateOf = ({ strategies }: Overview): number | null =>
  strategies.flatMap(({ load }) => (load.kind === 'measured' ? (load.rate ?? []) : []))[0] ?? null;

const weaknessField: Field<OverviewLine> = [
  words('Weaknesses', { narrow: 'below' }),
  ({ weaknesses }) => weaknessCell(weaknesses),
];

/** All of them: in their line of the table is what has room. */
const weaknessesTold = ({ strategies }: Overview): Section[] =>
  strategies.every(({ weaknesses }) => weaknesses === null)
    ? []
    : [
        weaknessesSection(
          strategies.map(({ title, weaknesses }) => ({ strategy: title, weaknesses })),
          'Seen: one of these runs measured it. On paper: known from how the strategy is built and set, of one server without a copy unless it has its own. A trial that lost nothing is no promise: what its fault may lose is still on paper.',
        ),
      ];

/** Faults that harmed somebody have a column; the others a sentence. */
const faultsToldOf = ({ faults, strategies }: Overview): Overview['faults'] =>
  faults.filter(({ name }) =>
    strategies.some((line) => {
      const found = line.faults[name];
      return found?.kind === 'measured' && found.result.survival === 'harmed';
    }),
  );

function harmlessWords(overview: Overview): string {
  const told = faultsToldOf(overview);
  const others = overview.faults.filter((fault) => !told.includes(fault));
  const unknown = others.filter(({ name }) => knownOf(overview, name).length === 0);
  const harmless = others.filter((fault) => !unknown.includes(fault));
  return [
    ...harmless.map(
      ({ name, title }) =>
        `"${title}" harmed none of the ${formatCount(knownOf(overview, name).length)} strategies of which it is known.`,
    ),
    ...unknown.map(({ title }) => `Nothing is known of "${title}": no trial of it is valid.`),
  ].join(' ');
}

const knownOf = ({ strategies }: Overview, fault: string): readonly OverviewLine[] =>
  strategies.filter((line) => {
    const found = line.faults[fault];
    return found?.kind === 'measured' && found.result.survival !== 'unknown';
  });

function hintsOf(overview: Overview): Block[] {
  const { strategies, faults } = overview;
  const firsts = firstWords(overview);
  const some = (is: (line: OverviewLine) => boolean, text: string): Block[] =>
    strategies.some(is) ? [hint(text)] : [];
  return [
    ...(firsts === null
      ? []
      : [
          hint(
            `A ratio is to ${firsts}, in the same blocks; in brackets the interval, and all intervals of the run hold together with ${percent(reportRule.confidence)}. "same": surely within ${percent(reportRule.floor)}; "open": the run does not tell them apart.${lacksLetters(overview) ? '' : ' Strategies that share a letter in a column are not told apart.'}`,
          ),
        ]),
    ...some(
      ({ capacity }) => capacity.kind === 'measured',
      'A capacity is an interval: strategies whose intervals overlap are not told apart. "At least": the load generator or the plan ended there, not the strategy.',
    ),
    ...some(
      ({ footprint }) => footprint.kind === 'measured',
      'Bytes for each session are the slope of a line through what was weighed at growing numbers of sessions.',
    ),
    ...(faults.length === 0
      ? []
      : [
          hint(
            `Each session was read once more after a fault: counts are exact, and where an interval is given, some could not be read. "About so many seconds of changes" is computed: losses over logins and writes per second. ${harmlessWords(overview)}`.trim(),
          ),
        ]),
    hint(`${absent}: not measured in these runs.`),
  ];
}

const percent = (share: number): string => `${plainNumber(share * 100)} %`;

const metricNames = { 'read.p50': 'read p50', cpuPerRequest: 'CPU per request' } as const;

/** `Sticky sessions`, or which for what; null where nothing was compared. */
function firstWords(overview: Overview): string | null {
  const firsts = toldMetrics.flatMap((metric) => {
    const title = firstOn(overview, metric);
    return title === null ? [] : [{ metric, title }];
  });
  const titles = [...new Set(firsts.map(({ title }) => title))];
  if (titles.length < 2) return titles[0] ?? null;
  return listed(firsts.map(({ metric, title }) => `${title} for ${metricNames[metric]}`));
}

/** The strategy that the others of its run are held against; null where none are. */
function firstOn({ strategies }: Overview, metric: (typeof toldMetrics)[number]): string | null {
  const baseline = strategies.flatMap(({ load }) =>
    load.kind === 'measured'
      ? load.standings.flatMap(({ metric: of, against }) =>
          of === metric && against ? [against.baseline] : [],
        )
      : [],
  )[0];
  return strategies.find(({ name }) => name === baseline)?.title ?? null;
}

const missingSection = ({ missing }: Overview): Section[] =>
  missing.length === 0
    ? []
    : [
        section(
          'missing',
          'What was not measured, and what would add it',
          'everywhere',
          list(missing.map(({ what, command }): Text => [`${what}: `, code(command)])),
        ),
      ];

const faultsSection = ({ faults }: Overview): Section[] =>
  faults.length === 0
    ? []
    : [
        section(
          'faults',
          'What was done',
          'documents',
          tableOf('Faults', faults, [
            [words('Fault'), ({ title }) => title],
            [words('What is done'), ({ description }) => description],
          ]),
        ),
      ];

const runsSection = ({ runs }: Overview): Section =>
  section(
    'runs',
    'The runs',
    'documents',
    tableOf('Runs', runs, [
      [words('Run'), ({ id }) => code(id)],
      [words('Of'), ({ design }) => designTitles[design]],
      [words('Preset'), ({ preset }) => preset],
      [words('Scenario'), ({ scenario }) => scenario],
      [words('Started'), ({ startedAt }) => startedAt],
      [words('Ended'), ({ endedAt, status }) => `${endedAt ?? absent} (${status})`],
      [words('session-bench'), ({ tool }) => toolWords(tool)],
      [words('Command as typed'), ({ command }) => code(commandText(command))],
      [words('By itself it came to'), ({ answer }) => answer],
    ]),
  );

const versionsSection = ({ versions }: Overview): Section =>
  section(
    'versions',
    'Versions, read from the running servers',
    'documents',
    tableOf('Versions', versions, [
      [words('Product'), ({ product }) => product],
      [words('Version'), ({ version }) => version],
      [words('Origin'), ({ origin }) => code(origin)],
    ]),
  );
