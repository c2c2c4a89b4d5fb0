/** One server process of this machine: its folders and files, the steps before its start, and the process. */
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Child } from '../../machine/child.ts';
import { type Place, placesOfTree } from '../../machine/listening.ts';
import { givePortBack } from '../../machine/ports.ts';
import type { Executable } from '../../machine/programs/program.ts';
import type { RunFolder } from '../../machine/run-folder.ts';
import { type UserIds, unprivilegedUser } from '../../machine/unprivileged.ts';
import type { Command, InitStep, ReachableNode } from '../../services/definition.ts';
import { LAST_LINES, type Node, type NodeEnd } from '../nodes.ts';
import { asClientsSee, type PlannedNode, type PlannedService } from '../plan.ts';
import { fillDataFolder } from './data-template.ts';

const INIT_TIMEOUT_MS = 60_000;

export interface NativeNodeOptions {
  readonly service: PlannedService;
  readonly node: PlannedNode;
  readonly programs: ReadonlyMap<string, Executable>;
  readonly run: RunFolder;
  /** Null: all that this process may use. */
  readonly cores: readonly number[] | null;
}

export class NativeNode implements Node {
  readonly name: string;
  readonly #options: NativeNodeOptions;
  /** Of the node alone; its configuration, data and sockets are folders in it. */
  readonly #folder: string;
  readonly #logFile: string;
  readonly #user: UserIds | null;
  #child: Child | null = null;
  /** Steps that were ended before they were done. */
  readonly #stoppedSteps: Promise<void>[] = [];

  constructor(options: NativeNodeOptions) {
    const { name, place, plan } = options.node;
    this.name = name;
    this.#options = options;
    this.#folder = path.dirname(place.folders.run);
    this.#logFile = path.join(this.#folder, 'log');
    this.#user = plan.unprivileged ? unprivilegedUser() : null;
  }

  get title(): string {
    return `${this.name} (${this.origin})`;
  }

  get origin(): string {
    return this.#executable(this.#options.node.plan.command.program).path;
  }

  get reachable(): ReachableNode {
    return asClientsSee(this.#options.node);
  }

  get end(): NodeEnd | null {
    const child = this.#child;
    if (!child?.exit) return null;
    return { cause: child.exit.cause, lastLogLines: child.lastLogLines(LAST_LINES), wanted: !child.failed };
  }

  /** Process number of the server; null before its start. */
  get pid(): number | null {
    return this.#child?.identity.pid ?? null;
  }

  /** Makes folders and files, and runs the steps before the first start. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { place, plan } = this.#options.node;
    for (const folder of Object.values(place.folders)) {
      mkdirSync(folder, { mode: 0o700 });
      this.#give(folder);
    }
    for (const { folder, name, content } of plan.files) {
      const file = path.join(place.folders[folder], name);
      writeFileSync(file, content, { mode: 0o600 });
      this.#give(file);
    }
    const steps = plan.init.filter(({ scope }) => scope === 'template');
    if (steps.length > 0) {
      const programs = steps.map(({ program }) => this.#executable(program).path);
      const recipe = { steps, programs, folder: this.#folder, user: this.#user };
      await fillDataFolder(place.folders.data, recipe, (step) => this.#runStep(step, signal));
    }
    for (const step of plan.init.filter(({ scope }) => scope === 'node')) await this.#runStep(step, signal);
  }

  #give(file: string): void {
    if (this.#user) chownSync(file, this.#user.uid, this.#user.gid);
  }

  async #runStep(step: InitStep, signal: AbortSignal): Promise<void> {
    const title = `${this.name}: ${step.title}`;
    const stdin = step.stdin ? openInput(step, this.#folder) : null;
    try {
      const child = await this.#startChild(title, step, 'SIGTERM', 'SIGKILL', stdin, signal);
      const stop = () => this.#stopStep(child);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      const timer = setTimeout(() => void child.kill(), INIT_TIMEOUT_MS);
      const { code } = await child.ended;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
      if (code !== 0) throw child.gone() ?? new Error(`${this.name}: could not ${step.title}`);
    } finally {
      if (stdin !== null) closeSync(stdin);
    }
  }

  #stopStep(child: Child): void {
    const stopping = child.stop();
    // `stop` tells what went wrong.
    stopping.catch(() => {});
    this.#stoppedSteps.push(stopping);
  }

  startAgain(signal: AbortSignal): Promise<void> {
    return this.launch(signal);
  }

  /** Starts the server. */
  async launch(signal: AbortSignal): Promise<void> {
    const { command, stopSignal, killSignal } = this.#options.node.plan;
    this.#child = await this.#startChild(this.name, command, stopSignal, killSignal, null, signal);
  }

  async #startChild(
    name: string,
    command: Command,
    stopSignal: Child['options']['stopSignal'],
    killSignal: Child['options']['killSignal'],
    stdin: number | null,
    signal: AbortSignal,
  ): Promise<Child> {
    signal.throwIfAborted();
    const executable = this.#executable(command.program);
    return await Child.start(this.#options.run, {
      name,
      program: executable.path,
      args: command.args,
      env: { ...executable.env, ...command.env },
      cores: null,
      user: this.#user,
      folder: this.#folder,
      logFile: this.#logFile,
      stopSignal,
      killSignal,
      ...(stdin === null ? {} : { stdin }),
    });
  }

  #executable(program: string): Executable {
    const executable = this.#options.programs.get(program);
    if (!executable) throw new Error(`${this.name} needs the program ${program}, which was not provisioned`);
    return executable;
  }

  async listening(): Promise<readonly Place[]> {
    return this.pid === null ? [] : placesOfTree(this.pid);
  }

  async confine(): Promise<void> {
    const { cores } = this.#options;
    if (cores) await this.#child?.pin(cores);
  }

  async freeze(): Promise<void> {
    await this.#child?.freeze();
  }

  async thaw(): Promise<void> {
    this.#child?.thaw();
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  async reload(): Promise<void> {
    const { reloadSignal } = this.#options.node.plan;
    if (!reloadSignal) throw new Error(`${this.name} cannot read its configuration anew without ending`);
    if (!this.#child?.tell(reloadSignal)) throw new Error(`${this.name} does not run`);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#stoppedSteps, this.#child?.stop()]);
  }

  async saveLog(file: string): Promise<void> {
    if (existsSync(this.#logFile)) await copyFile(this.#logFile, file);
  }

  /** Gives its ports back, and removes its folders but for the log. */
  async remove(): Promise<void> {
    const { ports, folders } = this.#options.node.place;
    for (const port of Object.values(ports)) givePortBack(port);
    await Promise.all(
      Object.values(folders).map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 3 })),
    );
  }
}

function firstOf(files: readonly string[]): string {
  const found = files.find((file) => existsSync(file));
  if (!found) throw new Error(`none of these files is there: ${files.join(', ')}`);
  return found;
}

/** Input may hold secrets: a file that nobody else may read, and that has no name any more once it is open. */
function openInput(step: InitStep, folder: string): number {
  const file = path.join(folder, 'input');
  const parts = (step.stdin ?? []).map((part) =>
    'text' in part ? Buffer.from(part.text) : readFileSync(firstOf(part.firstOf)),
  );
  writeFileSync(file, Buffer.concat(parts), { mode: 0o600 });
  const descriptor = openSync(file, 'r');
  rmSync(file);
  return descriptor;
}
