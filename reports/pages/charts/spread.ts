/** Single trials behind the summaries: how far they lie apart is what a difference must be weighed against. */
import { inOrder, type Latency } from '../../../record/latency.ts';
import type { TrialSummary } from '../../../record/summary.ts';
import type { Chart } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import { median } from '../../statistics/order.ts';
import { counted } from '../../words/format.ts';
import { noAnswer } from '../../words/latency.ts';
import type { View } from '../view.ts';
import { frame, logScale, logTicks, strategyLooks, strategyRows, unlessMuted, widePanel } from './chart.ts';

interface Metric {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  /** Over which several decades may lie. */
  readonly logarithmic: boolean;
  readonly value: (trial: TrialSummary) => Latency | null;
}

const metric = (
  id: string,
  heading: string,
  unit: string,
  value: Metric['value'],
  logarithmic = false,
): Metric => ({ id, heading: `${heading} of each trial, ${unit}`, unit, value, logarithmic });

const metrics: readonly Metric[] = [
  metric('spread-cpu', 'CPU time per request', 'µs', (trial) => servingCpu(trial.cpuMicrosPerRequest)),
  metric('spread-p50', 'Read p50', 'ms', ({ readP50Ms }) => readP50Ms),
  metric('spread-write-p50', 'Write p50', 'ms', ({ writeP50Ms }) => writeP50Ms),
  metric('spread-p99', 'Read p99', 'ms', ({ readP99Ms }) => readP99Ms, true),
];

interface TrialPoint {
  readonly strategy: string;
  readonly trial: number;
  readonly block: number | null;
  /** Null where it is worse than any number. */
  readonly value: number | null;
}

export const spreadCharts = (view: View): Chart[] =>
  metrics.flatMap((each) => {
    const points = pointsOf(view, each);
    return points.length === 0 ? [] : [chart(view, each, points)];
  });

const pointsOf = ({ measured, facts }: View, { value }: Metric): TrialPoint[] =>
  measured.flatMap(({ label, summary: { name } }) =>
    facts.trials.flatMap((trial) => {
      const found = trial.strategy === name && trial.status === 'valid' ? value(trial) : null;
      return found === null
        ? []
        : [
            {
              strategy: label,
              trial: trial.number,
              block: trial.block,
              value: typeof found === 'number' ? found : null,
            },
          ];
    }),
  );

const numbersOf = (points: readonly TrialPoint[]): number[] => points.flatMap(({ value }) => value ?? []);

/** A trial without a number is slower than any that has one; where such a trial is the middle there is no line. */
function mediansOf(points: readonly TrialPoint[]): { readonly strategy: string; readonly value: number }[] {
  return [...Map.groupBy(points, ({ strategy }) => strategy)].flatMap(([strategy, own]) => {
    const value = median(own.map((point) => point.value ?? inOrder('no answer')));
    return value === null || !Number.isFinite(value) ? [] : [{ strategy, value }];
  });
}

function axisOf({ logarithmic }: Metric, points: readonly TrialPoint[]) {
  if (!logarithmic)
    return { scale: { zero: true, nice: true }, axis: { title: null, tickCount: 5, format: ',~f' } };
  const values = numbersOf(points);
  const ticks =
    values.length === 0
      ? logTicks(1, 10)
      : logTicks(Math.max(0.001, Math.min(...values)), Math.max(...values));
  return { scale: logScale(ticks.domain), axis: { title: null, values: ticks.values, format: '~g' } };
}

function chart({ strategies, measured }: View, about: Metric, points: readonly TrialPoint[]): Chart {
  const looks = strategyLooks(strategies);
  const x = { field: 'value', type: 'quantitative' as const, ...axisOf(about, points) };
  const y = strategyRows(
    measured.map(({ label }) => label),
    { grid: true },
  );
  const without = points.filter(({ value }) => value === null);
  const apart =
    without.length === 0
      ? ''
      : ` ${counted(without.length, 'trial')} at the right edge ${without.length === 1 ? 'has' : 'have'} none, since too many operations got no right answer.`;
  return {
    id: about.id,
    heading: about.heading,
    description: `${about.heading}: a mark for each of ${counted(points.length, 'valid trial')}, and a line at the median of a strategy.${apart} The table of all trials has the numbers.`,
    spec: {
      ...frame(widePanel, 56 + measured.length * 28),
      data: { values: points.filter(({ value }) => value !== null) },
      encoding: { y, x },
      layer: [
        {
          data: { values: mediansOf(points) },
          mark: { type: 'tick', thickness: 2, size: 18, color: 'var(--fg)' },
          encoding: { tooltip: { value: null } },
        },
        ...(without.length === 0 ? [] : [atTheEdge(without)]),
        {
          mark: { type: 'point', filled: true, size: 52, stroke: 'var(--panel)', strokeWidth: 0.8 },
          encoding: {
            color: looks.colour,
            shape: looks.shape,
            opacity: unlessMuted(0.85),
            tooltip: [
              { field: 'strategy', title: 'Strategy' },
              { field: 'trial', title: 'Trial' },
              { field: 'block', title: 'Block' },
              { field: 'value', title: about.unit, format: ',.3~f' },
            ],
          },
        },
      ],
    },
  };
}

/** Trials whose value is worse than any number. */
const atTheEdge = (points: readonly TrialPoint[]) => ({
  data: { values: points.map((point) => ({ ...point, value: noAnswer })) },
  mark: { type: 'point' as const, filled: true, shape: 'triangle-right', size: 70, color: 'var(--alarm)' },
  encoding: {
    x: { value: 'width' as const },
    opacity: unlessMuted(0.85),
    tooltip: [
      { field: 'strategy', title: 'Strategy' },
      { field: 'trial', title: 'Trial' },
      { field: 'block', title: 'Block' },
      { field: 'value', title: 'Value' },
    ],
  },
});
