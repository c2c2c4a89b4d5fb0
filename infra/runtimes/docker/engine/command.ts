/** Runs the `docker` command. */
import { outputOrEnding, runProgram } from '../../../machine/run.ts';

/** Of the person's environment, all but what would make Compose read other files or names than ours. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COMPOSE_')));
}

export interface DockerResult {
  /** Null when it did not end by itself. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Both streams in the order of writing; how it ended when it failed and wrote nothing. */
  readonly all: string;
}

/** A `docker` command. @throws the signal's reason when that has come before the start */
export async function dockerCommand(
  args: readonly string[],
  signal: AbortSignal | null = null,
): Promise<DockerResult> {
  signal?.throwIfAborted();
  const outcome = await runProgram('docker', args, { env: environment(), ...(signal && { signal }) });
  const { exitCode, stdout, all } = outcome;
  return { exitCode, stdout, all: exitCode === 0 ? all : outputOrEnding(outcome) };
}
