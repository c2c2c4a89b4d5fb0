/** Each second of each valid trial: p99 and throughput, one panel for each strategy, all on the same scales. */

import { validTrialsOf } from '../../../record/read/trials.ts';
import { formatCount, formatMs } from '../../words/format.ts';
import type { Model, StrategyView } from '../model.ts';
import { type Chart, logTicks, mutedParam, panelWidth, pointerLayer, short, theme } from './chart.ts';

export interface SecondOfTrial {
  readonly trial: number;
  /** Since measuring began; negative in the warm-up. */
  readonly second: number;
  readonly p99Ms: number;
  readonly rate: number;
  readonly errors: number;
  readonly violations: number;
}

export function secondsOf(model: Model, { summary }: StrategyView): SecondOfTrial[] {
  return validTrialsOf(model.run.trials, summary.name).flatMap((trial) =>
    [...trial.measures.warmup, ...trial.measures.timeline].map((point) => ({
      trial: trial.number,
      second: point.second,
      p99Ms: short(Math.max(0.001, point.p99Micros / 1000)),
      rate: short(point.requests / point.seconds),
      errors: point.errors,
      violations: point.violations,
    })),
  );
}

export function timelineCharts(model: Model): Chart[] {
  const series = model.measured.map((strategy) => ({ strategy, seconds: secondsOf(model, strategy) }));
  const all = series.flatMap(({ seconds }) => seconds);
  if (all.length === 0) return [];
  const extent = (values: readonly number[]): [number, number] => [
    values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    values.reduce((high, value) => Math.max(high, value), 0),
  ];
  const p99 = logTicks(...extent(all.map(({ p99Ms }) => p99Ms)));
  const [, fastest] = extent(all.map(({ rate }) => rate));
  const [first, last] = extent(all.map(({ second }) => second));
  return series.flatMap(({ strategy, seconds }) => [
    {
      id: `p99-${strategy.summary.name}`,
      heading: strategy.label,
      description: describe(
        strategy,
        'p99 in ms',
        seconds.map(({ p99Ms }) => p99Ms),
        formatMs,
      ),
      spec: spec(strategy, seconds, [first, last], {
        field: 'p99Ms',
        height: 150,
        title: 'p99, ms',
        scale: { type: 'log', domain: p99.domain, nice: false },
        axis: { values: p99.values, format: '~g' },
      }),
    },
    {
      id: `rate-${strategy.summary.name}`,
      heading: strategy.label,
      description: describe(
        strategy,
        'requests per second',
        seconds.map(({ rate }) => rate),
        formatCount,
      ),
      spec: spec(strategy, seconds, [first, last], {
        field: 'rate',
        height: 110,
        title: 'requests/s',
        scale: { domain: [0, fastest * 1.1], nice: false },
        axis: { tickCount: 4, format: ',~f' },
      }),
    },
  ]);
}

interface Vertical {
  readonly field: 'p99Ms' | 'rate';
  readonly title: string;
  /** Of the panel, in pixels. */
  readonly height: number;
  readonly scale: { readonly type?: 'log'; readonly domain: [number, number]; readonly nice: false };
  readonly axis: { readonly values?: number[]; readonly tickCount?: number; readonly format: string };
}

/** Short names, and no zeros: there may be thousands of these. */
function pointOf(second: SecondOfTrial, field: Vertical['field']): Record<string, number> {
  const { trial, errors, violations } = second;
  const wrong = errors + violations > 0 ? { errors, violations } : {};
  return { trial, x: second.second, y: second[field], ...wrong };
}

function spec(
  strategy: StrategyView,
  seconds: readonly SecondOfTrial[],
  [first, last]: readonly [number, number],
  { field, title, height, scale, axis }: Vertical,
): Chart['spec'] {
  return {
    width: panelWidth,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config: theme,
    params: [mutedParam],
    data: { values: seconds.map((each) => pointOf(each, field)) },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        scale: { domain: [first, Math.max(1, last)], nice: false },
        axis: { title: 'second of the trial', tickMinStep: 1, tickCount: 6, format: 'd', grid: false },
      },
      y: { field: 'y', type: 'quantitative', scale, axis: { title: null, ...axis } },
    },
    layer: [
      {
        data: { values: first < 0 ? [{ from: first, to: 0, what: 'warm-up' }] : [] },
        mark: { type: 'rect', color: 'var(--grid)' },
        encoding: {
          x: { field: 'from', type: 'quantitative' },
          x2: { field: 'to' },
          y: { value: 0 },
          y2: { value: 'height' },
        },
      },
      {
        mark: { type: 'line', strokeWidth: 1.4, color: strategy.look.colour, opacity: 0.75 },
        encoding: { detail: { field: 'trial', type: 'nominal' } },
      },
      {
        transform: [{ filter: 'isValid(datum.errors)' }],
        mark: { type: 'point', filled: true, shape: 'cross', size: 70, color: 'var(--alarm)' },
      },
      {
        name: pointerLayer,
        mark: { type: 'point', filled: true, size: 110, opacity: 0 },
        encoding: {
          tooltip: [
            { field: 'trial', title: 'Trial' },
            { field: 'x', title: 'Second' },
            { field: 'y', title, format: ',.4~f', type: 'quantitative' },
            { field: 'errors', title: 'Errors' },
            { field: 'violations', title: 'Wrong answers' },
          ],
        },
      },
    ],
  };
}

function describe(
  { label }: StrategyView,
  what: string,
  values: readonly number[],
  format: (value: number) => string,
): string {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0];
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) return `${label}: ${what} of each second.`;
  return `${label}: ${what} of each second, from ${format(low)} to ${format(high)} over all trials.`;
}
