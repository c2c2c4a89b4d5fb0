/** How many of its blocks a run has measured: one that was interrupted has fewer than it planned. */

import { counted } from '../../record/counted.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { ReadTrial } from '../../record/read/trials.ts';
import { formatCount } from '../words/format.ts';

/** Whether the run went on to the end of the trial, whatever the trial came to. */
const wentOn = (trial: ReadTrial): boolean =>
  (trial.kind === 'valid' || trial.kind === 'invalid') &&
  !trial.record.reasons.some(({ code }) => code === 'interrupted');

/** Blocks in which each strategy that ran has a trial to its end. @param planned of a run that was finished, all */
export function blocksMeasured({ record, trials }: ReadRun, planned: number): number {
  if (record.status === 'finished') return planned;
  const names = record.strategies.filter(({ status }) => status !== 'not-measured').map(({ name }) => name);
  const ended = trials.flatMap((trial) =>
    wentOn(trial) && 'record' in trial && trial.record ? [trial.record] : [],
  );
  const blocks = Map.groupBy(ended, ({ block }) => block);
  const whole = [...blocks.values()].filter((block) =>
    names.every((name) => block.some(({ strategy }) => strategy === name)),
  );
  return Math.min(whole.length, planned);
}

/** `12 blocks`, `1 of 10 blocks`. */
export const blockWords = (measured: number, planned: number): string =>
  measured === planned
    ? counted(planned, 'block')
    : `${formatCount(measured)} of ${counted(planned, 'block')}`;
