/**
 * Runs programs that run to their end: `docker compose up`, `git archive`, `go build`.
 *
 * zx's `$` runs them. Programs start without a shell, so that no text from elsewhere (a git ref, a path, the answer of
 * a server) can be read as shell code. Each program leads a process group of its own, so that a Ctrl-C in the terminal
 * reaches this process alone, which decides what ends and in which order.
 *
 * Servers, which live on, are started by child.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { $, type ProcessPromise, quote } from 'zx/core';
import { inOneLine } from '../../record/log-lines.ts';
import { environmentFor, type Variables } from './environment.ts';
import { codeOf, messageOf } from './errors.ts';
import { endGroup, endWithThisProcess, hasEnded } from './process-group.ts';
import type { UserIds } from './unprivileged.ts';

export interface ProgramOptions {
  /** Working folder; this process' own unless given. */
  readonly cwd?: string;
  /** The whole environment; that of a program of the system unless given. */
  readonly env?: Variables;
  /** Standard input; empty unless given. */
  readonly input?: string;
  /** When it has not ended after so many milliseconds, it is ended with all that it started. */
  readonly timeoutMs?: number;
  /** On abort it is ended with all that it started. */
  readonly signal?: AbortSignal;
  /** As this process unless given. */
  readonly user?: UserIds;
  /**
   * What becomes of its output. `keep` (unless given): it is in the outcome and nowhere else. `show`: both streams are
   * this process' own, and the outcome has none of it. A function: gets each line of standard output when it comes;
   * the outcome has everything too.
   */
  readonly output?: 'keep' | 'show' | ((line: string) => void);
}

/** What a program wrote, without the line end at the very end. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, in the order in which their parts arrived. */
  readonly all: string;
}

export type Ending =
  | { readonly ending: 'exit'; readonly exitCode: number }
  /** Somebody else ended it. */
  | { readonly ending: 'killed'; readonly exitCode: null; readonly by: NodeJS.Signals | null }
  /** There is no program of that name on PATH, or no such file. */
  | { readonly ending: 'missing'; readonly exitCode: null }
  /** The program is there and cannot be started. */
  | { readonly ending: 'unstartable'; readonly exitCode: null; readonly why: string }
  | { readonly ending: 'timeout'; readonly exitCode: null; readonly limitMs: number }
  | { readonly ending: 'aborted'; readonly exitCode: null };

export type ProgramOutcome = Ending & Output & { readonly program: string };

/**
 * Runs a program to its end. Failures are values: the promise never rejects.
 * @param program a name that PATH has, or a path
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramOutcome> {
  const { timeoutMs, signal } = options;
  if (signal?.aborted) return { program, ending: 'aborted', exitCode: null, stdout: '', stderr: '', all: '' };
  const limit = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs);
  const started = start(program, args, options);
  let ended: Promise<void> | null = null;
  const end = () => {
    ended ??= started.end();
  };
  for (const each of [signal, limit]) each?.addEventListener('abort', end, { once: true });
  try {
    const ending = await started.ending;
    if (!ended) return { program, ...ending, ...started.output() };
    await ended;
    const why: Ending =
      !signal?.aborted && timeoutMs !== undefined
        ? { ending: 'timeout', exitCode: null, limitMs: timeoutMs }
        : { ending: 'aborted', exitCode: null };
    return { program, ...why, ...started.output() };
  } finally {
    for (const each of [signal, limit]) each?.removeEventListener('abort', end);
  }
}

/**
 * Runs a program whose failure ends what the caller does.
 * @throws Error with how it ended and the last lines that it wrote
 */
export async function runOrThrow(
  program: string,
  args: readonly string[],
  options?: ProgramOptions,
): Promise<ProgramOutcome> {
  const outcome = await runProgram(program, args, options);
  if (outcome.exitCode === 0) return outcome;
  const lines = inOneLine((outcome.stderr || outcome.all).split('\n'));
  throw new Error(lines === '' ? describeEnding(outcome) : `${describeEnding(outcome)}: ${lines}`);
}

/** How it ended, for people: `git ended with exit code 1`. */
export function describeEnding(outcome: Ending & { readonly program: string }): string {
  const { program } = outcome;
  switch (outcome.ending) {
    case 'exit':
      return `${program} ended with exit code ${outcome.exitCode}`;
    case 'killed':
      return `${program} was ended by ${outcome.by ?? 'a signal'}`;
    case 'missing':
      return program.includes('/') ? `${program} does not exist` : `${program} is not on PATH`;
    case 'unstartable':
      return `${program} cannot be started: ${outcome.why}`;
    case 'timeout':
      return `${program} did not end within ${outcome.limitMs / 1000} s`;
    case 'aborted':
      return `${program} was ended before it was done`;
  }
}

/** All that a program wrote; how it ended when it wrote nothing. */
export const outputOrEnding = (outcome: ProgramOutcome): string =>
  outcome.all.trim() === '' ? describeEnding(outcome) : outcome.all;

interface Started {
  /** Resolves when it has ended and its streams are closed. */
  readonly ending: Promise<Ending>;
  output(): Output;
  /** Ends it with all that it started. */
  end(): Promise<void>;
}

function start(program: string, args: readonly string[], options: ProgramOptions): Started {
  const { env = environmentFor('program'), cwd = process.cwd(), input = '', user, output } = options;
  const store: Record<'stdout' | 'stderr' | 'stdall', Buffer[]> = { stdout: [], stderr: [], stdall: [] };
  const written = () => ({
    stdout: textOf(store.stdout),
    stderr: textOf(store.stderr),
    all: textOf(store.stdall),
  });
  const streams = output === 'show' ? 'inherit' : 'pipe';
  let refusal: unknown = null;
  const spawnPlainly = (_line: string, _args: readonly string[], settings: object): ChildProcess => {
    try {
      return spawn(program, args, { ...settings, ...user, shell: false });
    } catch (error) {
      refusal = error;
      throw error;
    }
  };
  try {
    // Every setting is given, since zx takes those that are missing from environment variables (`ZX_…`).
    const command = $({
      // zx hands over one line for a shell; what is started instead is the program with its arguments as they were given.
      // The cast: zx' type is that of all ways to call `spawn`, and zx calls it in this one.
      spawn: spawnPlainly as typeof spawn,
      shell: true,
      quote,
      prefix: '',
      postfix: '',
      detached: true,
      env: { ...env },
      cwd,
      input,
      stdio: [input === '' ? 'ignore' : 'pipe', streams, streams],
      // zx decodes each part by itself, which breaks a character that lies on the border of two.
      store,
      nothrow: true,
      quiet: true,
      verbose: false,
      preferLocal: false,
      timeout: 0,
    })`${program} ${args}`;
    const { child } = command;
    // A program may end without having read its input.
    child?.stdin?.on('error', () => {});
    if (typeof output === 'function' && child?.stdout) {
      createInterface({ input: child.stdout }).on('line', output);
    }
    return { ending: endingOf(command), output: written, end: () => end(child) };
  } catch (error) {
    // Node.js throws what it finds wrong before it asks the system for a process.
    return { ending: Promise.resolve(notStarted(refusal ?? error)), output: written, async end() {} };
  }
}

async function endingOf(command: ProcessPromise): Promise<Ending> {
  const { pid } = command;
  if (pid !== undefined) endWithThisProcess(pid);
  try {
    const { exitCode, signal, cause } = await command;
    if (cause) return notStarted(cause);
    return exitCode === null ? { ending: 'killed', exitCode, by: signal } : { ending: 'exit', exitCode };
  } finally {
    if (pid !== undefined) hasEnded(pid);
  }
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid !== undefined) await endGroup(child.pid);
  // A process that has left both group and tree may hold the streams open.
  child?.stdout?.destroy();
  child?.stderr?.destroy();
}

function notStarted(cause: unknown): Ending {
  if (codeOf(cause) === 'ENOENT') return { ending: 'missing', exitCode: null };
  return { ending: 'unstartable', exitCode: null, why: messageOf(cause) };
}

const textOf = (parts: readonly Buffer[]): string =>
  Buffer.concat(parts)
    .toString()
    .replace(/\r?\n$/, '');
