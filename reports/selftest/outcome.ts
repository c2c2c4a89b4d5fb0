/** What a self-test came to, for scripts that look at the exit code alone. */
import type { SelftestRecord } from '../../record/selftest.ts';
import { tallies } from './tally.ts';

/** `wrong`: equal sides were called different, or a slowdown that must be found was not. */
export type SelftestOutcome = 'ok' | 'wrong' | 'invalid' | 'interrupted';

/** A slowdown of so many budgets is one that the gate promises to find. */
const SURELY_FOUND = 4;

export function outcomeOf(record: SelftestRecord): SelftestOutcome {
  if (record.status === 'interrupted') return 'interrupted';
  const floor = Math.min(...record.budgets.map(({ share }) => share));
  const all = tallies(record);
  const wrong = all.some(({ addedShare, called, judged }) => {
    if (addedShare === 0) return called > 0;
    return addedShare >= SURELY_FOUND * floor - 1e-9 && called < judged;
  });
  if (wrong) return 'wrong';
  return all.every(({ invalid }) => invalid === 0) ? 'ok' : 'invalid';
}
