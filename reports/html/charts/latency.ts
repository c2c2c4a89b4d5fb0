/** Latency by percentile: one panel for each operation, all on the same scales. */

import { type OperationName, operationNames } from '../../../record/common.ts';
import { validTrialsOf } from '../../../record/read/trials.ts';
import { enoughBeyond, isThin } from '../../findings.ts';
import { mergedMeasures } from '../../summary.ts';
import { formatMs } from '../../words/format.ts';
import type { Model, StrategyView } from '../model.ts';
import {
  type Chart,
  logTicks,
  mutedParam,
  panelWidth,
  pointerLayer,
  scalesOf,
  short,
  theme,
  unlessMuted,
} from './chart.ts';

interface CurvePoint {
  readonly strategy: string;
  readonly kind: 'intended' | 'service';
  readonly percentile: number;
  /** -log10 of the share beyond the percentile: 1 for p90, 2 for p99. */
  readonly nines: number;
  readonly ms: number;
  readonly marked?: true;
}

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

export function operationsShown({ measured }: Model): OperationName[] {
  return operationNames.filter((name) => measured.some(({ summary }) => summary.operations[name]));
}

export function latencyCharts(model: Model): Chart[] {
  const curves = operationsShown(model).map((operation) => ({
    operation,
    points: model.measured.flatMap((strategy) => curveOf(model, strategy, operation)),
  }));
  const values = curves.flatMap(({ points }) => points.map(({ ms }) => ms)).filter((ms) => ms > 0);
  if (values.length === 0) return [];
  const ticks = logTicks(
    values.reduce((low, ms) => Math.min(low, ms)),
    values.reduce((high, ms) => Math.max(high, ms)),
  );
  return curves.map(({ operation, points }) => ({
    id: `latency-${operation}`,
    heading:
      operation === 'probe' ? 'Probe after logout' : `${operation[0]?.toUpperCase()}${operation.slice(1)}`,
    description: describe(model, operation),
    spec: spec(model, points, ticks),
  }));
}

function curveOf(model: Model, strategy: StrategyView, operation: OperationName): CurvePoint[] {
  const { intended, service } = mergedMeasures(
    validTrialsOf(model.run.trials, strategy.summary.name),
    operation,
  );
  const shown = percentiles.filter((each) => !isThin(intended.total, each));
  return (['intended', 'service'] as const).flatMap((kind) => {
    const values = (kind === 'intended' ? intended : service).valuesAt(shown);
    return shown.map((percentile, i) => ({
      strategy: strategy.label,
      kind,
      percentile,
      nines: short(ninesOf(percentile)),
      ms: short(Math.max(0.001, (values[i] ?? 0) / 1000)),
      ...(marked.includes(percentile) ? { marked: true } : {}),
    }));
  });
}

function spec(
  model: Model,
  points: readonly CurvePoint[],
  ticks: { domain: [number, number]; values: number[] },
): Chart['spec'] {
  const scales = scalesOf(model);
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
    scale: { type: 'log' as const, domain: ticks.domain, nice: false },
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
  const colour = { field: 'strategy', type: 'nominal' as const, scale: scales.colour, legend: null };
  const tooltip = [
    { field: 'strategy', title: 'Strategy' },
    { field: 'percentile', title: 'Percentile' },
    { field: 'ms', title: 'ms', format: ',.3~f' },
    { field: 'kind', title: 'counted from' },
  ];
  return {
    width: panelWidth,
    height: 240,
    autosize: { type: 'fit', contains: 'padding' },
    config: theme,
    padding: { left: 2, right: 6, top: 16, bottom: 2 },
    params: [mutedParam, { name: 'serviceShown', value: false }],
    data: { values: [...points] },
    encoding: { x, y },
    layer: [
      {
        transform: [{ filter: "datum.kind == 'service' && serviceShown" }],
        mark: { type: 'line', strokeWidth: 1, strokeDash: [1, 2], interpolate: 'monotone' },
        encoding: { color: colour, opacity: unlessMuted(0.9) },
      },
      {
        transform: [{ filter: "datum.kind == 'intended'" }],
        mark: { type: 'line', strokeWidth: 1.8, interpolate: 'monotone' },
        encoding: {
          color: colour,
          strokeDash: { field: 'strategy', type: 'nominal', scale: scales.dash, legend: null },
          opacity: unlessMuted(1),
        },
      },
      {
        transform: [{ filter: "datum.kind == 'intended' && datum.marked" }],
        mark: { type: 'point', filled: true, size: 46, stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: {
          color: colour,
          shape: { field: 'strategy', type: 'nominal', scale: scales.shape, legend: null },
          opacity: unlessMuted(1),
        },
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

function describe(model: Model, operation: OperationName): string {
  const parts = model.measured.flatMap(({ label, summary }) => {
    const found = summary.operations[operation];
    if (!found) return [];
    const tail = isThin(found.count, 99) ? '' : `, 99 % within ${formatMs(found.p99Ms)} ms`;
    return [`${label}: half within ${formatMs(found.p50Ms)} ms${tail}`];
  });
  return `Latency of ${operation} by percentile, from the intended start. ${parts.join('; ')}. Curves end where fewer than ${enoughBeyond} requests were slower.`;
}
