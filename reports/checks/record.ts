/** What the run's own record says of it. */
import { numbersOfApps } from '../../record/deployed-as.ts';
import { findingOf } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import { counted, listed } from '../words/format.ts';
import { asCatalogued, asWarning, type Check } from './check.ts';
import { codeOfEnding } from './ended-early.ts';

const endings = {
  running: 'The run had not ended when this report was made, or was killed',
  interrupted: 'The run was interrupted',
  failed: 'The run failed before its end',
} as const;

/** A run of planned trials that did not end. */
export const ending: Check = ({ run: { record, trials } }) => {
  if (record.status === 'finished') return [];
  const planned = counted(record.plan.order.flat().length, 'planned trial');
  const done = trials.filter(({ kind }) => kind === 'valid' || kind === 'invalid').length;
  const message = `${endings[record.status]}: ${done} of ${planned} ended, and this report is of those.`;
  return [findingOf(codeOfEnding(record.status), message)];
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

/** What the run met from its plan to its end, as grave as the catalogue has it. Nobody did it on purpose: that is a design of its own. */
export const metByRun: Check = ({ run }) =>
  run.record.faults.map((met) => asCatalogued({ ...met, message: asSentenceEnd(met.message) }));

const siblingsUnknown = findingOf(
  'siblings-unknown',
  'Whether tiers share a physical core is not known: the system does not tell which cores do.',
);

/** Shares of the host's CPU time that no valid trial may lose without a word. */
const hostShares = [
  { field: 'stealShare', whose: 'the hypervisor' },
  { field: 'foreignShare', whose: 'other processes' },
] as const;

export const hostUnknown: Check = ({ run: { trials } }) => {
  const unknown = hostShares.filter(({ field }) =>
    trials.some((trial) => trial.kind === 'valid' && trial.record[field] === null),
  );
  if (unknown.length === 0) return [];
  const whose = listed(unknown.map(({ whose: who }) => who));
  return [findingOf('host-unknown', `What ${whose} took of the CPU time is not known of every valid trial.`)];
};

/** As many show whether sessions are shared, whatever cores there are. */
const usualApps = 2;

export const appsBeyondCores: Check = ({ run: { record } }) => {
  const { length: cores } = record.placement.cores.app;
  const beyond = numbersOfApps(record).filter((apps) => apps > Math.max(usualApps, cores));
  if (beyond.length === 0) return [];
  const message = `${listed(beyond.map(String))} apps had ${counted(cores, 'core')} between them: their capacity is that of ${counted(cores, 'core')}.`;
  return [findingOf('apps-beyond-cores', message)];
};

export const sharedCores: Check = ({ run: { record } }) => {
  if (!record.placement.shared) return record.placement.siblings === null ? [siblingsUnknown] : [];
  const all = Object.values(record.placement.cores).flat();
  const message =
    new Set(all).size < all.length
      ? 'Tiers shared cores, so the slow end of the latencies (p99 and beyond) includes waiting for a core, not only the store.'
      : 'Tiers shared physical cores, so that the work of one slowed another: latencies are not those of the store alone.';
  return [findingOf('shared-cores', message)];
};
