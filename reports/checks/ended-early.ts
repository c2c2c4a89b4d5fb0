/** A run that did not end by itself, and how far it came. */
import { type Finding, findingOf } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';

const endings = {
  running: 'had not ended, or was killed',
  interrupted: 'was interrupted',
  failed: 'failed',
} as const;

export const codeOfEnding = (status: keyof typeof endings) =>
  status === 'failed' ? 'run-ended-early' : 'interrupted';

/** Nothing of a run that ended. @param after how far it came, and what is shown of it */
export function endedEarly({ status }: Pick<RunRecord, 'status'>, after: string, remedy?: string): Finding[] {
  if (status === 'finished') return [];
  return [findingOf(codeOfEnding(status), `The run ${endings[status]} after ${after}`, remedy)];
}
