/** Runs `docker compose` on one file. */
import { dockerCommand } from '../engine/command.ts';
import { explained } from '../engine/explain.ts';

/** `up` also waits for servers to be healthy; none takes so long. */
const UP_TIMEOUT_SECONDS = 120;
const STOP_TIMEOUT_SECONDS = 10;
/** Beyond Compose's own limits, for an engine that has ceased to answer. */
const UP_LIMIT_MS = (UP_TIMEOUT_SECONDS + 60) * 1000;
const DOWN_LIMIT_MS = 90_000;

/** Starts services of the file and what they depend on; resolves when all are healthy. All services unless named. */
export async function composeUp(
  file: string,
  services: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly status: 'up' } | { readonly status: 'failed'; readonly output: string }> {
  const waiting = ['--wait', '--wait-timeout', String(UP_TIMEOUT_SECONDS)];
  const command = ['up', '--detach', '--no-recreate', '--no-build', ...waiting, ...services];
  const limited = AbortSignal.any([signal, AbortSignal.timeout(UP_LIMIT_MS)]);
  const { exitCode, all } = await dockerCommand(composeArguments(file, command), limited);
  signal.throwIfAborted();
  return exitCode === 0 ? { status: 'up' } : { status: 'failed', output: all };
}

/** Removes containers, network and volumes of the file. @throws Error with what Compose said */
export async function composeDown(file: string): Promise<void> {
  const command = ['down', '--volumes', '--remove-orphans', '--timeout', String(STOP_TIMEOUT_SECONDS)];
  const limit = AbortSignal.timeout(DOWN_LIMIT_MS);
  const { exitCode, all } = await dockerCommand(composeArguments(file, command), limit);
  if (limit.aborted) {
    throw new Error(
      `docker compose down did not end within ${DOWN_LIMIT_MS / 1000} s. The engine may hang: see its log (journalctl -u docker), and restart it.`,
    );
  }
  if (exitCode !== 0) throw new Error(explained('docker compose down failed', all));
}

export function composeArguments(file: string, command: readonly string[]): readonly string[] {
  return ['compose', '--ansi', 'never', '--progress', 'plain', '--file', file, ...command];
}
