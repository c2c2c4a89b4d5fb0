/** Ratios of all strategies to one of them, with intervals: one panel for each judged metric. */
import type { Verdict } from '../../../record/verdict.ts';
import type { Chart, Mark } from '../../document/document.ts';
import { hollowMark, markOf } from '../../document/looks.ts';
import { reportRule } from '../../facts/comparisons.ts';
import { againstReference } from '../../facts/reference.ts';
import { endsOf } from '../../statistics/verdict.ts';
import { withinReach } from '../../words/beyond.ts';
import { plainNumber, upperFirst } from '../../words/format.ts';
import { metricTitle } from '../../words/metric.ts';
import { intervalText, ratioText, smallestEffectText } from '../../words/verdict.ts';
import type { View } from '../view.ts';
import { frame, logScale, markLooks, short, strategyRows, unlessMuted, widePanel } from './chart.ts';

interface Row {
  readonly strategy: string;
  readonly verdict: Verdict['verdict'];
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** False where so few blocks bound nothing: the ends are then the smallest and the largest ratio seen. */
  readonly bounded: boolean;
  readonly text: string;
  readonly interval: string;
  readonly sight: string;
}

export const verdictNames = ['DIFFERENT', 'SAME', 'INCONCLUSIVE'] as const;
export const verdictMarks: Readonly<Record<Verdict['verdict'], Mark>> = {
  DIFFERENT: markOf('diamond', 'accent'),
  SAME: markOf('square', 'ok'),
  INCONCLUSIVE: hollowMark('circle', 'muted'),
};

export function forestCharts({ facts, measured }: View): Chart[] {
  const all = againstReference(facts);
  const labels = new Map(measured.map(({ summary, label }) => [summary.name, label]));
  return facts.rankings.flatMap(({ metric }): Chart[] => {
    const held = all.filter(({ verdict }) => verdict.metric === metric);
    const rows = held.flatMap(({ verdict }) => rowOf(verdict, labels.get(verdict.candidate)) ?? []);
    const baseline = held[0]?.verdict.baseline ?? '';
    const reference = labels.get(baseline) ?? baseline;
    if (rows.length === 0) return [];
    return [
      {
        id: `forest-${metric}`,
        heading: upperFirst(metricTitle(metric)),
        description: `Ratio to ${reference}, with interval. ${held.map(({ sentence }) => sentence).join('. ')}.`,
        spec: spec(rows, reference),
      },
    ];
  });
}

function rowOf(verdict: Verdict, strategy: string | undefined): Row | null {
  const ends = endsOf(verdict.interval);
  if (strategy === undefined || verdict.ratio === null || ends === null) return null;
  return {
    strategy,
    verdict: verdict.verdict,
    ratio: short(withinReach(verdict.ratio)),
    low: short(withinReach(ends.low)),
    high: short(withinReach(ends.high)),
    bounded: ends.bounded,
    text: ratioText(verdict),
    interval: intervalText(verdict),
    sight: smallestEffectText(verdict),
  };
}

/** Ratios that people think in, the roundest first. */
const tickRatios = [
  1, 2, 0.5, 5, 0.2, 10, 0.1, 20, 0.05, 50, 0.02, 100, 0.01, 1.5, 3, 0.7, 0.3, 1.2, 0.8, 1.1, 0.9, 4, 7, 1.3,
  1.7, 2.5,
];
/** A label needs this share of the axis. */
const labelShare = 0.12;

function ticksWithin(low: number, high: number): number[] {
  const step = Math.log(high / low) * labelShare;
  const chosen: number[] = [];
  for (const tick of tickRatios)
    if (tick >= low && tick <= high && chosen.every((other) => Math.abs(Math.log(tick / other)) >= step))
      chosen.push(tick);
  return chosen.sort((a, b) => a - b);
}

function spec(rows: readonly Row[], reference: string): Chart['spec'] {
  const border = 1 + reportRule.floor;
  const lowest = Math.min(1 / border, ...rows.map((row) => row.low));
  const highest = Math.max(border, ...rows.map((row) => row.high));
  // Room to the left of the widest interval, and to the right of it for its number.
  const low = lowest / (highest / lowest) ** 0.04;
  const high = highest * (highest / lowest) ** 0.18;
  const x = {
    field: 'ratio',
    type: 'quantitative' as const,
    scale: logScale([short(low), short(high)]),
    axis: {
      title: `times ${reference}; shaded: differences below ${plainNumber(reportRule.floor * 100)} %`,
      values: ticksWithin(low, high),
      format: '~g',
      grid: true,
    },
  };
  const y = strategyRows(rows.map(({ strategy }) => strategy));
  const { colour, shape } = markLooks(
    'verdict',
    verdictNames.map((name) => [name, verdictMarks[name]]),
  );
  const tooltip = [
    { field: 'strategy', title: 'Strategy' },
    { field: 'verdict', title: 'Verdict' },
    { field: 'ratio', title: `times ${reference}`, format: ',.3~f' },
    { field: 'interval', title: 'interval' },
    { field: 'sight', title: 'could have seen' },
  ];
  const interval = {
    y,
    x: { ...x, field: 'low' },
    x2: { field: 'high' },
    color: colour,
    opacity: unlessMuted(1),
    tooltip,
  };
  const estimate = { y, x, shape, opacity: unlessMuted(1), tooltip };
  return {
    ...frame(widePanel, 56 + rows.length * 26),
    data: { values: [...rows] },
    layer: [
      {
        data: { values: [{ from: short(1 / border), to: short(border) }] },
        mark: { type: 'rect', color: 'var(--grid)' },
        encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
      },
      {
        data: { values: [{ one: 1 }] },
        mark: { type: 'rule', color: 'var(--axis)', strokeWidth: 1.2 },
        encoding: { x: { ...x, field: 'one' } },
      },
      {
        transform: [{ filter: 'datum.bounded' }],
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: interval,
      },
      {
        transform: [{ filter: '!datum.bounded' }],
        mark: { type: 'rule', strokeWidth: 1.4, strokeDash: [2, 3] },
        encoding: interval,
      },
      {
        transform: [{ filter: "datum.verdict != 'INCONCLUSIVE'" }],
        mark: { type: 'point', filled: true, size: 80, stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: { ...estimate, color: colour },
      },
      {
        transform: [{ filter: "datum.verdict == 'INCONCLUSIVE'" }],
        mark: { type: 'point', size: 60, fill: 'var(--panel)', strokeWidth: 1.8 },
        encoding: { ...estimate, stroke: colour },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8 },
        encoding: {
          y,
          x: { ...x, field: 'high' },
          text: { field: 'text', type: 'nominal' },
          opacity: unlessMuted(1),
        },
      },
    ],
  };
}
