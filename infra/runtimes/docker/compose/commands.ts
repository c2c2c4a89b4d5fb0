/** Runs `docker compose` on one file. */
import type { ProgramOutcome } from '../../../machine/run.ts';
import { dockerCommand } from '../engine/command.ts';
import { explained } from '../engine/explain.ts';

/** `up` also waits for servers to be healthy; none takes so long. */
const UP_TIMEOUT_SECONDS = 120;
const STOP_TIMEOUT_SECONDS = 10;
/** Beyond Compose's own limits, for an engine that has ceased to answer. */
const UP_LIMIT_MS = (UP_TIMEOUT_SECONDS + 60) * 1000;
const DOWN_LIMIT_MS = 90_000;

/**
 * Starts services of the file; succeeds when all are healthy.
 * @param dependencies whether to start what they depend on too, such as the steps before a server's first start
 * @throws the signal's reason when that aborts
 */
export async function composeUp(
  file: string,
  services: readonly string[],
  dependencies: boolean,
  signal: AbortSignal,
): Promise<ProgramOutcome> {
  const command = ['up', '--detach', '--no-recreate', '--no-build', ...(dependencies ? [] : ['--no-deps'])];
  const waiting = ['--wait', '--wait-timeout', String(UP_TIMEOUT_SECONDS)];
  const full = composeArguments(file, [...command, ...waiting, ...services]);
  return await dockerCommand(full, { signal, timeoutMs: UP_LIMIT_MS });
}

/** Removes containers, network and volumes of the file. @throws Error with what Compose said */
export async function composeDown(file: string): Promise<void> {
  const command = ['down', '--volumes', '--remove-orphans', '--timeout', String(STOP_TIMEOUT_SECONDS)];
  const { ending, exitCode, all } = await dockerCommand(composeArguments(file, command), {
    timeoutMs: DOWN_LIMIT_MS,
  });
  if (ending === 'timeout') {
    throw new Error(
      `docker compose down did not end within ${DOWN_LIMIT_MS / 1000} s. The engine may hang: see its log (journalctl -u docker), and restart it.`,
    );
  }
  if (exitCode !== 0) throw new Error(explained('docker compose down failed', all));
}

export function composeArguments(file: string, command: readonly string[]): readonly string[] {
  return ['compose', '--ansi', 'never', '--progress', 'plain', '--file', file, ...command];
}
