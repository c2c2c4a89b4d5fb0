/** Asks again where a store may be at something for longer than a command waits for its answer. */
import type { RunContext } from '../context.ts';

const PAUSE_MS = 2_000;

/**
 * A server goes on with what it was asked although nobody waits any more: a later try finds it done, or the server at leisure.
 * @param longestMs of all pauses
 * @throws Error of the last try; the reason of the signal when the run was interrupted
 */
export async function again<Result>(
  work: () => Promise<Result>,
  longestMs: number,
  { machine, signal }: Pick<RunContext, 'machine' | 'signal'>,
): Promise<Result> {
  for (let waited = 0; ; waited += PAUSE_MS)
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (waited >= longestMs) throw error;
      await machine.pass(PAUSE_MS, signal);
      signal.throwIfAborted();
    }
}
