/** Wishes that no store can meet because they exclude each other: found before anything is sized. */
import type { Wishes } from './wishes.ts';

/** Each with what to do; empty where the wishes go together. */
export function contradictionsIn(
  wishes: Pick<Wishes, 'mayLose' | 'survives' | 'has' | 'hosting'>,
): readonly string[] {
  const found: string[] = [];
  if (wishes.survives.length > 0 && wishes.mayLose === 'all')
    found.push(
      `sessions are to outlast ${wishes.survives.join(', ')}, and all of them may be lost; leave one of the two out`,
    );
  if (wishes.has.length > 0 && wishes.hosting === 'managed')
    found.push(
      `servers of ${wishes.has.join(', ')} are there already, and the store is to be managed by somebody else; leave one of the two out`,
    );
  return found;
}
