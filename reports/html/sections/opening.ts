/** What a reader sees first: the answer, what to know before the numbers, and the numbers in one table. */

import { isThin } from '../../findings.ts';
import {
  absent,
  counted,
  formatCount,
  formatMiB,
  formatMicros,
  formatMs,
  formatRatio,
  orAbsent,
  sumOf,
} from '../../format.ts';
import type { Finding } from '../../schema/summary.ts';
import { servingCpu } from '../../summary.ts';
import { tallyOf } from '../../table.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model, StrategyView } from '../model.ts';
import { dataTable, named, numberColumn, section, textColumn } from '../parts.ts';

export function masthead({ summary, run }: Model): Markup {
  const { scenario, plan } = run.record;
  const when = summary.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const wrong = summary.strategies.some(({ violations }) => sumOf(violations) > 0);
  return html`<header>
<p class="kicker">session-bench <span>run ${summary.runId}</span></p>
<h1${wrong ? html` class="wrong"` : ''}>${summary.answer}</h1>
<p class="facts">${summary.scenario}: ${scenario.title} · ${run.record.capacity ? `trials` : counted(plan.blocks, 'block')} of ${counted(plan.measureSeconds, 'second')} · ${summary.host.cores} cores, ${summary.host.cpuModel} · ${summary.runtime} · <time datetime="${summary.startedAt}">${when}</time>${summary.status === 'finished' ? '' : html` · <strong>${summary.status}</strong>`}</p>
</header>\n`;
}

const severityNames: Readonly<Record<Finding['severity'], string>> = {
  alarm: 'Wrong answers',
  warning: 'Warning',
  note: 'Note',
};

export function findingsSection({ summary }: Model): Markup {
  const items = summary.findings.map(
    ({ severity, message, remedy }) =>
      html`<li class="finding ${severity}"><strong>${severityNames[severity]}</strong><div><p>${message}</p>${remedy ? html`<p class="remedy">${remedy}</p>` : ''}</div></li>\n`,
  );
  const content =
    items.length > 0
      ? html`<ul class="findings">${items}</ul>`
      : html`<p>Nothing out of the ordinary: every trial is valid, every answer was right, and all counts agree.</p>`;
  return section('findings', 'Read this first', content);
}

export function overviewSection(model: Model): Markup {
  const least = Math.min(
    ...model.measured.map(
      ({ summary }) => servingCpu(summary.cpuMicrosPerRequest) ?? Number.POSITIVE_INFINITY,
    ),
  );
  const columns = [
    textColumn('Strategy'),
    numberColumn(html`CPU per request <small>µs</small>`),
    numberColumn(html`× least`),
    numberColumn(html`Read p50 <small>ms</small>`),
    numberColumn(html`Read p99 <small>ms</small>`),
    numberColumn(html`Memory app <small>MiB</small>`),
    numberColumn(html`Memory store <small>MiB</small>`),
    numberColumn('Wrong answers'),
    numberColumn('Errors'),
    numberColumn('Valid trials'),
  ];
  return section(
    'overview',
    model.run.record.capacity ? 'At the highest rate that kept the promise' : 'All strategies',
    dataTable(
      'All strategies',
      columns,
      model.strategies.map((strategy) => overviewRow(strategy, least)),
    ),
    html`<p class="hint">${model.run.record.capacity ? 'Each strategy at its own rate, which loads the faster ones more; only CPU time and memory can be set side by side.' : 'Least CPU time first.'} CPU time is of balancer, app and store together; percentiles come from the merged histograms of all valid trials and count from the intended start of each read.</p>`,
    notMeasured(model),
  );
}

function overviewRow(strategy: StrategyView, least: number): Child[] {
  const { summary } = strategy;
  const { read } = summary.operations;
  const cpu = servingCpu(summary.cpuMicrosPerRequest);
  const at = (milliseconds: number, percentile: number): string =>
    `${read && isThin(read.count, percentile) ? '~' : ''}${formatMs(milliseconds)}`;
  const status =
    summary.status === 'valid'
      ? ''
      : html` <span class="status">${summary.status === 'invalid' ? 'no valid trial' : 'not measured'}</span>`;
  return [
    html`${named(strategy)}${status}`,
    cpu === null ? absent : html`<b>${formatMicros(cpu)}</b>`,
    cpu === null || !(least > 0) ? absent : formatRatio(cpu / least),
    read ? at(read.p50Ms, 50) : absent,
    read ? at(read.p99Ms, 99) : absent,
    orAbsent(summary.memoryBytes.app, formatMiB),
    orAbsent(summary.memoryBytes.store, formatMiB),
    tally(strategy, summary.violations),
    tally(strategy, summary.errors),
    summary.status === 'not-measured'
      ? absent
      : `${formatCount(summary.trials.valid)} of ${formatCount(summary.trials.valid + summary.trials.invalid)}`,
  ];
}

function tally({ summary }: StrategyView, classes: Readonly<Record<string, number>>): Child {
  const text = tallyOf(summary, classes);
  return sumOf(classes) > 0 ? html`<b class="bad">${text}</b>` : text;
}

function notMeasured({ strategies }: Model): Child {
  const missing = strategies.filter(({ summary }) => summary.status === 'not-measured');
  if (missing.length === 0) return null;
  return html`<h3>Not measured</h3><ul>${missing.map(
    ({ label, summary }) =>
      html`<li><b>${label}</b>: ${summary.reasons.map(({ message, remedy }) => html`${message}. <em>${remedy}</em> `)}</li>`,
  )}</ul>`;
}
