/** Whether a strategy survived a fault, by what was seen, and whether that was to be expected. */
import type { FaultResult, Survival, TrialFault } from '../../record/faults.ts';
import type { Fate } from '../../record/on-paper.ts';
import { counted, formatCount } from '../words/format.ts';

/** What a trial has shown, before it is judged. */
export type SeenResult = Omit<
  FaultResult,
  'strategy' | 'fault' | 'trial' | 'survival' | 'why' | 'expected' | 'asExpected'
>;

/**
 * Harmed is who lost something that was acknowledged, answered wrongly, or did not come back. Errors while a fault lasts are
 * told and no harm: they end with it.
 */
export function judgedResult(
  seen: SeenResult,
  fault: TrialFault,
): { readonly survival: Survival; readonly why: string[] } {
  const harms = [...lossesIn(seen), ...wrongIn(seen), ...notBackIn(seen, fault)];
  if (harms.length > 0) return { survival: 'harmed', why: harms };
  const unread = seen.sessions?.unknown ?? null;
  if (unread === null) return { survival: 'unknown', why: ['the sessions were not read once more'] };
  if (unread > 0)
    return { survival: 'unknown', why: [`${counted(unread, 'session')} could not be read again`] };
  return { survival: 'survived', why: [] };
}

function lossesIn({ sessions, writesLost, logouts }: SeenResult): string[] {
  return [
    ...(sessions && sessions.lost > 0
      ? [`lost ${formatCount(sessions.lost)} of ${counted(sessions.of, 'session')}`]
      : []),
    ...((writesLost ?? 0) > 0 ? [`lost ${counted(writesLost ?? 0, 'acknowledged write')}`] : []),
    ...(logouts && logouts.undone > 0
      ? [`undid ${formatCount(logouts.undone)} of ${counted(logouts.of, 'logout')}`]
      : []),
  ];
}

function wrongIn({ stale, crossed, writesLost }: SeenResult): string[] {
  return [
    ...((crossed ?? 0) > 0 ? [`showed ${counted(crossed ?? 0, 'time')} somebody else's session`] : []),
    // Where writes are gone, that is what was read.
    ...((stale ?? 0) > 0 && (writesLost ?? 0) === 0
      ? [`read ${counted(stale ?? 0, 'session')} as it had been before`]
      : []),
  ];
}

/** Who was silent to the end of the load, and answered when its servers were ready again, has come back late. */
function notBackIn({ silentSeconds, sessions }: SeenResult, { course, deaths }: TrialFault): string[] {
  const isSilent = silentSeconds === null && sessions !== null && sessions.unknown === sessions.of;
  return [
    ...(course.status === 'not-healed' ? [`did not get ready again: ${course.why}`] : []),
    ...deaths.map((death) => `lost a server by itself: ${death}`),
    ...(course.status === 'healed' && isSilent ? ['gave no right answer any more'] : []),
  ];
}

/** @param newest so many sessions and writes, at most, are of the last moments before the fault */
export function isExpected(
  expected: Fate | null,
  survival: Survival,
  seen: SeenResult,
  newest: number,
): boolean | null {
  if (expected === null || survival === 'unknown') return null;
  switch (expected) {
    case 'kept':
      return survival === 'survived';
    case 'lost':
      return (seen.sessions?.lost ?? 0) > 0;
    case 'newest-lost': {
      const { sessions, writesLost, logouts, crossed } = seen;
      const lost = (sessions?.lost ?? 0) + (writesLost ?? 0) + (logouts?.undone ?? 0);
      return survival === 'survived' || (lost > 0 && lost <= newest && (crossed ?? 0) === 0);
    }
  }
}

type Judged = Pick<FaultResult, 'survival' | 'asExpected' | 'crossed'>;

/** Whether a strategy lost more than it should on paper. Nobody may see another's session, whatever happens. */
export const isWorse = ({ survival, asExpected, crossed }: Judged): boolean =>
  (survival === 'harmed' && asExpected === false) || (crossed ?? 0) > 0;

/** Whether a strategy kept what on paper it should have lost. */
export const isBetter = ({ survival, asExpected }: Judged): boolean =>
  survival === 'survived' && asExpected === false;
