/** Runs the `docker` command. */
import {
  outputOrEnding,
  type ProgramOptions,
  type ProgramOutcome,
  runProgram,
} from '../../../machine/run.ts';

/** The person's environment, without what makes Compose read other files or use other names than ours. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COMPOSE_')));
}

/**
 * A `docker` command to its end. When it failed and wrote nothing, `all` says how it ended.
 * @throws the signal's reason when that aborts
 */
export async function dockerCommand(
  args: readonly string[],
  limits: Pick<ProgramOptions, 'signal' | 'timeoutMs'> = {},
): Promise<ProgramOutcome> {
  limits.signal?.throwIfAborted();
  const outcome = await runProgram('docker', args, { ...limits, env: environment() });
  limits.signal?.throwIfAborted();
  return outcome.exitCode === 0 ? outcome : { ...outcome, all: outputOrEnding(outcome) };
}
