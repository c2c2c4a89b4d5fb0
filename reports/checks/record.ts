/** What the run's own record says of it. */
import { counted } from '../words/format.ts';
import { asSentenceEnd, asWarning, type Check } from './check.ts';

const endings = {
  running: 'The run had not ended when this report was made, or was killed',
  interrupted: 'The run was interrupted',
  failed: 'The run failed before its end',
} as const;

/** A run of planned trials that did not end. */
export const ending: Check = ({ run: { record, trials } }) => {
  if (record.status === 'finished') return [];
  const planned = record.plan.order.flat().length;
  const done = trials.filter(({ kind }) => kind === 'valid' || kind === 'invalid').length;
  return [
    {
      severity: 'warning',
      code: record.status === 'failed' ? 'run-ended-early' : 'interrupted',
      message: `${endings[record.status]}: ${done} of ${counted(planned, 'planned trial')} ended, and this report is of those.`,
      remedy: 'Run it again with the same seed for the whole plan.',
    },
  ];
};

export const notMeasured: Check = ({ strategies }) =>
  strategies
    .filter(({ status }) => status === 'not-measured')
    .flatMap(({ title, reasons }) =>
      reasons.map((reason) =>
        asWarning({ ...reason, message: `${title} was not measured: ${asSentenceEnd(reason.message)}` }),
      ),
    );

/** Files of the run that could not be used as they are. */
export const damagedFiles: Check = ({ run }) => run.problems.map(asWarning);

/** What the run met while it was running or stopping. */
export const faults: Check = ({ run }) => run.record.faults.map(asWarning);

export const sharedCores: Check = ({ run }) =>
  run.record.placement.shared
    ? [
        {
          severity: 'note',
          code: 'shared-cores',
          message:
            'Tiers shared cores, so the slow end of the latencies (p99 and beyond) includes waiting for a core, not only the store.',
          remedy: 'Weigh medians and CPU per request here; measure tails on a machine with more cores.',
        },
      ]
    : [];
