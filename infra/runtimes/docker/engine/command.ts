/** Runs the `docker` command. */
import { environmentFor } from '../../../machine/environment.ts';
import {
  outputOrEnding,
  type ProgramOptions,
  type ProgramOutcome,
  runProgram,
} from '../../../machine/run.ts';

/**
 * A `docker` command to its end. When it failed and wrote nothing, `all` says how it ended.
 * @throws the signal's reason when that aborts
 */
export async function dockerCommand(
  args: readonly string[],
  limits: Pick<ProgramOptions, 'signal' | 'timeoutMs'> = {},
): Promise<ProgramOutcome> {
  limits.signal?.throwIfAborted();
  const outcome = await runProgram('docker', args, { ...limits, env: environmentFor('engine') });
  limits.signal?.throwIfAborted();
  return outcome.exitCode === 0 ? outcome : { ...outcome, all: outputOrEnding(outcome) };
}
