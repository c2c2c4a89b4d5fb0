/** What a reader sees first: the answer, what to know before the numbers, and the numbers in one table. */

import type { Metric } from '../../../record/metrics.ts';
import type { Finding } from '../../../record/reasons.ts';
import { isThin } from '../../findings.ts';
import { servingCpu } from '../../summary.ts';
import { tallyOf } from '../../table.ts';
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
} from '../../words/format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model, StrategyView } from '../model.ts';
import { dataTable, named, numberColumn, section, textColumn } from '../parts.ts';

/** A number and its unit stay on one line. */
const unbroken = (text: string): string => text.replace(/(\d) (%|µs|ms)(?!\w)/g, '$1\u00a0$2');

export function masthead({ summary, run }: Model): Markup {
  const { scenario, plan, design } = run.record;
  const when = summary.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const wrong = summary.strategies.some(({ violations }) => sumOf(violations) > 0);
  return html`<header>
<p class="kicker">session-bench <span>run ${summary.runId}</span></p>
<h1${wrong ? html` class="wrong"` : ''}>${unbroken(summary.answer)}</h1>
<p class="facts">${summary.scenario}: ${scenario.title} · ${design.kind === 'search' ? 'trials' : counted(design.blocks, 'block')} of ${counted(plan.measureSeconds, 'second')} · ${summary.host.cores} cores, ${summary.host.cpuModel} · ${summary.runtime} · <time datetime="${summary.startedAt}">${when}</time>${summary.status === 'finished' ? '' : html` · <strong>${summary.status}</strong>`}</p>
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
    model.summary.design.kind === 'search' ? 'At the highest rate that kept the promise' : 'All strategies',
    dataTable(
      'All strategies',
      columns,
      model.strategies.map((strategy) => overviewRow(model, strategy, least)),
    ),
    html`<p class="hint">${model.summary.design.kind === 'search' ? 'Each strategy at its own rate, which loads the faster ones more; only CPU time and memory can be set side by side.' : 'Least CPU time first.'} CPU time is of balancer, app and store together; percentiles come from the merged histograms of all valid trials and count from the intended start of each read.${lettersHint(model)}</p>`,
    notMeasured(model),
  );
}

const lettersHint = ({ summary }: Model): string =>
  summary.rankings.some(({ allTied }) => !allTied)
    ? ' Strategies that share a letter in a column are not told apart by this run.'
    : '';

/** Letters of the ranking beside a number; none where nothing is separated, since one letter for all says nothing. */
function letters({ summary }: Model, strategy: StrategyView, metric: Metric): Child {
  const ranking = summary.rankings.find((each) => each.metric === metric);
  const found = ranking?.ranked.find((each) => each.strategy === strategy.summary.name);
  return !ranking || ranking.allTied || !found ? null : html` <span class="letters">${found.letters}</span>`;
}

function overviewRow(model: Model, strategy: StrategyView, least: number): Child[] {
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
    cpu === null ? absent : html`<b>${formatMicros(cpu)}</b>${letters(model, strategy, 'cpuPerRequest')}`,
    cpu === null || !(least > 0) ? absent : formatRatio(cpu / least),
    read ? html`${at(read.p50Ms, 50)}${letters(model, strategy, 'read.p50')}` : absent,
    read ? html`${at(read.p99Ms, 99)}${letters(model, strategy, 'read.p99')}` : absent,
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
