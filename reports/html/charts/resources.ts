/** CPU time, memory and throughput: one bar for each strategy. */
import { rateOf } from '../../design.ts';
import { servingCpu } from '../../summary.ts';
import { formatCount, formatMiB, formatMicros, formatReached } from '../../words/format.ts';
import type { Model, StrategyView } from '../model.ts';
import { type Chart, mutedParam, panelWidth, theme } from './chart.ts';

/** Tiers that serve a request, in the order that a request meets them. */
export const servingTiers = ['balancer', 'app', 'store'] as const;
type ServingTier = (typeof servingTiers)[number];

interface Part {
  readonly strategy: string;
  readonly tier: ServingTier;
  /** Position in the stack. */
  readonly position: number;
  readonly value: number;
}

interface Total {
  readonly strategy: string;
  readonly value: number;
  readonly text: string;
}

export function resourceCharts(model: Model): Chart[] {
  if (model.measured.length === 0) return [];
  return [cpuChart(model), memoryChart(model), throughputChart(model)];
}

const labelsOf = (strategies: readonly StrategyView[]): string[] => strategies.map(({ label }) => label);

function cpuChart({ measured }: Model): Chart {
  const parts = partsOf(measured, (strategy, tier) => strategy.summary.cpuMicrosPerRequest[tier]);
  const totals = measured.flatMap(({ label, summary }): Total[] => {
    const cpu = servingCpu(summary.cpuMicrosPerRequest);
    return cpu === null ? [] : [{ strategy: label, value: cpu, text: formatMicros(cpu) }];
  });
  return {
    id: 'cpu',
    heading: 'CPU time per request, µs',
    description: `CPU time per request by tier, in microseconds. ${sentence(totals, 'µs')}`,
    spec: stacked(measured, parts, totals, 'µs'),
  };
}

function memoryChart({ measured }: Model): Chart {
  const mebibytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / 2 ** 20);
  const parts = partsOf(measured, ({ summary }, tier) =>
    tier === 'balancer' ? null : mebibytes(summary.memoryBytes[tier]),
  );
  const totals = measured.flatMap(({ label, summary }): Total[] => {
    const { app, store } = summary.memoryBytes;
    const bytes = app === null ? null : app + (store ?? 0);
    return bytes === null ? [] : [{ strategy: label, value: bytes / 2 ** 20, text: formatMiB(bytes) }];
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

function partsOf(
  strategies: readonly StrategyView[],
  value: (strategy: StrategyView, tier: ServingTier) => number | null,
): Part[] {
  return strategies.flatMap((strategy) =>
    servingTiers.flatMap((tier, position) => {
      const found = value(strategy, tier);
      return found === null ? [] : [{ strategy: strategy.label, tier, position, value: found }];
    }),
  );
}

const heightOf = (strategies: readonly StrategyView[]): number => 44 + strategies.length * 28;

const strategyAxis = (strategies: readonly StrategyView[]) => ({
  field: 'strategy',
  type: 'nominal' as const,
  sort: labelsOf(strategies),
  axis: {
    title: null,
    ticks: false,
    domain: false,
    labelColor: 'var(--fg)',
    labelFontSize: 12,
    labelLimit: 0,
  },
  scale: { paddingInner: 0.3, paddingOuter: 0.15 },
});

function stacked(
  strategies: readonly StrategyView[],
  parts: readonly Part[],
  totals: readonly Total[],
  unit: string,
): Chart['spec'] {
  const most = totals.reduce((high, { value }) => Math.max(high, value), 0);
  // Room to the right of the longest bar for its number.
  const scale = { domain: [0, (most || 1) * 1.18], nice: false };
  return {
    width: panelWidth,
    height: heightOf(strategies),
    autosize: { type: 'fit', contains: 'padding' },
    config: theme,
    params: [mutedParam],
    encoding: { y: strategyAxis(strategies) },
    layer: [
      {
        data: { values: [...parts] },
        mark: { type: 'bar', stroke: 'var(--panel)', strokeWidth: 1 },
        encoding: {
          x: {
            field: 'value',
            type: 'quantitative',
            stack: 'zero',
            scale,
            axis: { title: null, tickCount: 4, format: ',~f' },
          },
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

function throughputChart({ measured, summary }: Model): Chart {
  const offered = rateOf(summary.design)?.value ?? null;
  const totals = measured.flatMap(({ label, summary: { achievedRate, offeredRate } }): Total[] => {
    if (achievedRate === null) return [];
    const text = offeredRate ? formatReached(achievedRate / offeredRate) : formatCount(achievedRate);
    return [{ strategy: label, value: achievedRate, text }];
  });
  const most = Math.max(offered ?? 0, ...totals.map(({ value }) => value));
  const scale = { domain: [0, (most || 1) * 1.3], nice: false };
  return {
    id: 'throughput',
    heading: 'Achieved of the offered rate, requests/s',
    description: `Requests answered per second${offered ? `, of ${formatCount(offered)} offered` : ''}. ${sentence(totals, '')}`,
    spec: {
      width: panelWidth,
      height: heightOf(measured),
      autosize: { type: 'fit', contains: 'padding' },
      config: theme,
      params: [mutedParam],
      layer: [
        {
          data: { values: totals },
          mark: { type: 'bar', color: 'var(--tier-app)' },
          encoding: {
            y: strategyAxis(measured),
            x: {
              field: 'value',
              type: 'quantitative',
              scale,
              axis: { title: null, tickCount: 4, format: ',~f' },
            },
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
            y: strategyAxis(measured),
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
