/** How long requests took, by percentile. */
import {
  charts,
  details,
  hint,
  legend,
  numbers,
  only,
  paragraph,
  section,
  switchOf,
  table,
  words,
} from '../../document/build.ts';
import type { Block, Section, Text } from '../../document/document.ts';
import { isThin } from '../../facts/merged.ts';
import { formatCount, formatMs } from '../../words/format.ts';
import { latencyCharts, operationsShown, serviceShown } from '../charts/latency.ts';
import type { View } from '../view.ts';

export function latencyPart(view: View): Section {
  const drawn = latencyCharts(view);
  const of = (...blocks: readonly Block[]): Section =>
    section('latency', 'Latency by percentile', 'documents', ...blocks);
  if (drawn.length === 0)
    return of(paragraph('No strategy has a valid trial, so there is no latency to show.'));
  const shared = view.facts.run.record.placement.shared
    ? ' Tiers shared cores here, so the right of each curve includes waiting for a core.'
    : '';
  return of(
    ...(view.measured.length < 2 ? [] : [only('page', legend(view.measured.map(({ shown }) => shown)))]),
    paragraph(
      `How long the given share of requests took at most, in ms on a logarithmic axis, counted from the moment each request should have started, so that a stall shows in full. Lower is better; a curve that climbs to the right has a slow tail.${shared}`,
    ),
    only(
      'page',
      switchOf(
        serviceShown,
        'Also draw service time (dotted): counted from the first byte sent, which hides waiting',
      ),
      charts('small', drawn),
    ),
    details('Latency in numbers, with service time', ...numbersOf(view)),
  );
}

const columns = [
  words('Strategy'),
  words('Operation'),
  numbers('Requests'),
  ...['p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => numbers(name)),
  ...['p50', 'p99', 'p99.9'].map((name) => numbers(`service ${name}`)),
];

function numbersOf(view: View): Block[] {
  const rows = operationsShown(view).flatMap((operation) =>
    view.measured.flatMap(({ shown, summary }): Text[][] => {
      const found = summary.operations[operation];
      if (!found) return [];
      const at = (milliseconds: number, percentile: number): string =>
        `${isThin(found.count, percentile) ? '~' : ''}${formatMs(milliseconds)}`;
      return [
        [
          shown,
          operation,
          formatCount(found.count),
          at(found.p50Ms, 50),
          at(found.p90Ms, 90),
          at(found.p99Ms, 99),
          at(found.p999Ms, 99.9),
          formatMs(found.maxMs),
          at(found.serviceP50Ms, 50),
          at(found.serviceP99Ms, 99),
          at(found.serviceP999Ms, 99.9),
        ],
      ];
    }),
  );
  return [
    table('Latency in ms by operation and strategy', columns, rows),
    hint('In ms. ~ marks a percentile with fewer than ten slower requests behind it.'),
  ];
}
