/** Single trials behind the summaries: how far they lie apart is what a difference must be weighed against. */
import { counted } from '../../../record/counted.ts';
import type { TrialSummary } from '../../../record/summary.ts';
import type { Chart } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import type { View } from '../view.ts';
import { frame, logScale, logTicks, strategyLooks, strategyRows, unlessMuted, widePanel } from './chart.ts';

interface Metric {
  readonly id: string;
  readonly heading: string;
  readonly unit: string;
  /** Over which several decades may lie. */
  readonly logarithmic: boolean;
  readonly value: (trial: TrialSummary) => number | null;
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
  readonly value: number;
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
        : [{ strategy: label, trial: trial.number, block: trial.block, value: found }];
    }),
  );

function axisOf({ logarithmic }: Metric, points: readonly TrialPoint[]) {
  if (!logarithmic)
    return { scale: { zero: true, nice: true }, axis: { title: null, tickCount: 5, format: ',~f' } };
  const values = points.map(({ value }) => value);
  const ticks = logTicks(Math.max(0.001, Math.min(...values)), Math.max(...values));
  return { scale: logScale(ticks.domain), axis: { title: null, values: ticks.values, format: '~g' } };
}

function chart({ strategies, measured }: View, about: Metric, points: readonly TrialPoint[]): Chart {
  const looks = strategyLooks(strategies);
  const x = { field: 'value', type: 'quantitative' as const, ...axisOf(about, points) };
  const y = strategyRows(
    measured.map(({ label }) => label),
    { grid: true },
  );
  return {
    id: about.id,
    heading: about.heading,
    description: `${about.heading}: a mark for each of ${counted(points.length, 'valid trial')}, and a line at the median of a strategy. The table of all trials has the numbers.`,
    spec: {
      ...frame(widePanel, 56 + measured.length * 28),
      data: { values: [...points] },
      encoding: { y, x },
      layer: [
        {
          mark: { type: 'tick', thickness: 2, size: 18, color: 'var(--fg)' },
          encoding: { x: { ...x, aggregate: 'median' }, tooltip: { value: null } },
        },
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
