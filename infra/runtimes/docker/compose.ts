/** Runs `docker compose` on one file. */
import { execa } from 'execa';
import { explained } from './engine/explain.ts';

/** `up` also waits for servers to be healthy; none takes so long. */
const UP_TIMEOUT_SECONDS = 120;
const STOP_TIMEOUT_SECONDS = 10;
/** Beyond Compose's own limits, for an engine that has ceased to answer. */
const UP_LIMIT_MS = (UP_TIMEOUT_SECONDS + 60) * 1000;
const DOWN_LIMIT_MS = 90_000;
/** Asked to end, the command may finish the request that it is in. */
const CANCEL_GRACE_MS = 3_000;

/** Process groups of commands that run. They are not this process', and so must be ended when it ends. */
const running = new Set<number>();
process.on('exit', () => {
  for (const group of running) signalGroup(group, 'SIGKILL');
});

/** Compose is a process that the `docker` command starts, and both are meant. */
function signalGroup(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // It has ended.
  }
}

/** Of the environment, all but what would make Compose read other files or names than ours. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COMPOSE_')));
}

export interface DockerResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Both streams in the order of writing. */
  readonly all: string;
}

/** A `docker` command. Ctrl-C of the terminal does not reach it: it is this process that decides what then ends. */
export async function dockerCommand(args: readonly string[], signal?: AbortSignal): Promise<DockerResult> {
  signal?.throwIfAborted();
  const command = execa('docker', args, {
    reject: false,
    stdin: 'ignore',
    all: true,
    detached: true,
    env: environment(),
    extendEnv: false,
  });
  const { pid } = command;
  let insist: NodeJS.Timeout | undefined;
  const cancel = () => {
    if (pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), CANCEL_GRACE_MS);
  };
  if (pid !== undefined) running.add(pid);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const { exitCode, stdout, all, shortMessage } = await command;
    return { exitCode, stdout, all: all || (exitCode === 0 ? '' : (shortMessage ?? '')) };
  } finally {
    clearTimeout(insist);
    signal?.removeEventListener('abort', cancel);
    if (pid !== undefined) running.delete(pid);
  }
}

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
