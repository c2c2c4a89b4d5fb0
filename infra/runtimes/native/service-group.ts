/** All nodes of one service: planned, started, asked, frozen and stopped together. */
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Child } from '../../machine/child.ts';
import { freePort, givePortBack } from '../../machine/ports.ts';
import type { Executable, ProgramPlace } from '../../machine/programs/program.ts';
import type { RunFolder } from '../../machine/run-folder.ts';
import { type UserIds, unprivilegedUser } from '../../machine/unprivileged.ts';
import type {
  Command,
  InitStep,
  NodeContext,
  NodePlan,
  ReachableNode,
  Service,
  ServiceControl,
} from '../../services/definition.ts';
import type { Tier } from '../runtime.ts';
import { becomeReady, beReadyAgain, type LivingService, untilReady } from '../service-life.ts';
import { fillDataFolder } from './data-template.ts';

const HOST = '127.0.0.1';
const INIT_TIMEOUT_MS = 60_000;
/** Another program may take a port between our finding it free and our server's listening there. */
const START_ATTEMPTS = 3;

export interface GroupOptions {
  /** The topology's name for it: `cache`. */
  readonly name: string;
  readonly tier: Tier;
  readonly service: Service;
  readonly count: number;
  readonly memoryMiB: number;
  readonly cores: readonly number[] | null;
  readonly programs: ReadonlyMap<string, Executable>;
  readonly run: RunFolder;
  /** Gives a port that is free now; one of loopback unless given. */
  readonly findPort?: () => Promise<number>;
}

interface Node {
  readonly context: NodeContext;
  readonly plan: NodePlan;
  readonly user: UserIds | null;
  readonly folder: string;
  readonly logFile: string;
  child: Child | null;
}

/** Whether the last words of a server say that its port was taken. */
export function saysPortTaken(lines: readonly string[]): boolean {
  return lines.some((line) =>
    /address already in use|EADDRINUSE|cannot bind|failed to bind|could not bind/i.test(line),
  );
}

export class ServiceGroup {
  readonly options: GroupOptions;
  #nodes: Node[] = [];
  #control: ServiceControl | null = null;
  #stopping = false;
  #starting: Promise<void> = Promise.resolve();
  #steps = new Set<Child>();
  readonly #secrets = new Map<string, string>();

  constructor(options: GroupOptions) {
    this.options = options;
  }

  get name(): string {
    return this.options.name;
  }

  get tier(): Tier {
    return this.options.tier;
  }

  get control(): ServiceControl {
    if (!this.#control) throw new Error(`${this.name} has not been started`);
    return this.#control;
  }

  get children(): readonly Child[] {
    return this.#nodes.flatMap(({ child }) => (child ? [child] : []));
  }

  get logFiles(): readonly { readonly name: string; readonly file: string }[] {
    return this.#nodes.map(({ context, logFile }) => ({ name: context.name, file: logFile }));
  }

  /** As the nodes' clients see them. */
  get nodes(): readonly ReachableNode[] {
    return this.#nodes.map(({ context }) => reachable(context));
  }

  readonly secret = (name: string): string => {
    const known = this.#secrets.get(name);
    if (known) return known;
    const made = randomBytes(24).toString('hex');
    this.#secrets.set(name, made);
    return made;
  };

  /** Resolves when the service is ready. @throws Error with the last log lines of a node that ended. */
  async start(): Promise<void> {
    this.#starting = this.#startOnSomePorts();
    try {
      await this.#starting;
    } catch (error) {
      this.#expectNotStopping();
      throw error;
    }
  }

  async #startOnSomePorts(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#startOnce();
      } catch (error) {
        const taken = this.children.some((child) => child.failed && saysPortTaken(child.lastLogLines()));
        if (!taken || attempt === START_ATTEMPTS || this.#stopping) throw error;
        await Promise.allSettled(this.children.map((child) => child.stop()));
        this.#givePortsBack();
      }
    }
  }

  async #startOnce(): Promise<void> {
    this.#nodes = [];
    for (let number = 1; number <= this.options.count; number++)
      this.#nodes.push(await this.#planNode(number));
    this.#control = this.options.service.control(this.nodes, this.secret);
    await everyOne(this.#nodes, (node) => this.#prepare(node));
    await everyOne(this.#nodes, (node) => this.#launch(node));
    await becomeReady(this.#living);
    await this.#pin();
  }

  /** Starting has all cores, since it is not measured and there are many to start. */
  async #pin(): Promise<void> {
    const { cores } = this.options;
    if (cores) await Promise.all(this.children.map((child) => child.pin(cores)));
  }

  get #living(): LivingService {
    return {
      name: this.name,
      control: this.control,
      gone: () =>
        this.#stopping
          ? new Error(`${this.name} is being stopped`)
          : (this.children.map((child) => child.gone()).find((reason) => reason !== null) ?? null),
    };
  }

  /** @throws Error when it does not get ready in time, or when a node ended. */
  async untilReady(): Promise<void> {
    await untilReady(this.#living);
  }

  async #planNode(number: number): Promise<Node> {
    const { name, count, memoryMiB, service, cores, programs, run } = this.options;
    const findPort = this.options.findPort ?? (() => freePort(HOST));
    const folder = run.subfolder();
    const ports: Record<string, number> = {};
    for (const port of service.ports) ports[port] = await findPort();
    const context: NodeContext = {
      name: `${name}-${number}`,
      number,
      count,
      host: HOST,
      ports,
      folders: {
        config: path.join(folder, 'etc'),
        data: path.join(folder, 'data'),
        run: path.join(folder, 'run'),
      },
      memoryMiB,
      cores: cores?.length ?? 1,
      programs: Object.fromEntries([...programs].map(([key, program]) => [key, placeOf(program)])),
      secret: this.secret,
    };
    const plan = service.plan(context);
    const user = plan.unprivileged ? unprivilegedUser() : null;
    return { context, plan, user, folder, logFile: path.join(folder, 'log'), child: null };
  }

  async #prepare({ context, plan, user, folder, logFile }: Node): Promise<void> {
    for (const each of Object.values(context.folders)) {
      mkdirSync(each, { mode: 0o700 });
      if (user) chownSync(each, user.uid, user.gid);
    }
    for (const file of plan.files) {
      const where = path.join(context.folders[file.folder], file.name);
      writeFileSync(where, file.content, { mode: 0o600 });
      if (user) chownSync(where, user.uid, user.gid);
    }
    const step = (each: InitStep) => this.#runStep(each, context.name, { user, folder, logFile });
    const template = plan.init.filter(({ scope }) => scope === 'template');
    if (template.length > 0) {
      const programs = template.map(({ program }) => this.#executable(program).path);
      await fillDataFolder(context.folders.data, { steps: template, programs, folder, user }, step);
    }
    for (const each of plan.init.filter(({ scope }) => scope === 'node')) await step(each);
  }

  async #runStep(
    step: InitStep,
    nodeName: string,
    place: { readonly user: UserIds | null; readonly folder: string; readonly logFile: string },
  ): Promise<void> {
    const stdin = step.stdin ? openInput(step, place.folder) : undefined;
    try {
      const child = await this.#startChild(`${nodeName}: ${step.title}`, step, {
        ...place,
        stopSignal: 'SIGTERM',
        killSignal: 'SIGKILL',
        ...(stdin === undefined ? {} : { stdin }),
      });
      this.#steps.add(child);
      const timer = setTimeout(() => void child.kill(), INIT_TIMEOUT_MS);
      const { code } = await child.ended;
      clearTimeout(timer);
      this.#steps.delete(child);
      if (code !== 0) throw child.gone() ?? new Error(`${nodeName}: could not ${step.title}`);
    } finally {
      if (stdin !== undefined) closeSync(stdin);
    }
  }

  async #launch(node: Node): Promise<void> {
    const { plan, context, user, folder, logFile } = node;
    node.child = await this.#startChild(context.name, plan.command, { ...plan, user, folder, logFile });
  }

  #executable(program: string): Executable {
    const executable = this.options.programs.get(program);
    if (!executable) throw new Error(`${this.name} needs the program ${program}, which was not provisioned`);
    return executable;
  }

  async #startChild(
    name: string,
    command: Command,
    place: Pick<Child['options'], 'user' | 'folder' | 'logFile' | 'stopSignal' | 'killSignal' | 'stdin'>,
  ): Promise<Child> {
    this.#expectNotStopping();
    const executable = this.#executable(command.program);
    const { user, folder, logFile, stopSignal, killSignal, stdin } = place;
    const child = await Child.start(this.options.run, {
      name,
      tier: this.tier,
      program: executable.path,
      args: command.args,
      env: { ...executable.env, ...command.env },
      cores: null,
      user,
      folder,
      logFile,
      stopSignal,
      killSignal,
      ...(stdin === undefined ? {} : { stdin }),
    });
    // `stop` did not see a child that was still being started.
    if (this.#stopping) await child.stop();
    this.#expectNotStopping();
    return child;
  }

  #expectNotStopping(): void {
    if (this.#stopping) throw new Error(`${this.name} is being stopped`);
  }

  /** @throws Error naming the nodes that exist. */
  #node(name: string): Node {
    const node = this.#nodes.find(({ context }) => context.name === name);
    if (!node) throw new Error(`${this.name} has no node ${name}`);
    return node;
  }

  /** Ends one node as a crash would. */
  async kill(nodeName: string): Promise<void> {
    await this.#node(nodeName).child?.kill();
  }

  /** Starts a node that is not running on the same ports with the data that it left; resolves when all is ready. */
  async startAgain(nodeName: string): Promise<void> {
    const node = this.#node(nodeName);
    await node.child?.stop();
    await this.#launch(node);
    await this.untilReady();
    await this.#pin();
  }

  /** A service of which a node has ended cannot be told of it first, but what is left of it stops all the same. */
  async freeze(): Promise<void> {
    if (this.children.every(({ exit }) => !exit)) await this.control.beforeFreeze?.();
    await Promise.all(this.children.map((child) => child.freeze()));
  }

  /** Resolves when the service is ready again. */
  async thaw(): Promise<void> {
    for (const child of this.children) child.thaw();
    await beReadyAgain(this.#living);
  }

  /** Removes all but the logs. Never throws; gives what went wrong. */
  async stop(): Promise<readonly Error[]> {
    this.#stopping = true;
    const stopAll = () => Promise.allSettled([...this.#steps, ...this.children].map((child) => child.stop()));
    const stops = await stopAll();
    // A start that was under way notices, but may have launched something until then.
    await this.#starting.catch(() => {});
    stops.push(...(await stopAll()));
    this.#givePortsBack();
    const folders = this.#nodes.flatMap(({ context }) => Object.values(context.folders));
    const removals = await Promise.allSettled(
      folders.map((folder) => rm(folder, { recursive: true, force: true })),
    );
    return [...stops, ...removals].flatMap((outcome) =>
      outcome.status === 'rejected'
        ? [outcome.reason instanceof Error ? outcome.reason : new Error(String(outcome.reason))]
        : [],
    );
  }

  #givePortsBack(): void {
    for (const { context } of this.#nodes)
      for (const port of Object.values(context.ports)) givePortBack(port);
  }
}

/** All have ended, well or not, before the first error is told: nothing goes on behind the caller's back. */
async function everyOne<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const outcomes = await Promise.allSettled(items.map(work));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

function reachable({ name, host, ports, folders }: NodeContext): ReachableNode {
  return { name, host, ports, reach: { host, ports, runFolder: folders.run } };
}

function placeOf({ path: program, root }: Executable): ProgramPlace {
  return { path: program, root, resolvedName: path.basename(realpathSync(program)) };
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
