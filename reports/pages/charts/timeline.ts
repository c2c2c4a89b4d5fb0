/** Each second of each valid trial: p99 and throughput, one panel for each strategy, all on the same scales. */
import { inMilliseconds, type Latency } from '../../../record/latency.ts';
import { validTrialsOf } from '../../../record/read/trials.ts';
import { type Chart, pointerLayer } from '../../document/document.ts';
import { counted, formatCount, formatMs } from '../../words/format.ts';
import { noAnswer } from '../../words/latency.ts';
import type { StrategyView, View } from '../view.ts';
import { countAxis, frame, logScale, logTicks, panelWidth, short } from './chart.ts';

export interface SecondOfTrial {
  readonly trial: number;
  /** Since measuring began; negative in the warm-up. */
  readonly second: number;
  readonly p99Ms: Latency;
  readonly rate: number;
  readonly errors: number;
  readonly violations: number;
}

export const secondsOf = ({ facts }: View, { summary }: StrategyView): SecondOfTrial[] =>
  validTrialsOf(facts.run.trials, summary.name).flatMap(({ number, measures }) =>
    [...measures.warmup, ...measures.timeline].map((point) => ({
      trial: number,
      second: point.second,
      p99Ms: drawable(point.p99Micros),
      rate: short(point.requests / point.seconds),
      errors: point.errors,
      violations: point.violations,
    })),
  );

const drawable = (micros: Latency): Latency => {
  const ms = inMilliseconds(micros);
  return typeof ms === 'number' ? short(Math.max(0.001, ms)) : ms;
};

const numberOf = (value: Latency): number | null => (typeof value === 'number' ? value : null);

export interface Timelines {
  /** Of all operations together, in milliseconds. */
  readonly p99: Chart[];
  /** Requests per second. */
  readonly rate: Chart[];
}

/** Both empty where no trial is valid. */
export function timelineCharts(view: View): Timelines {
  const series = view.measured.map((strategy) => ({ strategy, seconds: secondsOf(view, strategy) }));
  const all = series.flatMap(({ seconds }) => seconds);
  if (all.length === 0) return { p99: [], rate: [] };
  const extent = (values: readonly number[]): [number, number] => [
    values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
    values.reduce((high, value) => Math.max(high, value), 0),
  ];
  const known = all.flatMap(({ p99Ms }) => numberOf(p99Ms) ?? []);
  const ticks = known.length === 0 ? logTicks(1, 10) : logTicks(...extent(known));
  const [, fastest] = extent(all.map(({ rate }) => rate));
  const across = extent(all.map(({ second }) => second));
  const p99: Vertical = {
    id: 'p99',
    title: 'p99, ms',
    what: 'p99 in ms',
    height: 150,
    value: ({ p99Ms }) => numberOf(p99Ms),
    format: formatMs,
    encoding: { scale: logScale(ticks.domain), axis: { title: null, values: ticks.values, format: '~g' } },
  };
  const rate: Vertical = {
    id: 'rate',
    title: 'requests/s',
    what: 'requests per second',
    height: 110,
    value: (second) => second.rate,
    format: formatCount,
    encoding: { scale: { domain: [0, fastest * 1.1], nice: false }, axis: countAxis },
  };
  const charts = (vertical: Vertical): Chart[] =>
    series.map(({ strategy, seconds }) => chart(strategy, seconds, across, vertical));
  return { p99: charts(p99), rate: charts(rate) };
}

interface Vertical {
  readonly id: 'p99' | 'rate';
  readonly title: string;
  /** As it is spoken of. */
  readonly what: string;
  /** Of the panel, in pixels. */
  readonly height: number;
  /** Null where there is no number, since too many operations of the second got no right answer. */
  readonly value: (second: SecondOfTrial) => number | null;
  readonly format: (value: number) => string;
  readonly encoding: object;
}

function chart(
  strategy: StrategyView,
  seconds: readonly SecondOfTrial[],
  [first, last]: readonly [number, number],
  vertical: Vertical,
): Chart {
  return {
    id: `${vertical.id}-${strategy.summary.name}`,
    heading: strategy.label,
    description: describe(strategy, seconds, vertical),
    spec: {
      ...frame(panelWidth, vertical.height),
      data: { values: seconds.map((each) => pointOf(each, vertical)) },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          scale: { domain: [first, Math.max(1, last)], nice: false },
          axis: { title: 'second of the trial', tickMinStep: 1, tickCount: 6, format: 'd', grid: false },
        },
        y: { field: 'y', type: 'quantitative', ...vertical.encoding },
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
          transform: [{ filter: '!isValid(datum.y)' }, { calculate: `'${noAnswer}'`, as: 'instead' }],
          mark: { type: 'point', filled: true, shape: 'triangle-up', size: 60, color: 'var(--alarm)' },
          encoding: {
            y: { value: 6 },
            tooltip: [
              { field: 'trial', title: 'Trial' },
              { field: 'x', title: 'Second' },
              { field: 'instead', title: vertical.title },
            ],
          },
        },
        {
          transform: [{ filter: 'isValid(datum.errors) && isValid(datum.y)' }],
          mark: { type: 'point', filled: true, shape: 'cross', size: 70, color: 'var(--alarm)' },
        },
        {
          name: pointerLayer,
          mark: { type: 'point', filled: true, size: 110, opacity: 0 },
          encoding: {
            tooltip: [
              { field: 'trial', title: 'Trial' },
              { field: 'x', title: 'Second' },
              { field: 'y', title: vertical.title, format: ',.4~f', type: 'quantitative' },
              { field: 'errors', title: 'Errors' },
              { field: 'violations', title: 'Wrong answers' },
            ],
          },
        },
      ],
    },
  };
}

/** Short names, and no zeros: there may be thousands of these. */
function pointOf(second: SecondOfTrial, { value }: Vertical): Record<string, number | null> {
  const { trial, errors, violations } = second;
  const wrong = errors + violations > 0 ? { errors, violations } : {};
  return { trial, x: second.second, y: value(second), ...wrong };
}

function describe(
  { label }: StrategyView,
  seconds: readonly SecondOfTrial[],
  { what, value, format }: Vertical,
): string {
  const sorted = seconds.flatMap((second) => value(second) ?? []).sort((a, b) => a - b);
  const without = seconds.length - sorted.length;
  const apart =
    without === 0
      ? ''
      : ` ${counted(without, 'second')} without one, since too many operations got no right answer.`;
  const low = sorted[0];
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) return `${label}: ${what} of each second.${apart}`;
  return `${label}: ${what} of each second, from ${format(low)} to ${format(high)} over all trials.${apart}`;
}
