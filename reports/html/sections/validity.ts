/** May the numbers be believed? Each condition of a valid trial, how near the run came to its limit, and what it cost. */

import type { TrialRecord } from '../../../record/trial.ts';
import { validityLimits } from '../../../record/validity-limits.ts';
import { absent, counted, formatCount, formatMs, formatShare } from '../../words/format.ts';
import type { Chart } from '../charts/chart.ts';
import { type Standing, standingLook, standingNames, standingOf } from '../charts/validity.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Model } from '../model.ts';
import { behind, dataTable, named, numberColumn, type Plots, panels, section, textColumn } from '../parts.ts';

interface Condition {
  readonly what: string;
  /** Reasons of trials that broke it. */
  readonly codes: readonly string[];
  readonly limit: string;
  /** How near a trial came; null where nothing was read. */
  readonly value?: (record: TrialRecord) => number | null;
  readonly format?: (value: number) => string;
}

const lag = (micros: number): string => `${formatMs(micros / 1000)} ms`;

const conditions: readonly Condition[] = [
  {
    what: 'The generator has CPU to spare',
    codes: ['generator-cpu'],
    limit: `at most ${formatShare(validityLimits.generatorCpuShare)} of its core`,
    value: ({ pacing }) => pacing.generatorCpuShare,
    format: formatShare,
  },
  {
    what: 'It sends on time (p99 of its own lateness)',
    codes: ['generator-late'],
    limit: `at most ${lag(validityLimits.lagP99Micros)}`,
    value: ({ pacing }) => pacing.lagP99Micros,
    format: lag,
  },
  {
    what: 'It drops no arrival',
    codes: ['generator-dropped'],
    limit: 'none dropped',
    value: ({ pacing }) => pacing.dropped,
    format: formatCount,
  },
  {
    what: 'The hypervisor takes no CPU time away',
    codes: ['host-steal'],
    limit: `at most ${formatShare(validityLimits.stealShare)}`,
    value: ({ stealShare }) => stealShare,
    format: formatShare,
  },
  {
    what: 'Other processes leave the machine alone',
    codes: ['host-busy'],
    limit: `at most ${formatShare(validityLimits.foreignShare)} of its CPU time`,
    value: ({ foreignShare }) => foreignShare,
    format: formatShare,
  },
  {
    what: 'Generator, balancer and apps count the same requests',
    codes: ['counts-differ', 'counts-unknown'],
    limit: 'no difference',
    value: ({ requests: { generator, balancer, apps } }) =>
      balancer === null || apps === null
        ? null
        : Math.max(
            Math.abs(generator - balancer),
            Math.abs(generator - apps.reduce((sum, each) => sum + each, 0)),
          ),
    format: formatCount,
  },
  { what: 'Every server lives', codes: ['server-died', 'generator-failed'], limit: 'none ends' },
];
const covered = new Set(conditions.flatMap(({ codes }) => codes));

export function validitySection(model: Model, charts: readonly Chart[], plots: Plots): Markup | null {
  const { trials } = model.summary;
  if (trials.length === 0) return null;
  const valid = trials.filter(({ status }) => status === 'valid').length;
  return section(
    'validity',
    'Validity',
    html`<p><b>${formatCount(valid)}</b> of ${counted(trials.length, 'trial')} ${valid === 1 ? 'is' : 'are'} valid.${valid < trials.length ? ' The others stand behind no number above, whatever they showed; why is told at each trial below.' : ''}</p>`,
    charts.length > 0
      ? html`<ul class="key" aria-label="Trials">${standingNames.map(
          (name) => html`<li>${standingMark(name)} ${meanings[name]}</li>`,
        )}</ul>${panels(charts, plots, 'wide')}${behind('Numbers behind this chart', standingTable(model))}`
      : null,
    conditionsTable(model),
  );
}

const meanings: Readonly<Record<Standing, string>> = {
  valid: 'valid',
  'left out': 'invalid, left out',
  'not whole': 'unfinished or damaged, left out',
};

function standingMark(name: Standing): Markup {
  const { colour, path } = standingLook(name);
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${path}" fill="${colour}"/></svg>`;
}

function standingTable({ summary, strategies }: Model): Markup {
  const rows = strategies.map((strategy) => {
    const own = summary.trials.filter((trial) => trial.strategy === strategy.summary.name);
    const blocks = (standing: Standing): string =>
      own
        .filter((trial) => standingOf(trial) === standing)
        .map(({ block }) => (block === null ? '?' : String(block)))
        .join(', ') || 'none';
    return [named(strategy), ...standingNames.map(blocks)];
  });
  const columns = standingNames.map((name) => textColumn(`Blocks with a trial that is ${meanings[name]}`));
  return dataTable('Trials by strategy and block', [textColumn('Strategy'), ...columns], rows);
}

function conditionsTable(model: Model): Markup {
  const rows = conditions.map((condition) => [
    condition.what,
    condition.limit,
    worstOf(model, condition),
    leftOut(
      model.summary.trials.filter(({ reasons }) => reasons.some(({ code }) => condition.codes.includes(code)))
        .length,
    ),
  ]);
  const others = model.summary.trials.filter(
    ({ status, reasons }) => status !== 'valid' && reasons.every(({ code }) => !covered.has(code)),
  ).length;
  return html`${dataTable(
    'Conditions of a valid trial',
    [
      textColumn('Condition'),
      textColumn('Limit'),
      numberColumn('Worst of the valid trials'),
      numberColumn('Trials left out for it'),
    ],
    others === 0 ? rows : [...rows, ['Other reasons, see each trial', absent, absent, leftOut(others)]],
  )}<p class="hint">Limits of this version of session-bench; a trial was judged when it was measured. A strategy that answered less than ${formatShare(validityLimits.achievedShare)} of the offered rate is marked as overloaded and stays valid: that is a result.</p>`;
}

const leftOut = (count: number): Child =>
  count === 0 ? '0' : html`<b class="bad">${formatCount(count)}</b>`;

function worstOf({ run }: Model, { value, format }: Condition): Child {
  if (!value || !format) return absent;
  let worst: { readonly value: number; readonly number: number } | null = null;
  for (const trial of run.trials) {
    const found = trial.kind === 'valid' ? value(trial.record) : null;
    if (found !== null && (worst === null || found > worst.value))
      worst = { value: found, number: trial.number };
  }
  if (worst === null) return absent;
  return worst.value === 0 ? format(0) : html`${format(worst.value)} <small>trial ${worst.number}</small>`;
}
