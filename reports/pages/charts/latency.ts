/** Latency by percentile: one panel for each operation, all on the same scales. */
import { type OperationName, operationNames } from '../../../record/common.ts';
import { validTrialsOf } from '../../../record/read/trials.ts';
import { type Chart, pointerLayer } from '../../document/document.ts';
import { enoughBeyond, isThin, mergedMeasures } from '../../facts/merged.ts';
import { upperFirst } from '../../words/format.ts';
import { shareWithin } from '../../words/latency.ts';
import type { StrategyView, View } from '../view.ts';
import { frame, logScale, logTicks, panelWidth, short, strategyLooks, unlessMuted } from './chart.ts';

interface CurvePoint {
  readonly strategy: string;
  readonly kind: 'intended' | 'service';
  readonly percentile: number;
  /** -log10 of the share beyond the percentile: 1 for p90, 2 for p99. */
  readonly nines: number;
  readonly ms: number;
  readonly marked?: true;
}

/** Parameter of the charts: whether service time is drawn too. */
export const serviceShown = 'serviceShown';

const marked = [50, 90, 99, 99.9];
const steps = 28;
const ninesOf = (percentile: number): number => -Math.log10(1 - percentile / 100);
const firstNines = ninesOf(50);
const lastNines = ninesOf(99.9);

/** p50 to p99.9, evenly on an axis of nines, and the marked ones exactly. */
const percentiles: readonly number[] = [
  ...new Set([
    ...marked,
    ...Array.from({ length: steps + 1 }, (_, i) =>
      Number((100 * (1 - 10 ** -(firstNines + ((lastNines - firstNines) * i) / steps))).toPrecision(4)),
    ),
  ]),
].sort((a, b) => a - b);

export const operationsShown = ({ measured }: View): OperationName[] =>
  operationNames.filter((name) => measured.some(({ summary }) => summary.operations[name]));

export function latencyCharts(view: View): Chart[] {
  const curves = operationsShown(view).map((operation) => ({
    operation,
    points: view.measured.flatMap((strategy) => curveOf(view, strategy, operation)),
  }));
  const values = curves.flatMap(({ points }) => points.map(({ ms }) => ms)).filter((ms) => ms > 0);
  if (values.length === 0) return [];
  const ticks = logTicks(
    values.reduce((low, ms) => Math.min(low, ms)),
    values.reduce((high, ms) => Math.max(high, ms)),
  );
  return curves.map(({ operation, points }) => ({
    id: `latency-${operation}`,
    heading: operation === 'probe' ? 'Probe after logout' : upperFirst(operation),
    description: describe(view, operation),
    spec: spec(view, points, ticks),
  }));
}

function curveOf({ facts }: View, strategy: StrategyView, operation: OperationName): CurvePoint[] {
  const trials = validTrialsOf(facts.run.trials, strategy.summary.name);
  const merged = mergedMeasures(trials, operation);
  const shown = percentiles.filter((each) => !isThin(merged.intended.due, each));
  return (['intended', 'service'] as const).flatMap((kind) => {
    const values = merged[kind].atEach(shown);
    return shown.flatMap((percentile, i) => {
      const micros = values[i];
      // From there on so many operations have no right answer that there is no time to draw.
      if (typeof micros !== 'number') return [];
      return {
        strategy: strategy.label,
        kind,
        percentile,
        nines: short(ninesOf(percentile)),
        ms: short(Math.max(0.001, micros / 1000)),
        ...(marked.includes(percentile) ? { marked: true } : {}),
      };
    });
  });
}

function spec(
  { strategies }: View,
  points: readonly CurvePoint[],
  ticks: ReturnType<typeof logTicks>,
): Chart['spec'] {
  const looks = strategyLooks(strategies);
  const base = frame(panelWidth, 240);
  const x = {
    field: 'nines',
    type: 'quantitative' as const,
    scale: { domain: [firstNines, lastNines], nice: false, zero: false },
    axis: {
      title: null,
      values: [firstNines, 1, 2, 3],
      labelExpr: "datum.value < 0.5 ? 'p50' : datum.value == 1 ? 'p90' : datum.value == 2 ? 'p99' : 'p99.9'",
      labelFlush: 12,
    },
  };
  const y = {
    field: 'ms',
    type: 'quantitative' as const,
    scale: logScale(ticks.domain),
    axis: {
      title: 'ms',
      values: ticks.values,
      format: '~g',
      titleAngle: 0,
      titleAlign: 'left' as const,
      titleX: -26,
      titleY: -8,
    },
  };
  const tooltip = [
    { field: 'strategy', title: 'Strategy' },
    { field: 'percentile', title: 'Percentile' },
    { field: 'ms', title: 'ms', format: ',.3~f' },
    { field: 'kind', title: 'counted from' },
  ];
  return {
    ...base,
    padding: { left: 2, right: 6, top: 16, bottom: 2 },
    params: [...base.params, { name: serviceShown, value: false }],
    data: { values: [...points] },
    encoding: { x, y },
    layer: [
      {
        transform: [{ filter: `datum.kind == 'service' && ${serviceShown}` }],
        mark: { type: 'line', strokeWidth: 1, strokeDash: [1, 2], interpolate: 'monotone' },
        encoding: { color: looks.colour, opacity: unlessMuted(0.9) },
      },
      {
        transform: [{ filter: "datum.kind == 'intended'" }],
        mark: { type: 'line', strokeWidth: 1.8, interpolate: 'monotone' },
        encoding: { color: looks.colour, strokeDash: looks.dash, opacity: unlessMuted(1) },
      },
      {
        transform: [{ filter: "datum.kind == 'intended' && datum.marked" }],
        mark: { type: 'point', filled: true, size: 46, stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: { color: looks.colour, shape: looks.shape, opacity: unlessMuted(1) },
      },
      {
        name: pointerLayer,
        transform: [{ filter: "datum.kind == 'intended'" }],
        mark: { type: 'point', filled: true, size: 140, opacity: 0 },
        encoding: { tooltip, detail: { field: 'strategy' } },
      },
    ],
  };
}

function describe({ measured }: View, operation: OperationName): string {
  const parts = measured.flatMap(({ label, summary }) => {
    const found = summary.operations[operation];
    if (!found) return [];
    const tail = isThin(found.count, 99) ? '' : `, ${shareWithin('99 %', found.p99Ms)}`;
    return [`${label}: ${shareWithin('half', found.p50Ms)}${tail}`];
  });
  return `Latency of ${operation} by percentile, from the intended start. ${parts.join('; ')}. Curves end where fewer than ${enoughBeyond} requests were slower, and where the rest got no right answer.`;
}
