/** Every trial in the order of measuring, with its validity. */
import type { ReadTrial } from '../../../record/read/trials.ts';
import { asSentenceEnd } from '../../../record/sentence.ts';
import type { TrialSummary } from '../../../record/summary.ts';
import type { TrialRecord } from '../../../record/trial.ts';
import {
  bad,
  code,
  details,
  emphasis,
  type Field,
  good,
  items,
  numbers,
  paragraph,
  section,
  tableOf,
  words,
} from '../../document/build.ts';
import type { Section, Table, Text } from '../../document/document.ts';
import { appRequests } from '../../facts/counts.ts';
import { formatCount, formatMicros, formatShare, orAbsent } from '../../words/format.ts';
import { outcomes } from '../charts/capacity.ts';
import { shownAs, type View } from '../view.ts';

interface Row {
  readonly summary: TrialSummary;
  /** Null where the trial did not end, or cannot be read. */
  readonly record: TrialRecord | null;
}

const recordOf = (trial: ReadTrial | undefined): TrialRecord | null =>
  trial && (trial.kind === 'valid' || trial.kind === 'invalid') ? trial.record : null;

export function trialsPart(view: View): Section {
  const { run, trials } = view.facts;
  const rows = trials.map((summary, i): Row => ({ summary, record: recordOf(run.trials[i]) }));
  if (rows.length === 0) return section('trials', 'Every trial', 'page', paragraph('No trial was begun.'));
  return section(
    'trials',
    'Every trial',
    'page',
    paragraph(
      'In the order of measuring. An invalid trial is kept and shown here, and stands behind no number above; the rates and counts in its row are evidence, not results.',
    ),
    tableOf('Every trial in the order of measuring', rows, [
      [words('Trial'), ({ summary }) => String(summary.number)],
      [words('Strategy'), ({ summary }) => shownAs(view, summary.strategy)],
      [numbers('Block'), ({ summary }) => orAbsent(summary.block, formatCount)],
      [words('Validity'), ({ summary }) => validityOf(summary)],
      evidence('Offered', ({ offeredRate }) => offeredRate, formatCount, '/s'),
      evidence('Achieved', ({ achievedRate }) => achievedRate, formatCount, '/s'),
      evidence('Generator late p99', ({ pacing }) => pacing.lagP99Micros, formatMicros, 'µs'),
      evidence('Generator CPU', ({ pacing }) => pacing.generatorCpuShare, formatShare),
      evidence('Host steal', ({ stealShare }) => stealShare, formatShare),
      evidence('Other processes', ({ foreignShare }) => foreignShare, formatShare),
      evidence('Requests: generator', ({ requests }) => requests.generator, formatCount),
      evidence('balancer', ({ requests }) => requests.balancer, formatCount),
      evidence('apps', appRequests, formatCount),
    ]),
    details('Time spent in each trial', timings(view)),
  );
}

const evidence = (
  name: string,
  value: (record: TrialRecord) => number | null,
  format: (value: number) => string,
  unit = '',
): Field<Row> => [numbers(name, { unit }), ({ record }) => orAbsent(record && value(record), format)];

function validityOf({ status, promise, reasons, warnings }: TrialSummary): Text {
  const state = status === 'valid' ? good('valid') : bad(status);
  const said = promise === null ? '' : ` · ${outcomes[promise.outcome].label}`;
  const why = [...reasons, ...warnings].map(
    (each): Text => [code(each.code), ` ${asSentenceEnd(each.message)} `, emphasis(each.remedy)],
  );
  return why.length === 0 ? [state, said] : [state, said, ' ', items(why)];
}

/** Seconds of each step; trials that were cut short have fewer steps. */
function timings({ facts }: View): Table {
  const records = facts.run.trials.flatMap((trial) => recordOf(trial) ?? []);
  const steps = [...new Set(records.flatMap((record) => Object.keys(record.timings)))];
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
  return tableOf('Time spent in each trial', records, [
    [words('Trial'), ({ number, strategy }) => `${number} ${strategy}`],
    [words('Began'), ({ startedAt }) => startedAt],
    ...steps.map(
      (step): Field<TrialRecord> => [
        numbers(step, { unit: 's' }),
        ({ timings: spent }) => orAbsent(spent[step], seconds),
      ],
    ),
  ]);
}
