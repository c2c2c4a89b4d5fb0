import { servingCpu } from '../../summary.ts';
import { formatCount, formatMiB, formatMicros, formatReached, orAbsent } from '../../words/format.ts';
import type { Chart } from '../charts/chart.ts';
import { servingTiers } from '../charts/resources.ts';
import { html, type Markup } from '../markup.ts';
import type { Model } from '../model.ts';
import {
  behind,
  dataTable,
  named,
  numberColumn,
  type Plots,
  panels,
  section,
  textColumn,
  tierKey,
} from '../parts.ts';

export function resourcesSection(model: Model, charts: readonly Chart[], plots: Plots): Markup | null {
  if (charts.length === 0) return null;
  return section(
    'resources',
    'CPU, memory and throughput',
    html`<p>Mean CPU time of the tier's whole process trees for each request, over valid trials; median memory (proportional set size) at their ends; and how much of the offered rate was answered. The dashed line is the offered rate.</p>`,
    tierKey(servingTiers),
    panels(charts, plots),
    behind('Numbers behind these charts', table(model)),
  );
}

function table({ measured }: Model): Markup {
  const columns = [
    textColumn('Strategy'),
    ...['CPU balancer µs', 'app µs', 'store µs', 'sum µs', 'generator µs'].map(numberColumn),
    ...['Memory app MiB', 'store MiB', 'Offered /s', 'Achieved /s', 'Achieved'].map(numberColumn),
  ];
  const rows = measured.map((strategy) => {
    const { cpuMicrosPerRequest: cpu, memoryBytes, offeredRate, achievedRate } = strategy.summary;
    return [
      named(strategy),
      orAbsent(cpu.balancer, formatMicros),
      orAbsent(cpu.app, formatMicros),
      orAbsent(cpu.store, formatMicros),
      orAbsent(servingCpu(cpu), formatMicros),
      orAbsent(cpu.generator, formatMicros),
      orAbsent(memoryBytes.app, formatMiB),
      orAbsent(memoryBytes.store, formatMiB),
      orAbsent(offeredRate, formatCount),
      orAbsent(achievedRate, formatCount),
      orAbsent(offeredRate && achievedRate !== null ? achievedRate / offeredRate : null, formatReached),
    ];
  });
  return html`${dataTable('CPU time, memory and throughput', columns, rows)}<p class="hint">The generator's own CPU time is not part of the sum.</p>`;
}
