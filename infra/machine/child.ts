/** One server process: started on its cores, registered, watched, frozen, ended. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, realpathSync } from 'node:fs';
import { counted, nounFor } from '../../record/counted.ts';
import { withLog } from '../../record/log-lines.ts';
import { environmentFor } from './environment.ts';
import { exitInWords } from './exit-words.ts';
import { forgetChild, rememberChild } from './last-resort.ts';
import { tailOf } from './log-tail.ts';
import {
  isAlive,
  type ProcessEntry,
  type ProcessIdentity,
  processTree,
  readProcess,
  signal,
} from './process-table.ts';
import { runOrThrow } from './run.ts';
import type { RunFolder } from './run-folder.ts';
import type { UserIds } from './unprivileged.ts';
import { until } from './until.ts';

/** Time to end after the stop signal, in milliseconds. */
const STOP_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 5_000;
/** Descendants may still be forked while their parents are being stopped, and writing to disk ends first. */
const FREEZE_TIMEOUT_MS = 10_000;

export interface ChildOptions {
  /** `cache-1` */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A folder inside the run folder. Processes that work there and outlive their harness are known by it. */
  readonly folder: string;
  /** Cores to start on; null for all that this process may use. */
  readonly cores: readonly number[] | null;
  /** Null for the user of this process. */
  readonly user: UserIds | null;
  readonly logFile: string;
  /** Descriptor of a file to read as standard input; empty input unless given. */
  readonly stdin?: number;
  readonly stopSignal: 'SIGTERM' | 'SIGINT' | 'SIGUSR1';
  readonly killSignal: 'SIGKILL' | 'SIGQUIT';
}

export interface Exit {
  /** For people: `exit code 1` or `SIGKILL`. */
  readonly cause: string;
  readonly code: number | null;
}

export class Child {
  readonly options: ChildOptions;
  readonly identity: ProcessIdentity;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<Exit>;
  #exit: Exit | null = null;
  #stopping = false;

  /**
   * @throws Error when the program cannot be started
   */
  static async start(folder: RunFolder, options: ChildOptions): Promise<Child> {
    folder.record({ event: 'starting', name: options.name, program: realpathSync(options.program) });
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      const process = spawnPinned(folder, options, log);
      await new Promise<void>((resolve, reject) => {
        process.once('spawn', resolve);
        process.once('error', (cause) =>
          reject(new Error(`${options.name}: cannot start ${options.program}: ${cause.message}`, { cause })),
        );
      });
      return new Child(folder, options, process);
    } finally {
      closeSync(log);
    }
  }

  private constructor(folder: RunFolder, options: ChildOptions, child: ChildProcess) {
    const { pid } = child;
    if (pid === undefined) throw new Error(`${options.name}: started without a process number`);
    this.options = options;
    // A process that has ended already keeps its entry until libuv waits for it, which libuv does after this line.
    this.identity = { pid, startTicks: readProcess(pid)?.startTicks ?? -1 };
    rememberChild(this.identity, options.killSignal);
    try {
      folder.record({
        event: 'started',
        name: options.name,
        ...this.identity,
        stopSignal: options.stopSignal,
      });
    } catch (error) {
      // What cannot be written down must not run.
      child.kill('SIGKILL');
      throw error;
    }
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, killedBy) => {
        this.#exit = { cause: exitInWords(code, killedBy), code };
        forgetChild(this.identity);
        try {
          folder.record({ event: 'ended', ...this.identity });
        } catch {
          // Only a later sweep reads the register, and a sweep checks whether the process is alive anyway.
        }
        resolve(this.#exit);
      });
    });
  }

  /** How it ended; null while it runs. */
  get exit(): Exit | null {
    return this.#exit;
  }

  /** True when it ended, and not by `stop` or `kill`. */
  get failed(): boolean {
    return this.#exit !== null && !this.#stopping;
  }

  lastLogLines(count = 15): readonly string[] {
    return tailOf(this.options.logFile, count);
  }

  /** Why nobody needs to wait for it any longer; null while it runs. */
  gone(): Error | null {
    if (!this.#exit) return null;
    const { name, program } = this.options;
    return new Error(withLog(`${name} (${program}) ended with ${this.#exit.cause}`, this.lastLogLines()));
  }

  /** Lets the whole tree run on these cores only. Its later descendants stay there too. */
  async pin(cores: readonly number[]): Promise<void> {
    const pin = ({ pid }: ProcessIdentity) =>
      runOrThrow('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.join(','), String(pid)], {
        // As the user whose process it is: root may lack the capability SYS_NICE, as in containers.
        ...(this.options.user ? { user: this.options.user } : {}),
        cwd: '/',
      });
    for (const entry of processTree(this.identity.pid)) {
      await pin(entry).catch((error: unknown) => {
        if (isAlive(entry)) throw error;
      });
    }
  }

  /** Sends a signal that does not end it to its first process; false when that is gone. */
  tell(name: 'SIGUSR2'): boolean {
    return this.#exit === null && signal(this.identity, name);
  }

  /** Stops the whole tree, parents first, until none of it can run. */
  async freeze(): Promise<void> {
    await until(`${this.options.name} is frozen`, FREEZE_TIMEOUT_MS, () => {
      const tree = processTree(this.identity.pid);
      // Who is starting a program (vfork) waits for that child, stopped or not, and is stopped itself when it wakes.
      const awaits = ({ pid, state }: ProcessEntry) =>
        state === 'D' && tree.some((child) => child.parent === pid && child.state === 'T');
      const running = tree.filter((entry) => !['T', 'Z'].includes(entry.state) && !awaits(entry));
      for (const entry of running) signal(entry, 'SIGSTOP');
      if (running.length > 0)
        throw new Error(
          `${counted(running.length, 'process', 'processes')} of it still ${nounFor(running.length, 'runs', 'run')}`,
        );
    });
  }

  thaw(): void {
    for (const entry of processTree(this.identity.pid)) signal(entry, 'SIGCONT');
  }

  /**
   * Sends the stop signal, and kills the whole tree when that is not enough.
   * @throws Error when a process of it is still there afterwards, or when it had to be killed
   */
  async stop(): Promise<void> {
    if (this.#exit) return;
    this.#stopping = true;
    const tree = processTree(this.identity.pid);
    signal(this.identity, this.options.stopSignal);
    for (const entry of tree) signal(entry, 'SIGCONT');
    const inTime = await this.#endsWithin(STOP_TIMEOUT_MS);
    if (!inTime) await this.#killTree();
    await this.#expectGone(tree);
    if (!inTime)
      throw new Error(
        `${this.options.name} did not end within ${STOP_TIMEOUT_MS / 1000} s of ${this.options.stopSignal} and was killed`,
      );
  }

  /** Ends it at once, as a crash would. `failed` stays false. */
  async kill(): Promise<void> {
    this.#stopping = true;
    if (!this.#exit) await this.#killTree();
  }

  async #killTree(): Promise<void> {
    const tree = processTree(this.identity.pid);
    if (this.options.killSignal !== 'SIGKILL') {
      signal(this.identity, this.options.killSignal);
      for (const entry of tree) signal(entry, 'SIGCONT');
      if (await this.#endsWithin(KILL_TIMEOUT_MS)) return;
    }
    for (const entry of tree) signal(entry, 'SIGKILL');
    await this.#endsWithin(KILL_TIMEOUT_MS);
  }

  async #expectGone(tree: readonly ProcessIdentity[]): Promise<void> {
    const left = tree.filter(isAlive);
    for (const entry of left) signal(entry, 'SIGKILL');
    await until(`all processes of ${this.options.name} are gone`, KILL_TIMEOUT_MS, () => {
      const alive = left.filter(isAlive).map(({ pid }) => pid);
      if (alive.length > 0) throw new Error(`process ${alive.join(', ')}`);
    });
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    const { promise: timeout, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(() => resolve(false), milliseconds);
    try {
      return await Promise.race([this.ended.then(() => true), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * In a session of its own the server gets no Ctrl-C of the terminal: the harness ends its servers in order. The server
 * writes straight to the log file, so that the harness spends no CPU time on it.
 */
function spawnPinned(folder: RunFolder, options: ChildOptions, log: number): ChildProcess {
  const [file, args] = options.cores
    ? ['taskset', ['--cpu-list', options.cores.join(','), options.program, ...options.args]]
    : [options.program, [...options.args]];
  return spawn(file, args, {
    cwd: options.folder,
    env: { ...environmentFor('server'), ...folder.marker, ...options.env },
    stdio: [options.stdin ?? 'ignore', log, log],
    detached: true,
    ...(options.user ?? {}),
  });
}
