/** Single trials behind the summaries: how far they lie apart is what a difference must be weighed against. */
import type { TrialSummary } from '../../../record/summary.ts';
import { servingCpu } from '../../summary.ts';
import type { Model } from '../model.ts';
import { type Chart, logTicks, mutedParam, panelWidth, scalesOf, theme, unlessMuted } from './chart.ts';

interface Metric {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  /** Over which several decades may lie. */
  readonly logarithmic: boolean;
  readonly value: (trial: TrialSummary) => number | null;
}

const metrics: readonly Metric[] = [
  {
    id: 'spread-cpu',
    heading: 'CPU time per request of each trial, µs',
    unit: 'µs',
    logarithmic: false,
    value: ({ cpuMicrosPerRequest }) => servingCpu(cpuMicrosPerRequest),
  },
  {
    id: 'spread-p50',
    heading: 'Read p50 of each trial, ms',
    unit: 'ms',
    logarithmic: false,
    value: ({ readP50Ms }) => readP50Ms,
  },
  {
    id: 'spread-write-p50',
    heading: 'Write p50 of each trial, ms',
    unit: 'ms',
    logarithmic: false,
    value: ({ writeP50Ms }) => writeP50Ms,
  },
  {
    id: 'spread-p99',
    heading: 'Read p99 of each trial, ms',
    unit: 'ms',
    logarithmic: true,
    value: ({ readP99Ms }) => readP99Ms,
  },
];

interface TrialPoint {
  readonly strategy: string;
  readonly trial: number;
  readonly block: number | null;
  readonly value: number;
}

export function spreadCharts(model: Model): Chart[] {
  return metrics.flatMap((metric) => {
    const points = pointsOf(model, metric);
    return points.length === 0 ? [] : [chart(model, metric, points)];
  });
}

function pointsOf({ measured, summary }: Model, metric: Metric): TrialPoint[] {
  return measured.flatMap(({ label, summary: { name } }) =>
    summary.trials.flatMap((trial) => {
      const value = trial.strategy === name && trial.status === 'valid' ? metric.value(trial) : null;
      return value === null ? [] : [{ strategy: label, trial: trial.number, block: trial.block, value }];
    }),
  );
}

function chart(model: Model, metric: Metric, points: readonly TrialPoint[]): Chart {
  const scales = scalesOf(model);
  const values = points.map(({ value }) => value);
  const ticks = logTicks(Math.max(0.001, Math.min(...values)), Math.max(...values));
  const x = metric.logarithmic
    ? {
        scale: { type: 'log' as const, domain: ticks.domain, nice: false },
        axis: { title: null, values: ticks.values, format: '~g' },
      }
    : { scale: { zero: true, nice: true }, axis: { title: null, tickCount: 5, format: ',~f' } };
  const y = {
    field: 'strategy',
    type: 'nominal' as const,
    sort: model.measured.map(({ label }) => label),
    axis: {
      title: null,
      ticks: false,
      domain: false,
      grid: true,
      labelColor: 'var(--fg)',
      labelFontSize: 12,
      labelLimit: 0,
    },
  };
  return {
    id: metric.id,
    heading: metric.heading,
    description: `${metric.heading}: a mark for each of ${points.length} valid trials, and a line at the median of a strategy. The table of all trials has the numbers.`,
    spec: {
      width: panelWidth * 1.25,
      height: 56 + model.measured.length * 28,
      autosize: { type: 'fit', contains: 'padding' },
      config: theme,
      params: [mutedParam],
      data: { values: [...points] },
      encoding: { y, x: { field: 'value', type: 'quantitative', ...x } },
      layer: [
        {
          mark: { type: 'tick', thickness: 2, size: 18, color: 'var(--fg)' },
          encoding: {
            x: { field: 'value', aggregate: 'median', type: 'quantitative', ...x },
            tooltip: { value: null },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 52, stroke: 'var(--panel)', strokeWidth: 0.8 },
          encoding: {
            color: { field: 'strategy', type: 'nominal', scale: scales.colour, legend: null },
            shape: { field: 'strategy', type: 'nominal', scale: scales.shape, legend: null },
            opacity: unlessMuted(0.85),
            tooltip: [
              { field: 'strategy', title: 'Strategy' },
              { field: 'trial', title: 'Trial' },
              { field: 'block', title: 'Block' },
              { field: 'value', title: metric.unit, format: ',.3~f' },
            ],
          },
        },
      ],
    },
  };
}
