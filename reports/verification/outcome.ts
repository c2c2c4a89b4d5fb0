/** What a verification came to, for scripts that look at the exit code alone. */
import type { VerificationRecord } from '../../record/verification.ts';

/** `broken`: a requirement is. `unknown`: none is, and something that was asked for could not be verified. */
export type VerificationOutcome = 'ok' | 'broken' | 'unknown' | 'unavailable' | 'failed' | 'interrupted';

/** @param named whether the strategies were named; of those that were not, each that cannot run may be missing */
export function outcomeOf(
  { status, strategies }: Pick<VerificationRecord, 'status' | 'strategies'>,
  named: boolean,
): VerificationOutcome {
  if (status === 'interrupted') return 'interrupted';
  if (status !== 'finished') return 'failed';
  const verified = strategies.filter((each) => each.status === 'verified');
  if (verified.length === 0) return 'unavailable';
  const outcomes = new Set(verified.flatMap(({ checks }) => checks.map(({ outcome }) => outcome)));
  if (outcomes.has('broken')) return 'broken';
  if (outcomes.has('unknown') || (named && verified.length < strategies.length)) return 'unknown';
  return 'ok';
}
