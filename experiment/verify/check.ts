/** A check is one function that asks a deployment one question. */
import type { CheckOutcome } from '../../record/verification.ts';
import type { Target } from './target.ts';

export interface Found {
  readonly outcome: CheckOutcome;
  /** What was seen, or why it could not be; a sentence. */
  readonly detail: string;
}

/** @throws Error when the question gets no answer; the outcome is then unknown */
export type Check = (target: Target, signal: AbortSignal) => Promise<Found>;

export const holds = (detail: string): Found => ({ outcome: 'holds', detail });
export const limit = (detail: string): Found => ({ outcome: 'limit', detail });
export const unknown = (detail: string): Found => ({ outcome: 'unknown', detail });

/** Few enough to be read. */
const MOST_SHOWN = 3;

/** Broken where something was found wrong, by its first few sentences; holds otherwise. */
export function verdict(wrong: readonly string[], right: string): Found {
  if (wrong.length === 0) return holds(right);
  const rest = wrong.length - MOST_SHOWN;
  const shown = wrong.slice(0, MOST_SHOWN).join(' ');
  return { outcome: 'broken', detail: rest > 0 ? `${shown} And ${rest} more like it.` : shown };
}
