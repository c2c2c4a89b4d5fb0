/** What came of the arrivals that were due: how many were answered, and whether a queue was left at the end. */
import type { EngineResult } from '../record/engine.ts';
import { validityLimits } from '../record/validity-limits.ts';

type Pacing = Pick<EngineResult['pacing'], 'arrivals' | 'answered' | 'dropped' | 'waited' | 'lastWaitMicros'>;

/** Below this share of arrivals that waited, a wait at the end is a stall and no queue. */
const QUEUED_SHARE = 0.1;

/**
 * Answered arrivals per second: the same share of the offered rate as of the arrivals that were due, since a short trial has
 * no whole number of them, over the time that it took to send them. The time that the last answers take is latency.
 */
export function achievedRate(
  { arrivals, answered, lastWaitMicros }: Pacing,
  { rate, measureSeconds }: { readonly rate: number; readonly measureSeconds: number },
): number {
  if (arrivals === 0 || answered === null) return 0;
  return (rate * (answered / arrivals)) / stretch(lastWaitMicros, measureSeconds);
}

/** How many times longer than planned it took to send all arrivals; 1 where none waited at the end. */
export const stretch = (lastWaitMicros: number | null, plannedSeconds: number): number =>
  1 + (lastWaitMicros ?? 0) / 1e6 / plannedSeconds;

/** True where operations queued to the end: what is slow, or fails, without a queue is no overload. */
export function isOverloaded(pacing: Pacing, plannedSeconds: number): boolean {
  if (pacing.dropped > 0) return true;
  const queued = pacing.waited >= pacing.arrivals * QUEUED_SHARE;
  return queued && 1 / stretch(pacing.lastWaitMicros, plannedSeconds) < validityLimits.achievedShare;
}
