/** Capacities with their intervals, and the trials of each search. */
import { counted } from '../../../record/counted.ts';
import type { CapacityAnswer, CapacityStep } from '../../../record/search.ts';
import type { Chart, Mark } from '../../document/document.ts';
import { markOf } from '../../document/looks.ts';
import type { SearchFacts } from '../../facts/facts.ts';
import { capacityOf, historyOf } from '../../facts/searches.ts';
import { capacityInWords, limitInWords } from '../../words/capacity.ts';
import { formatCount } from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';
import {
  barScale,
  countAxis,
  frame,
  logScale,
  logTicks,
  markLooks,
  panelWidth,
  strategyRows,
  unlessMuted,
} from './chart.ts';

interface Answered {
  readonly strategy: StrategyView;
  readonly answer: CapacityAnswer;
}

const answeredOf = ({ strategies, facts }: View<SearchFacts>): Answered[] =>
  strategies.flatMap((strategy) => {
    const answer = capacityOf(facts.design, strategy.summary.name);
    return answer === null ? [] : [{ strategy, answer }];
  });

/** Outcomes are told apart by shape; colour only helps. */
export const outcomes: Readonly<
  Record<CapacityStep['outcome'], { readonly label: string; readonly mark: Mark }>
> = {
  kept: { label: 'promise kept', mark: markOf('circle', 'ok') },
  broken: { label: 'promise broken', mark: markOf('cross', 'alarm') },
  'generator-limited': { label: 'beyond the generator', mark: markOf('triangle-up', 'warning') },
  invalid: { label: 'says nothing, repeated', mark: markOf('diamond', 'muted') },
};

/** Empty where no capacity has a lower bound. */
export function capacityBars(view: View<SearchFacts>): Chart[] {
  const known = answeredOf(view).filter(({ answer }) => answer.low !== null);
  if (known.length === 0) return [];
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
  const scale = barScale(Math.max(...rows.map(({ value, high }) => Math.max(value, high))), 1.34);
  const x = { type: 'quantitative' as const, scale };
  const sureOnly = { filter: 'datum.sure' };
  const y = {
    ...strategyRows(rows.map(({ strategy }) => strategy)),
    scale: { paddingInner: 0.35, paddingOuter: 0.2 },
  };
  return [
    {
      id: 'capacity',
      heading: 'Capacity, requests/s',
      description: `${known.map(({ strategy, answer }) => `${strategy.label}: ${capacityInWords(answer)}`).join('; ')}. A line at the end of a bar is its interval; a pale bar is a lower bound, where the limit was not the strategy's or was not found.`,
      spec: {
        ...frame(panelWidth, 44 + rows.length * 32),
        data: { values: rows },
        encoding: { y },
        layer: [
          {
            mark: { type: 'bar', color: 'var(--tier-app)', stroke: 'var(--tier-app)', strokeWidth: 1 },
            encoding: {
              x: { field: 'value', ...x, axis: countAxis },
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
    },
  ];
}

export const searchCharts = (view: View<SearchFacts>): Chart[] =>
  answeredOf(view).flatMap((answered) => searchChart(view, answered) ?? []);

function searchChart({ facts }: View<SearchFacts>, { strategy, answer }: Answered): Chart | null {
  const { label, summary } = strategy;
  const points = historyOf(facts.run, summary.name).map(({ trial, rate, outcome, why }, i) => ({
    nth: i + 1,
    trial,
    rate,
    outcome: outcomes[outcome].label,
    why: why.join('; ') || 'nothing broken',
  }));
  if (points.length === 0) return null;
  const rates = points.map(({ rate }) => rate);
  const ticks = logTicks(Math.min(...rates), Math.max(...rates));
  const y = { type: 'quantitative' as const, scale: logScale(ticks.domain) };
  const all = Object.values(outcomes);
  const looks = markLooks(
    'outcome',
    all.map((each) => [each.label, each.mark]),
  );
  const interval =
    answer.low !== null && answer.high !== null ? [{ low: answer.low, high: answer.high }] : [];
  return {
    id: `search-${summary.name}`,
    heading: label,
    description: `The ${counted(points.length, 'trial')} of ${label} in their order, each at its rate: ${all
      .map((each) => `${points.filter(({ outcome }) => outcome === each.label).length} ${each.label}`)
      .join(', ')}.`,
    spec: {
      ...frame(panelWidth, 200),
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
              field: 'nth',
              type: 'quantitative',
              scale: { domain: [0.5, Math.max(6, points.length) + 0.5], nice: false, zero: false },
              axis: { title: 'trial of the search', tickMinStep: 1, format: 'd', grid: false },
            },
            y: { field: 'rate', ...y, axis: { title: null, values: ticks.values, format: ',~f' } },
            shape: looks.shape,
            color: looks.colour,
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
  };
}
