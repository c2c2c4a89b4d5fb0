/** Ends all sessions of a store that may be at it for longer than a command waits for its answer. */
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import type { RunContext } from '../context.ts';

/** Redis frees some 2 million sessions in a second, and answers nobody meanwhile. */
const LONGEST_MS = 120_000;
const AGAIN_MS = 2_000;

/**
 * A server goes on with what it was asked although nobody waits any more: a later try finds it empty.
 * @throws Error of the last try; the reason of the signal when the run was interrupted
 */
export async function empty(
  deployment: Deployment,
  { machine, signal }: Pick<RunContext, 'machine' | 'signal'>,
): Promise<void> {
  for (let waited = 0; ; waited += AGAIN_MS)
    try {
      await deployment.clear();
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (waited >= LONGEST_MS) throw error;
      await machine.pass(AGAIN_MS, signal);
      signal.throwIfAborted();
    }
}
