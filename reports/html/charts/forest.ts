/** Ratios of all strategies to one of them, with intervals: one panel for each judged metric. */

import type { Verdict } from '../../../record/verdict.ts';
import { againstReference, reportRule } from '../../comparisons.ts';
import { metricTitle, upperFirst } from '../../words/metric.ts';
import { endsOf, formatTimes, intervalText, ratioText, smallestEffectText } from '../../words/verdict.ts';
import type { Model } from '../model.ts';
import { type Chart, mutedParam, panelWidth, short, theme, unlessMuted } from './chart.ts';

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

/** Colour and shape together, so that colour alone never carries the verdict. */
export const verdictLooks = {
  DIFFERENT: { colour: 'var(--accent)', shape: 'diamond', path: 'M8 2.6L13 8L8 13.4L3 8z' },
  SAME: { colour: 'var(--ok)', shape: 'square', path: 'M4 4h8v8h-8z' },
  INCONCLUSIVE: {
    colour: 'var(--muted)',
    shape: 'circle',
    path: 'M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9z',
  },
} as const satisfies Readonly<Record<Verdict['verdict'], object>>;
const verdicts = ['DIFFERENT', 'SAME', 'INCONCLUSIVE'] as const;

export function forestCharts(model: Model): Chart[] {
  const { summary, measured } = model;
  const all = againstReference(
    summary,
    measured.map((each) => each.summary),
  );
  const labels = new Map(measured.map((each) => [each.summary.name, each.label]));
  return summary.rankings.flatMap(({ metric }) => {
    const held = all.filter(({ verdict }) => verdict.metric === metric);
    const rows = held.flatMap(({ verdict }) => rowOf(verdict, labels.get(verdict.candidate)) ?? []);
    const baseline = held[0]?.verdict.baseline ?? '';
    if (rows.length === 0) return [];
    return [
      {
        id: `forest-${metric}`,
        heading: upperFirst(metricTitle(metric)),
        description: `Ratio to ${labels.get(baseline) ?? baseline}, with interval. ${held.map(({ sentence }) => sentence).join('. ')}.`,
        spec: spec(rows, labels.get(baseline) ?? baseline),
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
    ratio: short(verdict.ratio),
    low: short(ends.low),
    high: short(ends.high),
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
  const scale = { type: 'log' as const, domain: [short(low), short(high)], nice: false };
  const axis = {
    title: `times ${reference}; shaded: differences below ${formatTimes(reportRule.floor * 100).replace(/\.00$/, '')} %`,
    values: ticksWithin(low, high),
    format: '~g',
    grid: true,
  };
  const y = {
    field: 'strategy',
    type: 'nominal' as const,
    sort: rows.map(({ strategy }) => strategy),
    axis: {
      title: null,
      ticks: false,
      domain: false,
      labelColor: 'var(--fg)',
      labelFontSize: 12,
      labelLimit: 0,
    },
  };
  const colour = {
    field: 'verdict',
    type: 'nominal' as const,
    legend: null,
    scale: { domain: [...verdicts], range: verdicts.map((verdict) => verdictLooks[verdict].colour) },
  };
  const shape = {
    field: 'verdict',
    type: 'nominal' as const,
    legend: null,
    scale: { domain: [...verdicts], range: verdicts.map((verdict) => verdictLooks[verdict].shape) },
  };
  const tooltip = [
    { field: 'strategy', title: 'Strategy' },
    { field: 'verdict', title: 'Verdict' },
    { field: 'ratio', title: `times ${reference}`, format: ',.3~f' },
    { field: 'interval', title: `${reportRule.confidence * 100} % interval` },
    { field: 'sight', title: 'could have seen' },
  ];
  const x = { field: 'ratio', type: 'quantitative' as const, scale, axis };
  const ends = { x: { ...x, field: 'low' }, x2: { field: 'high' } };
  const band = [{ from: short(1 / border), to: short(border) }];
  return {
    width: panelWidth * 1.25,
    height: 56 + rows.length * 26,
    autosize: { type: 'fit', contains: 'padding' },
    config: theme,
    params: [mutedParam],
    data: { values: [...rows] },
    layer: [
      {
        data: { values: band },
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
        encoding: { y, ...ends, color: colour, opacity: unlessMuted(1), tooltip },
      },
      {
        transform: [{ filter: '!datum.bounded' }],
        mark: { type: 'rule', strokeWidth: 1.4, strokeDash: [2, 3] },
        encoding: { y, ...ends, color: colour, opacity: unlessMuted(1), tooltip },
      },
      {
        transform: [{ filter: "datum.verdict != 'INCONCLUSIVE'" }],
        mark: { type: 'point', filled: true, size: 80, stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: { y, x, color: colour, shape, opacity: unlessMuted(1), tooltip },
      },
      {
        transform: [{ filter: "datum.verdict == 'INCONCLUSIVE'" }],
        mark: { type: 'point', size: 60, fill: 'var(--panel)', strokeWidth: 1.8 },
        encoding: { y, x, stroke: colour, shape, opacity: unlessMuted(1), tooltip },
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
