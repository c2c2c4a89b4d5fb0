/** What may be lost, and through which failures, where a person says only one of the two: for the terminal and the page alike. */
import type { FailureEvent } from './losses.ts';
import type { Wishes } from './wishes.ts';

type Losses = Pick<Wishes, 'mayLose' | 'survives'>;

/** Failures that happen to everybody, if only through deployments. */
const usualEvents: readonly FailureEvent[] = ['app-restart', 'store-restart'];

/** What is said; null where nothing is. */
export interface SaidOfLosses {
  readonly mayLose: Losses['mayLose'] | null;
  readonly survives: readonly FailureEvent[] | null;
}

/** @param base what is wished where nothing is said */
export function lossesWished({ mayLose, survives }: SaidOfLosses, base: Losses): Losses {
  if (survives !== null)
    return {
      survives: [...survives],
      mayLose: mayLose ?? (base.mayLose === 'all' ? 'second' : base.mayLose),
    };
  if (mayLose === null) return { mayLose: base.mayLose, survives: [...base.survives] };
  if (mayLose === 'all') return { mayLose: 'all', survives: [] };
  return { mayLose, survives: [...(base.survives.length > 0 ? base.survives : usualEvents)] };
}
