/** The single trials: how far they lie apart, each second of them, and the validity of each. */

import type { ReadTrial } from '../../../record/read/trials.ts';
import type { TrialSummary } from '../../../record/summary.ts';
import { appRequests, servingCpu } from '../../summary.ts';
import { absent, formatCount, formatMicros, formatMs, formatShare, orAbsent } from '../../words/format.ts';
import { outcomeLooks } from '../charts/capacity.ts';
import type { Chart } from '../charts/chart.ts';
import { secondsOf } from '../charts/timeline.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model } from '../model.ts';
import { behind, dataTable, named, numberColumn, type Plots, panels, section, textColumn } from '../parts.ts';

export function spreadSection(model: Model, charts: readonly Chart[], plots: Plots): Markup | null {
  if (charts.length === 0) return null;
  return section(
    'spread',
    'Single trials behind the numbers',
    html`<p>A mark for each valid trial, a line at the median. The comparisons are made of these, paired by block, and not of requests or seconds.</p>`,
    panels(charts, plots, 'wide'),
    behind('Numbers behind these charts', spreadTable(model)),
  );
}

function spreadTable({ summary, strategies }: Model): Markup {
  const columns = [
    textColumn('Trial'),
    textColumn('Strategy'),
    ...['Block', 'CPU µs', 'Read p50 ms', 'Write p50 ms', 'Read p99 ms'].map(numberColumn),
  ];
  const rows = summary.trials
    .filter(({ status }) => status === 'valid')
    .map((trial) => [
      String(trial.number),
      strategies.find((each) => each.summary.name === trial.strategy)?.label ?? trial.strategy,
      orAbsent(trial.block, formatCount),
      orAbsent(servingCpu(trial.cpuMicrosPerRequest), formatMicros),
      orAbsent(trial.readP50Ms, formatMs),
      orAbsent(trial.writeP50Ms, formatMs),
      orAbsent(trial.readP99Ms, formatMs),
    ]);
  return dataTable('Valid trials', columns, rows);
}

export function timelineSection(model: Model, charts: readonly Chart[], plots: Plots): Markup | null {
  if (charts.length === 0) return null;
  const of = (kind: string): Chart[] => charts.filter(({ id }) => id.startsWith(kind));
  return section(
    'timeline',
    'Second by second',
    html`<p>One line for each valid trial. The shaded seconds before 0 are warm-up and in no number. A cross marks a second with wrong answers or errors; where trials are long, a point stands for several seconds.</p>
<h3>p99 of all operations, ms</h3>`,
    panels(of('p99-'), plots),
    html`<h3>Requests per second</h3>`,
    panels(of('rate-'), plots),
    behind('Numbers behind these charts (seconds below 0 are warm-up)', timelineTable(model)),
  );
}

/** More rows than a person reads; the run's folder has them all. */
const mostRows = 250;

function timelineTable(model: Model): Markup {
  const all = model.measured.flatMap((strategy) =>
    secondsOf(model, strategy).map((each) => ({ strategy, ...each })),
  );
  const columns = [
    textColumn('Strategy'),
    ...['Trial', 'Second', 'p99 ms', 'Requests/s', 'Errors', 'Wrong answers'].map(numberColumn),
  ];
  const rows = all
    .slice(0, mostRows)
    .map(({ strategy, trial, second, p99Ms, rate, errors, violations }) => [
      strategy.label,
      String(trial),
      String(second),
      formatMs(p99Ms),
      formatCount(rate),
      formatCount(errors),
      formatCount(violations),
    ]);
  const rest =
    all.length > mostRows
      ? html`<p class="hint">The first ${mostRows} of ${formatCount(all.length)} rows; all are in histograms.jsonl of each trial.</p>`
      : null;
  return html`${dataTable('Each second of each valid trial', columns, rows)}${rest}`;
}

export function everyTrialSection(model: Model): Markup {
  const columns = [
    textColumn('Trial'),
    textColumn('Strategy'),
    numberColumn('Block'),
    textColumn('Validity'),
    numberColumn('Offered /s'),
    numberColumn('Achieved /s'),
    numberColumn('Generator late p99 µs'),
    numberColumn('Generator CPU'),
    numberColumn('Host steal'),
    numberColumn('Other processes'),
    numberColumn('Requests: generator'),
    numberColumn('balancer'),
    numberColumn('apps'),
  ];
  const rows = model.run.trials.map((trial, i) => trialRow(model, trial, model.summary.trials[i]));
  if (rows.length === 0) return section('trials', 'Every trial', html`<p>No trial was begun.</p>`);
  return section(
    'trials',
    'Every trial',
    html`<p>In the order of measuring. An invalid trial is kept and shown here, and stands behind no number above; the rates and counts in its row are evidence, not results.</p>`,
    dataTable('Every trial in the order of measuring', columns, rows),
    behind('Time spent in each trial', timings(model)),
  );
}

function trialRow({ strategies }: Model, trial: ReadTrial, summary: TrialSummary | undefined): Child[] {
  const strategy = strategies.find((each) => each.summary.name === trial.strategy);
  const record = trial.kind === 'valid' || trial.kind === 'invalid' ? trial : null;
  const head = [
    String(trial.number),
    strategy ? named(strategy) : trial.strategy,
    orAbsent(summary?.block, formatCount),
    validity(trial, summary),
  ];
  if (!record) return [...head, ...Array.from({ length: 9 }, () => absent)];
  const { offeredRate, achievedRate, pacing, stealShare, foreignShare, requests } = record.record;
  return [
    ...head,
    formatCount(offeredRate),
    formatCount(achievedRate),
    formatMicros(pacing.lagP99Micros),
    formatShare(pacing.generatorCpuShare),
    orAbsent(stealShare, formatShare),
    orAbsent(foreignShare, formatShare),
    formatCount(requests.generator),
    orAbsent(requests.balancer, formatCount),
    orAbsent(appRequests(record), formatCount),
  ];
}

function validity(trial: ReadTrial, summary: TrialSummary | undefined): Child {
  const reasons = summary?.reasons ?? [];
  const warnings = summary?.warnings ?? [];
  const state =
    trial.kind === 'valid'
      ? html`<span class="ok">valid</span>`
      : html`<span class="bad">${trial.kind}</span>`;
  const said = summary?.promise ? html` · ${outcomeLooks[summary.promise.outcome].label}` : null;
  if (reasons.length + warnings.length === 0) return html`${state}${said}`;
  const listed = [...reasons, ...warnings].map(
    ({ code, message, remedy }) => html`<li><code>${code}</code> ${message} <em>${remedy}</em></li>`,
  );
  return html`${state}${said}<ul class="reasons">${listed}</ul>`;
}

/** Seconds of each step; trials that were cut short have fewer steps. */
function timings({ run }: Model): Markup {
  const records = run.trials.flatMap((trial) =>
    trial.kind === 'valid' || trial.kind === 'invalid' ? [trial.record] : [],
  );
  const steps = [...new Set(records.flatMap((record) => Object.keys(record.timings)))];
  const columns = [
    textColumn('Trial'),
    textColumn('Began'),
    ...steps.map((step) => numberColumn(html`${step} <small>s</small>`)),
  ];
  const rows = records.map((record) => [
    `${record.number} ${record.strategy}`,
    record.startedAt,
    ...steps.map((step) =>
      orAbsent(record.timings[step], (milliseconds) => (milliseconds / 1000).toFixed(2)),
    ),
  ]);
  return dataTable('Time spent in each trial', columns, rows);
}
