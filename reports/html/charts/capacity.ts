/** Capacities with their intervals, and the trials of each search. */

import type { CapacityAnswer, CapacityStep } from '../../../record/search.ts';
import { capacityInWords, capacityOf, historyOf, limitInWords } from '../../capacity.ts';
import { formatCount } from '../../words/format.ts';
import type { Model, StrategyView } from '../model.ts';
import { type Chart, logTicks, mutedParam, panelWidth, theme, unlessMuted } from './chart.ts';

export function capacityCharts(model: Model): { readonly bars: Chart[]; readonly searches: Chart[] } {
  const answered = model.strategies.flatMap((strategy) => {
    const answer = capacityOf(model.summary, strategy.summary.name);
    return answer === null ? [] : [{ strategy, answer }];
  });
  const known = answered.filter(({ answer }) => answer.low !== null);
  return {
    bars: known.length > 0 ? [barChart(known)] : [],
    searches: answered.flatMap(({ strategy, answer }) => searchChart(model, strategy, answer)),
  };
}

interface Known {
  readonly strategy: StrategyView;
  readonly answer: CapacityAnswer;
}

function barChart(known: readonly Known[]): Chart {
  const rows = known.map(({ strategy, answer: { rate, low, high, limit, trials } }) => ({
    strategy: strategy.label,
    value: rate ?? low ?? 0,
    low: low ?? 0,
    high: high ?? low ?? 0,
    sure: rate !== null,
    text: rate === null ? `≥ ${formatCount(low ?? 0)}` : formatCount(rate),
    interval: rate === null ? 'not known' : `${formatCount(low ?? 0)}–${formatCount(high ?? 0)}`,
    limit: limitInWords[limit],
    trials,
  }));
  const most = Math.max(...rows.map(({ value, high }) => Math.max(value, high)));
  // Room to the right of the longest bar for its number.
  const scale = { domain: [0, (most || 1) * 1.34], nice: false };
  const y = {
    field: 'strategy',
    type: 'nominal' as const,
    sort: rows.map(({ strategy }) => strategy),
    axis: {
      ...{ title: null, ticks: false, domain: false, labelLimit: 0 },
      ...{ labelColor: 'var(--fg)', labelFontSize: 12 },
    },
    scale: { paddingInner: 0.35, paddingOuter: 0.2 },
  };
  const x = { type: 'quantitative' as const, scale };
  const sureOnly = { filter: 'datum.sure' };
  return {
    id: 'capacity',
    heading: 'Capacity, requests/s',
    description: `${known.map(({ strategy, answer }) => `${strategy.label}: ${capacityInWords(answer)}`).join('; ')}. A line at the end of a bar is its interval; a pale bar is a lower bound, where the limit was not the strategy's or was not found.`,
    spec: {
      width: panelWidth,
      height: 44 + rows.length * 32,
      autosize: { type: 'fit', contains: 'padding' },
      config: theme,
      params: [mutedParam],
      data: { values: rows },
      encoding: { y },
      layer: [
        {
          mark: { type: 'bar', color: 'var(--tier-app)', stroke: 'var(--tier-app)', strokeWidth: 1 },
          encoding: {
            x: { field: 'value', ...x, axis: { title: null, tickCount: 4, format: ',~f' } },
            fillOpacity: { condition: { test: 'datum.sure', value: 1 }, value: 0.25 },
            opacity: unlessMuted(1),
            tooltip: [
              { field: 'strategy', title: 'Strategy' },
              { field: 'text', title: 'requests/s' },
              { field: 'interval', title: 'Interval' },
              { field: 'limit', title: 'Limit' },
              { field: 'trials', title: 'Trials' },
            ],
          },
        },
        {
          transform: [sureOnly],
          mark: { type: 'rule', color: 'var(--fg)', strokeWidth: 1.6 },
          encoding: { x: { field: 'low', ...x }, x2: { field: 'high' }, opacity: unlessMuted(1) },
        },
        ...(['low', 'high'] as const).map((end) => ({
          transform: [sureOnly],
          mark: { type: 'tick' as const, color: 'var(--fg)', thickness: 1.6, size: 10 },
          encoding: { x: { field: end, ...x }, opacity: unlessMuted(1) },
        })),
        {
          mark: { type: 'text', align: 'left', dx: 7, fontWeight: 600 },
          encoding: { x: { field: 'high', ...x }, text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  };
}

/** Outcomes are told apart by shape; colour only helps. The section's key shows the same. */
export const outcomeLooks: Readonly<
  Record<
    CapacityStep['outcome'],
    { readonly label: string; readonly shape: string; readonly path: string; readonly colour: string }
  >
> = {
  kept: {
    ...{ label: 'promise kept', shape: 'circle', colour: 'var(--ok)' },
    path: 'M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9z',
  },
  broken: {
    ...{ label: 'promise broken', shape: 'cross', colour: 'var(--alarm)' },
    path: 'M6.2 3h3.6v3.2H13v3.6H9.8V13H6.2V9.8H3V6.2h3.2z',
  },
  'generator-limited': {
    ...{ label: 'beyond the generator', shape: 'triangle-up', colour: 'var(--warning)' },
    path: 'M8 3.2L13 12.4H3z',
  },
  invalid: {
    ...{ label: 'says nothing, repeated', shape: 'diamond', colour: 'var(--muted)' },
    path: 'M8 2.6L13 8L8 13.4L3 8z',
  },
};

function searchChart({ run }: Model, { label, summary }: StrategyView, answer: CapacityAnswer): Chart[] {
  const history = historyOf(run, summary.name);
  if (history.length === 0) return [];
  const points = history.map(({ trial, rate, outcome, why }, i) => ({
    ...{ nth: i + 1, trial, rate, outcome: outcomeLooks[outcome].label },
    why: why.join('; ') || 'nothing broken',
  }));
  const rates = points.map(({ rate }) => rate);
  const ticks = logTicks(Math.min(...rates), Math.max(...rates));
  const y = {
    type: 'quantitative' as const,
    scale: { type: 'log' as const, domain: ticks.domain, nice: false },
  };
  const looks = Object.values(outcomeLooks);
  const scaleOf = (range: readonly string[]) => ({
    domain: looks.map((look) => look.label),
    range: [...range],
  });
  const interval =
    answer.low !== null && answer.high !== null ? [{ low: answer.low, high: answer.high }] : [];
  return [
    {
      id: `search-${summary.name}`,
      heading: label,
      description: `The ${points.length} trials of ${label} in their order, each at its rate: ${looks
        .map((look) => `${points.filter(({ outcome }) => outcome === look.label).length} ${look.label}`)
        .join(', ')}.`,
      spec: {
        width: panelWidth,
        height: 200,
        autosize: { type: 'fit', contains: 'padding' },
        config: theme,
        params: [mutedParam],
        layer: [
          {
            data: { values: interval },
            mark: { type: 'rect', color: 'var(--tier-app)', opacity: 0.22 },
            encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
          },
          {
            data: { values: points },
            mark: { type: 'point', filled: true, size: 58, stroke: 'var(--panel)', strokeWidth: 0.8 },
            encoding: {
              x: {
                ...{ field: 'nth', type: 'quantitative' },
                scale: { domain: [0.5, Math.max(6, points.length) + 0.5], nice: false, zero: false },
                axis: { title: 'trial of the search', tickMinStep: 1, format: 'd', grid: false },
              },
              y: { field: 'rate', ...y, axis: { title: null, values: ticks.values, format: ',~f' } },
              shape: {
                ...{ field: 'outcome', type: 'nominal', legend: null },
                scale: scaleOf(looks.map(({ shape }) => shape)),
              },
              color: {
                ...{ field: 'outcome', type: 'nominal', legend: null },
                scale: scaleOf(looks.map(({ colour }) => colour)),
              },
              tooltip: [
                { field: 'trial', title: 'Trial' },
                { field: 'rate', title: 'requests/s', format: ',~f' },
                { field: 'outcome', title: 'Outcome' },
                { field: 'why', title: 'Why' },
              ],
            },
          },
        ],
      },
    },
  ];
}
