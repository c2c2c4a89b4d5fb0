/** How each fault went for each strategy: right answers and p99 second by second, with the fault as a band. */

import type { PlannedFault } from '../../../record/faults.ts';
import { inMilliseconds } from '../../../record/latency.ts';
import type { TimePoint } from '../../../record/read/histograms.ts';
import { type ValidTrial, validTrialsOf } from '../../../record/read/trials.ts';
import { type Chart, pointerLayer } from '../../document/document.ts';
import type { FaultFacts } from '../../facts/facts.ts';
import { secondsWords } from '../../words/faults.ts';
import { formatShare } from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';
import { frame, logScale, logTicks, panelWidth, short } from './chart.ts';

export interface FaultCharts {
  readonly fault: PlannedFault;
  /** One for each strategy with a valid trial of it. */
  readonly drawn: readonly Chart[];
}

/** Faults without a valid trial are left out. */
export const faultCharts = (view: View<FaultFacts>): readonly FaultCharts[] =>
  view.facts.design.faults.flatMap((fault, index) => {
    const tried = view.strategies.flatMap((strategy) => {
      const trial = validTrialsOf(view.facts.run.trials, strategy.summary.name).find(
        ({ record }) => record.block === index + 1,
      );
      return trial ? [{ strategy, trial }] : [];
    });
    if (tried.length === 0) return [];
    const ticks = ticksOf(tried.flatMap(({ trial }) => trial.measures.timeline));
    return [{ fault, drawn: tried.map(({ strategy, trial }) => chart(fault, strategy, trial, ticks)) }];
  });

type Ticks = ReturnType<typeof logTicks>;

function ticksOf(points: readonly TimePoint[]): Ticks {
  const known = points.flatMap((point) => p99Of(point) ?? []);
  return known.length === 0 ? logTicks(1, 10) : logTicks(Math.min(...known), Math.max(...known));
}

/** In milliseconds; null where so many got no answer that it is among them. */
function p99Of({ answerP99Micros }: TimePoint): number | null {
  const ms = inMilliseconds(answerP99Micros);
  return typeof ms === 'number' ? short(Math.max(0.001, ms)) : null;
}

interface Row {
  readonly x: number;
  readonly p99: number | null;
  readonly right: number;
  readonly errors: number;
  readonly wrong: number;
}

const rowOf = (point: TimePoint): Row => ({
  x: point.second,
  p99: p99Of(point),
  right: point.requests === 0 ? 0 : short(1 - (point.errors + point.violations) / point.requests),
  errors: point.errors,
  wrong: point.violations,
});

function bandOf({ record: { fault } }: ValidTrial, end: number): { from: number; to: number }[] {
  const course = fault?.course;
  if (!course || course.status === 'not-begun') return [];
  const to = course.status === 'healed' ? course.healedAt : end;
  // A fault that is over at once is seen all the same.
  return [{ from: short(course.beganAt), to: short(Math.max(to, course.beganAt + 0.1)) }];
}

function chart(fault: PlannedFault, strategy: StrategyView, trial: ValidTrial, ticks: Ticks): Chart {
  const rows = trial.measures.timeline.map(rowOf);
  const end = fault.measureSeconds;
  const band = bandOf(trial, end);
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [0, end], nice: false as const },
    axis: { title: 'second of the trial', tickMinStep: 1, tickCount: 6, format: 'd', grid: false },
  };
  const tooltip = [
    { field: 'x', title: 'Second' },
    { field: 'right', title: 'Right answers', format: '.0%', type: 'quantitative' as const },
    { field: 'p99', title: 'p99, ms', format: ',.4~f', type: 'quantitative' as const },
    { field: 'errors', title: 'Failed' },
    { field: 'wrong', title: 'Wrong answers' },
  ];
  const shade = {
    data: { values: band },
    mark: { type: 'rect' as const, color: 'var(--alarm)', opacity: 0.16 },
    encoding: {
      x: { field: 'from', type: 'quantitative' as const },
      x2: { field: 'to' },
      y: { value: 0 },
      y2: { value: 'height' as const },
    },
  };
  return {
    id: `fault-${fault.name}-${strategy.summary.name}`,
    heading: strategy.label,
    description: describe(strategy, rows, band),
    spec: {
      ...frame(panelWidth, 170),
      data: { values: rows },
      encoding: { x },
      layer: [
        shade,
        {
          mark: { type: 'area', color: 'var(--ok)', opacity: 0.25, interpolate: 'step-after' },
          encoding: {
            y: {
              field: 'right',
              type: 'quantitative',
              scale: { domain: [0, 1] },
              axis: { title: 'right answers', format: '.0%', orient: 'right', tickCount: 3, grid: false },
            },
          },
        },
        {
          mark: { type: 'line', strokeWidth: 1.6, color: strategy.look.colour },
          encoding: {
            y: {
              field: 'p99',
              type: 'quantitative',
              scale: logScale(ticks.domain),
              axis: { title: 'p99, ms', values: ticks.values, format: '~g' },
            },
          },
        },
        {
          transform: [{ filter: '!isValid(datum.p99)' }],
          mark: { type: 'point', filled: true, shape: 'triangle-up', size: 60, color: 'var(--alarm)' },
          encoding: { y: { value: 6 }, tooltip },
        },
        {
          name: pointerLayer,
          mark: { type: 'rule', strokeWidth: 12, opacity: 0 },
          encoding: { y: { value: 0 }, y2: { value: 'height' }, tooltip },
        },
      ],
      resolve: { scale: { y: 'independent' } },
    },
  };
}

function describe(
  { label }: StrategyView,
  rows: readonly Row[],
  band: readonly { readonly from: number; readonly to: number }[],
): string {
  const lowest = Math.min(1, ...rows.map(({ right }) => right));
  const [fault] = band;
  const when = fault
    ? `The fault lasted from ${secondsWords(fault.from)} to ${secondsWords(fault.to)}. `
    : '';
  return `${label}: ${when}At worst ${formatShare(lowest)} of a second's requests got a right answer.`;
}
