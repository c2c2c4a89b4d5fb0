/** Waiting for a condition, with a deadline and the reason that it was missed. */
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from './errors.ts';

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

export interface UntilOptions {
  /** Milliseconds between attempts; grows from 5 to this. 100 when left out. */
  readonly everyMs?: number;
  /** Gives the reason when waiting is of no use any longer, and null while it is. */
  readonly unless?: () => Error | null;
}

/**
 * Repeats `attempt` until it resolves.
 * @param what names the awaited state in the error: `redis cache-1 answers`
 * @param withinMs deadline for all attempts together, in milliseconds
 * @throws DeadlineError with the last attempt's error as its cause, or what `unless` gave
 */
export async function until<Result>(
  what: string,
  withinMs: number,
  attempt: () => Promise<Result> | Result,
  options: UntilOptions = {},
): Promise<Result> {
  const deadline = performance.now() + withinMs;
  const slowest = options.everyMs ?? 100;
  let wait = Math.min(5, slowest);
  for (;;) {
    const reason = options.unless?.();
    if (reason) throw reason;
    try {
      return await attempt();
    } catch (cause) {
      const given = options.unless?.();
      if (given) throw given;
      if (performance.now() + wait > deadline) {
        const last = messageOf(cause);
        throw new DeadlineError(`not within ${withinMs / 1000} s: ${what} (last: ${last})`, { cause });
      }
    }
    await pause(wait);
    wait = Math.min(wait * 2, slowest);
  }
}
