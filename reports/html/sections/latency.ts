import { isThin } from '../../findings.ts';
import { formatCount, formatMs } from '../../words/format.ts';
import type { Chart } from '../charts/chart.ts';
import { operationsShown } from '../charts/latency.ts';
import { html, type Markup } from '../markup.ts';
import type { Model } from '../model.ts';
import { behind, dataTable, named, numberColumn, type Plots, panels, section, textColumn } from '../parts.ts';

export function latencySection(model: Model, charts: readonly Chart[], plots: Plots): Markup {
  if (charts.length === 0)
    return section(
      'latency',
      'Latency',
      html`<p>No strategy has a valid trial, so there is no latency to show.</p>`,
    );
  const shared = model.summary.placement.shared
    ? ' Tiers shared cores here, so the right of each curve includes waiting for a core.'
    : '';
  return section(
    'latency',
    'Latency by percentile',
    html`<p>How long the given share of requests took at most, in ms on a logarithmic axis, counted from the moment each request should have started, so that a stall shows in full. Lower is better; a curve that climbs to the right has a slow tail.${shared}</p>
<p class="scripted"><label><input type="checkbox" id="service-time"> Also draw service time (dotted): counted from the first byte sent, which hides waiting</label></p>`,
    panels(charts, plots),
    behind('Numbers behind these charts, with service time', table(model)),
  );
}

function table(model: Model): Markup {
  const columns = [
    textColumn('Strategy'),
    textColumn('Operation'),
    numberColumn('Requests'),
    ...['p50', 'p90', 'p99', 'p99.9', 'max'].map((name) => numberColumn(name)),
    ...['p50', 'p99', 'p99.9'].map((name) => numberColumn(html`service ${name}`)),
  ];
  const rows = operationsShown(model).flatMap((name) =>
    model.measured.flatMap((strategy) => {
      const found = strategy.summary.operations[name];
      if (!found) return [];
      const at = (milliseconds: number, percentile: number): string =>
        `${isThin(found.count, percentile) ? '~' : ''}${formatMs(milliseconds)}`;
      return [
        [
          named(strategy),
          name,
          formatCount(found.count),
          at(found.p50Ms, 50),
          at(found.p90Ms, 90),
          at(found.p99Ms, 99),
          at(found.p999Ms, 99.9),
          formatMs(found.maxMs),
          at(found.serviceP50Ms, 50),
          at(found.serviceP99Ms, 99),
          at(found.serviceP999Ms, 99.9),
        ],
      ];
    }),
  );
  return html`${dataTable('Latency in ms by operation and strategy', columns, rows)}<p class="hint">In ms. ~ marks a percentile with fewer than ten slower requests behind it.</p>`;
}
