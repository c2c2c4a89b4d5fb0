/** One server as a container that Compose has made: met, paused, killed and started again through the engine. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Place, reachOf } from '../../machine/listening.ts';
import { readProcess, ticksSinceBoot } from '../../machine/process-table.ts';
import { until } from '../../machine/until.ts';
import type { ReachableNode } from '../../services/definition.ts';
import { LAST_LINES, type Node, type NodeEnd } from '../nodes.ts';
import type { PlannedNode } from '../plan.ts';
import { isHealthSleep } from './compose/health.ts';
import { type ControlGroup, controlGroupOf, processesOf } from './engine/cgroup.ts';
import { type EngineClient, isNoSuchState } from './engine/client.ts';
import { causeOf, inspectContainer, lastLines, logOf, outOfMemoryCause } from './engine/containers.ts';
import type { ContainerEvent } from './engine/watch.ts';

export const ENGINE_GONE = 'the Docker engine went away or was restarted';
/** Questions come every 250 ms; a machine with much else to do takes longer to start their processes. */
const SETTLE_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_SECONDS = 10;
const TELL_TIMEOUT_MS = 10_000;

/** The container as it was when it was last started. */
interface Running {
  readonly id: string;
  /** On the deployment's own network. */
  readonly address: string;
  readonly memoryMiB: number;
  readonly group: ControlGroup;
}

export class DockerNode implements Node {
  readonly name: string;
  readonly origin: string;
  readonly #client: EngineClient;
  readonly #plan: PlannedNode;
  /** The node's own folder on this machine. */
  readonly #folder: string;
  #running: Running | null = null;
  #end: NodeEnd | null = null;
  #wanted = false;
  /** Inquiries about how it ended that are under way. */
  readonly #inquiries = new Set<Promise<void>>();
  /** In clock ticks since boot; a question after its health that was begun earlier does not count. */
  #awakeSince = 0;

  /** @param image name and digest, for reports */
  constructor(client: EngineClient, plan: PlannedNode, image: string, folder: string) {
    this.#client = client;
    this.#plan = plan;
    this.#folder = folder;
    this.name = plan.name;
    this.origin = image;
  }

  get title(): string {
    return this.name;
  }

  get end(): NodeEnd | null {
    return this.#end;
  }

  /** Null before the first start. */
  get id(): string | null {
    return this.#running?.id ?? null;
  }

  /** Null before the first start. */
  get group(): ControlGroup | null {
    return this.#running?.group ?? null;
  }

  /** By address: the nodes of a Redis Cluster are told of each other by addresses. */
  get reachable(): ReachableNode {
    const { address: host } = this.#expectRunning();
    const { ports } = this.#plan.place;
    return {
      name: this.name,
      host,
      ports,
      reach: { host, ports, runFolder: path.join(this.#folder, 'run') },
    };
  }

  #expectRunning(): Running {
    if (!this.#running) throw new Error(`${this.name} has not been started`);
    return this.#running;
  }

  /** Looks at the container that runs now. @throws Error when it does not run or cannot be metered */
  async meet(id: string): Promise<void> {
    const state = await inspectContainer(this.#client, id);
    if (!state.running) throw new Error(`${this.name} ended with ${causeOf(state)}`);
    const { address, memoryMiB, pid } = state;
    this.#running = { id: state.id, address, memoryMiB, group: controlGroupOf(pid) };
  }

  /** Its ports on the deployment's own network, and those of this machine that lead to them. */
  async listening(): Promise<readonly Place[]> {
    const { id, address } = this.#expectRunning();
    const { published } = await inspectContainer(this.#client, id);
    const inside = Object.values(this.#plan.place.ports).map((port) => ({ address, port }));
    return [...inside, ...published].map((place) => ({ ...place, reach: reachOf(place.address) }));
  }

  /** The engine limits it to its cores from the start. */
  async confine(): Promise<void> {}

  /**
   * An engine that starts a process in a container at the moment at which it is paused waits for that process for ever,
   * and with it whoever wants something of the container. It starts one to ask for the container's health, soon after
   * each start and thaw; that one sleeps, and no other is started while it does (see health.ts). So it is awaited.
   */
  async freeze(): Promise<void> {
    const { group } = this.#expectRunning();
    await until(`${this.name} is not asked for its health any more`, SETTLE_TIMEOUT_MS, () => {
      if (!sleepsSince(group, this.#awakeSince)) throw new Error('the question has not ended');
    });
    await this.#order('pause');
  }

  async thaw(): Promise<void> {
    this.#awakeSince = ticksSinceBoot();
    await this.#order('unpause');
  }

  async kill(): Promise<void> {
    this.#wanted = true;
    await this.#order('unpause');
    await this.#order('kill');
    await this.#untilEndIsTold();
  }

  async reload(): Promise<void> {
    const { reloadSignal } = this.#plan.plan;
    if (!reloadSignal) throw new Error(`${this.name} cannot read its configuration anew without ending`);
    await this.#client.ask('POST', `/containers/${this.#expectRunning().id}/kill?signal=${reloadSignal}`);
  }

  async #untilEndIsTold(): Promise<void> {
    await until(`the engine tells the end of ${this.name}`, TELL_TIMEOUT_MS, () => {
      if (!this.#end) throw new Error('it has not been told');
    });
    await this.settled();
  }

  /** What cannot be stopped is ended when the whole deployment is removed, which tells what went wrong. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#wanted = true;
    await this.#order('unpause')
      .then(() => this.#order(`stop?t=${STOP_TIMEOUT_SECONDS}`))
      .catch(() => {});
  }

  async startAgain(): Promise<void> {
    const { id } = this.#expectRunning();
    // News of the end that come later would be taken for another end.
    await this.#untilEndIsTold();
    this.#awakeSince = ticksSinceBoot();
    this.#end = null;
    this.#wanted = false;
    await this.#client.ask('POST', `/containers/${id}/start`);
    await this.meet(id);
  }

  /** No effect where it is so already, or where the container has ended. */
  async #order(what: string): Promise<void> {
    try {
      await this.#client.ask('POST', `/containers/${this.#expectRunning().id}/${what}`);
    } catch (error) {
      if (!isNoSuchState(error)) throw error;
    }
  }

  async saveLog(file: string): Promise<void> {
    if (this.#running) await writeFile(file, await logOf(this.#client, this.#running.id));
  }

  /** The engine has told something of this container. */
  hear(type: Exclude<ContainerEvent['type'], 'silence'>): void {
    const { memoryMiB } = this.#expectRunning();
    this.#note(type === 'out-of-memory' ? outOfMemoryCause(memoryMiB) : (this.#end?.cause ?? 'ended'));
    const inquiry = this.#inquire().finally(() => this.#inquiries.delete(inquiry));
    this.#inquiries.add(inquiry);
  }

  /** The engine tells nothing any more. */
  loseEngine(): void {
    if (this.#running) this.#note(ENGINE_GONE);
  }

  #note(cause: string, lastLogLines: readonly string[] = []): void {
    this.#end = { cause, lastLogLines, wanted: this.#end?.wanted ?? this.#wanted };
  }

  /** What the engine knows beyond the event: how it ended, and its last words. */
  async #inquire(): Promise<void> {
    const { id, memoryMiB } = this.#expectRunning();
    const [state, lines] = await Promise.all([
      inspectContainer(this.#client, id).catch(() => null),
      lastLines(this.#client, id, LAST_LINES),
    ]);
    const known = this.#end?.cause ?? 'ended';
    const told = [outOfMemoryCause(memoryMiB), ENGINE_GONE].includes(known);
    const cause = state ? causeOf(state) : ENGINE_GONE;
    this.#note(told || state?.running ? known : cause, lines);
  }

  /** Resolves when all inquiries so far have been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#inquiries);
  }
}

/** Whether the container's group has ended, or holds a sleeping question after its health that began after that. */
function sleepsSince(group: ControlGroup, ticks: number): boolean {
  const processes = processesOf(group);
  return (
    processes.length === 0 ||
    processes.some((pid) => isHealthSleep(pid) && (readProcess(pid)?.startTicks ?? -1) >= ticks)
  );
}
