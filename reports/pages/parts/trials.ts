/** Every trial in the order of measuring, with its validity. */
import type { ReadTrial } from '../../../record/read/trials.ts';
import type { TrialSummary } from '../../../record/summary.ts';
import {
  bad,
  code,
  details,
  emphasis,
  good,
  items,
  numbers,
  paragraph,
  section,
  table,
  words,
} from '../../document/build.ts';
import type { Section, Table, Text } from '../../document/document.ts';
import { appRequests } from '../../facts/counts.ts';
import { absent, formatCount, formatMicros, formatShare, orAbsent } from '../../words/format.ts';
import { outcomes } from '../charts/capacity.ts';
import { shownAs, type View } from '../view.ts';

const columns = [
  words('Trial'),
  words('Strategy'),
  numbers('Block'),
  words('Validity'),
  numbers('Offered', { unit: '/s' }),
  numbers('Achieved', { unit: '/s' }),
  numbers('Generator late p99', { unit: 'µs' }),
  ...['Generator CPU', 'Host steal', 'Other processes', 'Requests: generator', 'balancer', 'apps'].map(
    (name) => numbers(name),
  ),
];
const identifying = 4;

export function trialsPart(view: View): Section {
  const { run, trials } = view.facts;
  const rows = trials.flatMap((summary, i) => {
    const trial = run.trials[i];
    return trial ? [row(view, trial, summary)] : [];
  });
  if (rows.length === 0) return section('trials', 'Every trial', 'page', paragraph('No trial was begun.'));
  return section(
    'trials',
    'Every trial',
    'page',
    paragraph(
      'In the order of measuring. An invalid trial is kept and shown here, and stands behind no number above; the rates and counts in its row are evidence, not results.',
    ),
    table('Every trial in the order of measuring', columns, rows),
    details('Time spent in each trial', timings(view)),
  );
}

function row(view: View, trial: ReadTrial, summary: TrialSummary): Text[] {
  const head = [
    String(trial.number),
    shownAs(view, trial.strategy),
    orAbsent(summary.block, formatCount),
    validityOf(summary),
  ];
  if (trial.kind !== 'valid' && trial.kind !== 'invalid')
    return [...head, ...columns.slice(identifying).map(() => absent)];
  const { offeredRate, achievedRate, pacing, stealShare, foreignShare, requests } = trial.record;
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
    orAbsent(appRequests(trial.record), formatCount),
  ];
}

function validityOf({ status, promise, reasons, warnings }: TrialSummary): Text {
  const state = status === 'valid' ? good('valid') : bad(status);
  const said = promise === null ? '' : ` · ${outcomes[promise.outcome].label}`;
  const why = [...reasons, ...warnings].map(
    (each): Text => [code(each.code), ` ${each.message} `, emphasis(each.remedy)],
  );
  return why.length === 0 ? [state, said] : [state, said, ' ', items(why)];
}

/** Seconds of each step; trials that were cut short have fewer steps. */
function timings({ facts }: View): Table {
  const records = facts.run.trials.flatMap((trial) =>
    trial.kind === 'valid' || trial.kind === 'invalid' ? [trial.record] : [],
  );
  const steps = [...new Set(records.flatMap((record) => Object.keys(record.timings)))];
  const rows = records.map(({ number, strategy, startedAt, timings: spent }): Text[] => [
    `${number} ${strategy}`,
    startedAt,
    ...steps.map((step) => orAbsent(spent[step], (milliseconds) => (milliseconds / 1000).toFixed(2))),
  ]);
  return table(
    'Time spent in each trial',
    [words('Trial'), words('Began'), ...steps.map((step) => numbers(step, { unit: 's' }))],
    rows,
  );
}
