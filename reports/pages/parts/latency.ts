/** How long requests took, by percentile. */
import type { OperationName } from '../../../record/common.ts';
import type { Latency } from '../../../record/latency.ts';
import {
  charts,
  details,
  type Field,
  hint,
  legend,
  numbers,
  only,
  paragraph,
  section,
  switchOf,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Block, Section } from '../../document/document.ts';
import { enoughBeyond } from '../../facts/merged.ts';
import { formatCount } from '../../words/format.ts';
import { formatLatency, noAnswerHint } from '../../words/latency.ts';
import { latencyCharts, operationsShown, serviceShown } from '../charts/latency.ts';
import type { StrategyView, View } from '../view.ts';
import { formatPercentile, percentileSigns } from './percentile.ts';

export function latencyPart(view: View): Section {
  const drawn = latencyCharts(view);
  const of = (...blocks: readonly Block[]): Section =>
    section('latency', 'Latency by percentile', 'documents', ...blocks);
  if (operationsShown(view).length === 0)
    return of(paragraph('No strategy has a valid trial, so there is no latency to show.'));
  if (drawn.length === 0)
    return of(
      paragraph(`Too few requests for a curve: fewer than ${enoughBeyond} were slower than the median.`),
      details('Latency in numbers, with service time', ...numbersOf(view)),
    );
  const shared = view.facts.run.record.placement.shared
    ? ' Tiers shared cores here, so the right of each curve includes waiting for another tier.'
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

interface Row extends StrategyView {
  readonly operation: OperationName;
  readonly found: NonNullable<StrategyView['summary']['operations'][OperationName]>;
}

const percentile = (name: string, value: (row: Row) => Latency, at: number): Field<Row> => [
  numbers(name),
  (row) => formatPercentile(value(row), row.found.count, at),
];

const fields: readonly Field<Row>[] = [
  [words('Strategy'), ({ shown }) => shown],
  [words('Operation'), ({ operation }) => operation],
  [numbers('Requests'), ({ found }) => formatCount(found.count)],
  [numbers('No right answer'), ({ found }) => formatCount(found.unanswered)],
  percentile('p50', ({ found }) => found.p50Ms, 50),
  percentile('p90', ({ found }) => found.p90Ms, 90),
  percentile('p99', ({ found }) => found.p99Ms, 99),
  percentile('p99.9', ({ found }) => found.p999Ms, 99.9),
  [numbers('max'), ({ found }) => formatLatency(found.maxMs)],
  percentile('service p50', ({ found }) => found.serviceP50Ms, 50),
  percentile('service p99', ({ found }) => found.serviceP99Ms, 99),
  percentile('service p99.9', ({ found }) => found.serviceP999Ms, 99.9),
];

function numbersOf(view: View): Block[] {
  const rows = operationsShown(view).flatMap((operation) =>
    view.measured.flatMap((strategy): Row[] => {
      const found = strategy.summary.operations[operation];
      return found ? [{ ...strategy, operation, found }] : [];
    }),
  );
  return [
    tableOf('Latency in ms by operation and strategy', rows, fields),
    hint(`In ms. ${percentileSigns}`),
    ...(rows.some(({ found }) => found.unanswered > 0) ? [hint(noAnswerHint)] : []),
  ];
}
