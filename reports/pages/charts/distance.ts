/** Medians against what was added to each round trip: one panel for each operation, all on the same scales. */
import { type OperationName, operationNames } from '../../../record/common.ts';
import { type Chart, pointerLayer } from '../../document/document.ts';
import { distancesOf, resultOf } from '../../facts/distance.ts';
import type { DistanceFacts } from '../../facts/facts.ts';
import { upperFirst } from '../../words/format.ts';
import { formatTrips } from '../../words/round-trips.ts';
import type { StrategyView, View } from '../view.ts';
import { frame, panelWidth, short, strategyLooks, unlessMuted } from './chart.ts';

type DistanceView = View<DistanceFacts>;

interface MedianPoint {
  readonly strategy: string;
  readonly addedMs: number;
  readonly ms: number;
}

/** The probe is a read that finds nothing: its panel would be the same. */
const drawn = operationNames.filter((name) => name !== 'probe');

export function distanceCharts(view: DistanceView): Chart[] {
  const panels = drawn.map((operation) => ({
    operation,
    points: view.measured.flatMap((strategy) => pointsOf(view, strategy, operation)),
  }));
  const highest = Math.max(0, ...panels.flatMap(({ points }) => points.map(({ ms }) => ms)));
  if (highest === 0) return [];
  return panels
    .filter(({ points }) => points.length > 0)
    .map(({ operation, points }) => ({
      id: `distance-${operation}`,
      heading: upperFirst(operation),
      description: describe(view, operation),
      spec: spec(view, points, highest),
    }));
}

function pointsOf({ facts }: DistanceView, strategy: StrategyView, operation: OperationName): MedianPoint[] {
  const points = resultOf(facts.design, strategy.summary.name, operation)?.points ?? [];
  return points.flatMap(({ addedMs, p50Ms }) =>
    typeof p50Ms === 'number' ? [{ strategy: strategy.label, addedMs, ms: short(p50Ms) }] : [],
  );
}

function spec(
  { strategies, facts }: DistanceView,
  points: readonly MedianPoint[],
  highest: number,
): Chart['spec'] {
  const looks = strategyLooks(strategies);
  const distances = distancesOf(facts.design);
  const axis = { format: ',~f', titleFontWeight: 'normal' as const };
  return {
    ...frame(panelWidth, 240),
    padding: { left: 2, right: 6, top: 16, bottom: 2 },
    data: { values: [...points] },
    encoding: {
      x: {
        field: 'addedMs',
        type: 'quantitative',
        scale: { domain: [0, distances.at(-1) ?? 1], nice: false },
        axis: { ...axis, title: 'ms added to each round trip', values: [...distances], labelOverlap: true },
      },
      y: {
        field: 'ms',
        type: 'quantitative',
        scale: { domain: [0, highest * 1.05], nice: false },
        axis: { ...axis, title: 'p50, ms', titleAngle: 0, titleAlign: 'left', titleX: -26, titleY: -8 },
      },
    },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.8 },
        encoding: { color: looks.colour, strokeDash: looks.dash, opacity: unlessMuted(1) },
      },
      {
        mark: { type: 'point', filled: true, size: 46, stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: { color: looks.colour, shape: looks.shape, opacity: unlessMuted(1) },
      },
      {
        name: pointerLayer,
        mark: { type: 'point', filled: true, size: 140, opacity: 0 },
        encoding: {
          detail: { field: 'strategy' },
          tooltip: [
            { field: 'strategy', title: 'Strategy' },
            { field: 'addedMs', title: 'ms added' },
            { field: 'ms', title: 'p50, ms', format: ',.3~f' },
          ],
        },
      },
    ],
  };
}

function describe({ measured, facts }: DistanceView, operation: OperationName): string {
  const parts = measured.flatMap(({ label, summary }) => {
    const line = resultOf(facts.design, summary.name, operation)?.line;
    return line?.status === 'fitted' ? [`${label} ${formatTrips(line.roundTrips)}`] : [];
  });
  return `Median latency of ${operation} against the milliseconds that each round trip to the servers takes longer. Milliseconds for each of them: ${parts.join(', ')}.`;
}
