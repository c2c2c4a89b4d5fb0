/** CPU time, memory and throughput: one bar for each strategy. */
import { servingTiers } from '../../../record/common.ts';
import type { Chart } from '../../document/document.ts';
import { servingCpu } from '../../facts/cpu.ts';
import type { BlockFacts } from '../../facts/facts.ts';
import { formatCount, formatMiB, formatMicros, formatReached } from '../../words/format.ts';
import type { StrategyView, View } from '../view.ts';
import { barScale, countAxis, frame, panelWidth, strategyRows } from './chart.ts';

interface Part {
  readonly strategy: string;
  readonly tier: (typeof servingTiers)[number];
  /** Position in the stack. */
  readonly position: number;
  readonly value: number;
}

interface Total {
  readonly strategy: string;
  readonly value: number;
  readonly text: string;
}

export const resourceCharts = (view: View<BlockFacts>): Chart[] =>
  view.measured.length === 0 ? [] : [cpuChart(view), memoryChart(view), throughputChart(view)];

function cpuChart({ measured }: View): Chart {
  const totals = measured.flatMap(({ label, summary }): Total[] => {
    const cpu = servingCpu(summary.cpuMicrosPerRequest);
    return cpu === null ? [] : [{ strategy: label, value: cpu, text: formatMicros(cpu) }];
  });
  return {
    id: 'cpu',
    heading: 'CPU time per request, µs',
    description: `CPU time per request by tier, in microseconds. ${sentence(totals, 'µs')}`,
    spec: stacked(
      measured,
      partsOf(measured, ({ summary }, tier) => summary.cpuMicrosPerRequest[tier]),
      totals,
      'µs',
    ),
  };
}

function memoryChart({ measured }: View): Chart {
  const mebibytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 2 ** 20);
  const parts = partsOf(measured, ({ summary }, tier) =>
    tier === 'balancer' ? null : mebibytes(summary.memoryBytes[tier]),
  );
  const totals = measured.flatMap(({ label, summary }): Total[] => {
    const { app, store } = summary.memoryBytes;
    if (app === null || store === null) return [];
    const bytes = app + store;
    return [{ strategy: label, value: bytes / 2 ** 20, text: formatMiB(bytes) }];
  });
  return {
    id: 'memory',
    heading: 'Memory of app and store, MiB',
    description: `Memory at the end of a trial, in MiB. ${sentence(totals, 'MiB')}`,
    spec: stacked(measured, parts, totals, 'MiB'),
  };
}

const sentence = (totals: readonly Total[], unit: string): string =>
  totals.map(({ strategy, text }) => `${strategy}: ${text} ${unit}`).join('; ');

const partsOf = (
  strategies: readonly StrategyView[],
  value: (strategy: StrategyView, tier: Part['tier']) => number | null,
): Part[] =>
  strategies.flatMap((strategy) =>
    servingTiers.flatMap((tier, position) => {
      const found = value(strategy, tier);
      return found === null ? [] : [{ strategy: strategy.label, tier, position, value: found }];
    }),
  );

const framed = (strategies: readonly StrategyView[]) => frame(panelWidth, 44 + strategies.length * 28);

const rowsOf = (strategies: readonly StrategyView[]) => ({
  ...strategyRows(strategies.map(({ label }) => label)),
  scale: { paddingInner: 0.3, paddingOuter: 0.15 },
});

function stacked(
  strategies: readonly StrategyView[],
  parts: readonly Part[],
  totals: readonly Total[],
  unit: string,
): Chart['spec'] {
  const scale = barScale(
    totals.reduce((high, { value }) => Math.max(high, value), 0),
    1.18,
  );
  return {
    ...framed(strategies),
    encoding: { y: rowsOf(strategies) },
    layer: [
      {
        data: { values: [...parts] },
        mark: { type: 'bar', stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: {
          x: { field: 'value', type: 'quantitative', stack: 'zero', scale, axis: countAxis },
          order: { field: 'position', type: 'quantitative' },
          color: {
            field: 'tier',
            type: 'nominal',
            legend: null,
            scale: { domain: [...servingTiers], range: servingTiers.map((tier) => `var(--tier-${tier})`) },
          },
          tooltip: [
            { field: 'strategy', title: 'Strategy' },
            { field: 'tier', title: 'Tier' },
            { field: 'value', title: unit, format: ',.1f' },
          ],
        },
      },
      {
        data: { values: [...totals] },
        mark: { type: 'text', align: 'left', dx: 5, fontWeight: 600 },
        encoding: {
          x: { field: 'value', type: 'quantitative', scale },
          text: { field: 'text', type: 'nominal' },
        },
      },
    ],
  };
}

function throughputChart({ measured, facts }: View<BlockFacts>): Chart {
  const offered = facts.design.rate?.value ?? null;
  const totals = measured.flatMap(({ label, summary: { achievedRate, offeredRate } }): Total[] => {
    if (achievedRate === null) return [];
    const text = offeredRate ? formatReached(achievedRate / offeredRate) : formatCount(achievedRate);
    return [{ strategy: label, value: achievedRate, text }];
  });
  const scale = barScale(Math.max(offered ?? 0, ...totals.map(({ value }) => value)), 1.3);
  const y = rowsOf(measured);
  return {
    id: 'throughput',
    heading: 'Achieved of the offered rate, requests/s',
    description: `Requests answered per second${offered ? `, of ${formatCount(offered)} offered` : ''}. ${sentence(totals, '')}`,
    spec: {
      ...framed(measured),
      layer: [
        {
          data: { values: totals },
          mark: { type: 'bar', color: 'var(--tier-app)' },
          encoding: {
            y,
            x: { field: 'value', type: 'quantitative', scale, axis: countAxis },
            tooltip: [
              { field: 'strategy', title: 'Strategy' },
              { field: 'value', title: 'requests/s', format: ',.1f' },
              { field: 'text', title: 'of the offered rate' },
            ],
          },
        },
        {
          data: { values: totals },
          mark: { type: 'text', align: 'left', dx: 6, fontWeight: 600 },
          encoding: {
            y,
            x: { field: 'value', type: 'quantitative', scale },
            text: { field: 'text', type: 'nominal' },
          },
        },
        {
          data: { values: offered === null ? [] : [{ offered }] },
          mark: { type: 'rule', strokeDash: [4, 3], color: 'var(--fg)' },
          encoding: { x: { field: 'offered', type: 'quantitative', scale } },
        },
      ],
    },
  };
}
