/** How many round trips operations wait for, and what that makes of medians on other networks. */
import { type OperationName, operationNames } from '../../../record/common.ts';
import type { DistanceResult } from '../../../record/distance.ts';
import {
  bad,
  charts,
  details,
  type Field,
  hint,
  legend,
  notable,
  numbers,
  only,
  paragraph,
  section,
  small,
  strong,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section, Table, Text } from '../../document/document.ts';
import { computedAt, computedFor, distancesOf, resultOf } from '../../facts/distance.ts';
import type { DistanceFacts } from '../../facts/facts.ts';
import { absent, formatMs, formatShare, listed, orAbsent, upperFirst } from '../../words/format.ts';
import { formatLatency } from '../../words/latency.ts';
import { formatTrips, tripsInterval } from '../../words/round-trips.ts';
import { distanceCharts } from '../charts/distance.ts';
import type { StrategyView, View } from '../view.ts';
import { weaknessField } from './weaknesses.ts';

type DistanceView = View<DistanceFacts>;

export const distancePart = (view: DistanceView): Section =>
  section(
    'distance',
    'Network distance',
    'everywhere',
    paragraph(
      `Proxies between apps and servers made each round trip ${listed(distancesOf(view.facts.design).map(String))} ms longer. By how much the median of an operation rises with each millisecond is the number of `,
      strong('round trips'),
      ' that the operation waits for, one after the other.',
    ),
    only('page', legend(view.measured.map(({ shown }) => shown)), charts('small', distanceCharts(view))),
    tableOf('Round trips of each operation', view.strategies, [
      [words('Strategy'), ({ shown }) => shown],
      ...operationNames.map((operation) => tripsField(view, operation)),
      weaknessField(view.facts),
    ]),
    only(
      'documents',
      hint(
        `The slope of a line through the medians of the trials (Theil–Sen, whose slope no single trial can move far), with the interval that holds it with ${confidenceWords(view)}. `,
        bad('not N'),
        ': the strategy says N. ',
        notable('?'),
        ': the interval holds more than one whole number of round trips, or rests on too few trials.',
      ),
    ),
  );

/** Few trials carry less than was aimed at; the least of all stands for the rest. */
function confidenceWords({ facts: { design } }: DistanceView): string {
  const known = design.results.flatMap(({ line }) => (line.status === 'fitted' ? [line.confidence] : []));
  return known.length === 0
    ? 'no confidence to speak of'
    : `at least ${formatShare(Math.min(...known))} confidence`;
}

const tripsField = (view: DistanceView, operation: OperationName): Field<StrategyView> => [
  numbers(upperFirst(operation), {
    short: operation,
    reach: operation === 'probe' ? 'documents' : 'everywhere',
  }),
  ({ summary }) => tripsText(resultOf(view.facts.design, summary.name, operation)),
];

function tripsText(result: DistanceResult | null): Text {
  if (result === null || result.line.status === 'unknown') return absent;
  const { line, verdict, expected } = result;
  return [
    strong(formatTrips(line.roundTrips)),
    ...(verdict === 'different' ? [' ', bad(`not ${expected}`)] : []),
    ...(verdict === 'open' ? [' ', notable('?')] : []),
    ' ',
    small(`(${tripsInterval(line)})`),
  ];
}

interface Row {
  readonly strategy: StrategyView;
  readonly operation: OperationName;
  readonly result: DistanceResult;
}

const rowsOf = ({ facts, measured }: DistanceView, operations: readonly OperationName[]): readonly Row[] =>
  operations.flatMap((operation) =>
    measured.flatMap((strategy): Row[] => {
      const result = resultOf(facts.design, strategy.summary.name, operation);
      return result ? [{ strategy, operation, result }] : [];
    }),
  );

const { inOneZone, acrossZones } = computedFor;

/** Nothing where no median without distance is known. */
export function estimatesPart(view: DistanceView): Section[] {
  const rows = rowsOf(view, ['read', 'write']);
  if (rows.every(({ result }) => result.computed.length === 0)) return [];
  const others = rowsOf(view, ['login', 'logout', 'probe']);
  return [
    section(
      'other-networks',
      'On other networks',
      'everywhere',
      paragraph(
        'Medians on networks that were ',
        strong('not measured'),
        `: the measured median without distance, and the slope times the round trip of such a network. Computed for a round trip of ${inOneZone} ms, as between machines of one zone, and of ${acrossZones.least} to ${acrossZones.most} ms, as between zones of one region.`,
      ),
      estimates('Medians on other networks, in ms', rows),
      only(
        'documents',
        details(
          'Logins and logouts',
          estimates('Medians of logins and logouts on other networks, in ms', others),
        ),
      ),
    ),
  ];
}

const estimates = (caption: string, rows: readonly Row[]): Table =>
  tableOf(caption, rows, [
    [words('Strategy'), ({ strategy }) => strategy.shown],
    [words('Operation', { short: 'of' }), ({ operation }) => operation],
    [
      numbers('Here, measured', { short: 'here ms', unit: 'ms' }),
      ({ result }) => orAbsent(result.points.find(({ addedMs }) => addedMs === 0)?.p50Ms, formatLatency),
    ],
    [
      numbers('In one zone, computed', { short: 'one zone', unit: 'ms' }),
      ({ result }) => orAbsent(computedAt(result, inOneZone), formatMs),
    ],
    [
      numbers('Across zones, computed', { short: 'across zones', unit: 'ms' }),
      ({ result }) => {
        const [least, most] = [computedAt(result, acrossZones.least), computedAt(result, acrossZones.most)];
        if (least === null || most === null) return absent;
        const texts = [formatMs(least), formatMs(most)];
        return [...new Set(texts)].join('–');
      },
    ],
  ]);
