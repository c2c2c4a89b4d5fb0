/** Containers that run, through the engine's HTTP interface: looked at, paused, and their logs. */
import { z } from 'zod';
import { readProcess, ticksSinceBoot } from '../../../machine/process-table.ts';
import { until } from '../../../machine/until.ts';
import { isHealthSleep } from '../health.ts';
import { type ControlGroup, controlGroupOf, processesOf } from './cgroup.ts';
import { type EngineClient, EngineError, withFilters } from './client.ts';

/** Questions come every 250 ms; a machine with much else to do takes longer to start their processes. */
const SETTLE_TIMEOUT_MS = 30_000;
const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';

const listed = z.array(
  z.object({ Id: z.string(), State: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
);
const inspected = z.object({
  Id: z.string(),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    Pid: z.int(),
    ExitCode: z.int(),
    OOMKilled: z.boolean().default(false),
    Error: z.string().default(''),
  }),
  HostConfig: z.object({ Memory: z.number().default(0) }),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ IPAddress: z.string().default('') })).nullish(),
  }),
});

export interface ContainerState {
  readonly id: string;
  readonly running: boolean;
  /** Of its first process, on this machine; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** The engine's own words when it could not be started; usually empty. */
  readonly error: string;
  /** Limit of memory in MiB; 0 for none. */
  readonly memoryMiB: number;
  /** On its own network; empty without one. */
  readonly address: string;
}

/** @throws EngineError with status 404 when there is none */
export async function inspectContainer(client: EngineClient, name: string): Promise<ContainerState> {
  const { Id, State, HostConfig, NetworkSettings } = await client.json(
    inspected,
    `/containers/${encodeURIComponent(name)}/json`,
  );
  const [network] = Object.values(NetworkSettings.Networks ?? {});
  return {
    id: Id,
    running: State.Running,
    pid: State.Pid,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
    error: State.Error,
    memoryMiB: Math.round(HostConfig.Memory / 2 ** 20),
    address: network?.IPAddress ?? '',
  };
}

export interface ProjectContainer {
  readonly id: string;
  /** Name of the Compose service: `cache-1`. */
  readonly service: string;
  /** `running`, `paused`, `exited`, `created`, … */
  readonly state: string;
}

export async function containersOf(
  client: EngineClient,
  project: string,
): Promise<readonly ProjectContainer[]> {
  const filters = { label: [`${PROJECT_LABEL}=${project}`] };
  const all = await client.json(listed, withFilters('/containers/json', filters, 'all=1&'));
  return all.map(({ Id, State, Labels }) => ({
    id: Id,
    service: Labels?.[SERVICE_LABEL] ?? '',
    state: State,
  }));
}

/** The end of a container in words: `exit code 1`, `SIGKILL`, or that it was out of memory. */
export function causeOf({
  exitCode,
  outOfMemory,
  memoryMiB,
  error,
}: Pick<ContainerState, 'exitCode' | 'outOfMemory' | 'memoryMiB' | 'error'>): string {
  if (outOfMemory) return outOfMemoryCause(memoryMiB);
  if (error !== '') return error;
  const signals: Readonly<Record<number, string>> = {
    129: 'SIGHUP',
    130: 'SIGINT',
    131: 'SIGQUIT',
    134: 'SIGABRT',
    137: 'SIGKILL',
    139: 'SIGSEGV',
    143: 'SIGTERM',
  };
  return signals[exitCode] ?? `exit code ${exitCode}`;
}

export const outOfMemoryCause = (memoryMiB: number) =>
  `out of memory: the kernel killed it at its limit of ${memoryMiB} MiB`;

/** A container that runs now, and that counters can be read of. */
export class Container {
  readonly name: string;
  readonly id: string;
  readonly address: string;
  readonly memoryMiB: number;
  readonly group: ControlGroup;
  readonly #client: EngineClient;
  /** In clock ticks since boot; a question after its health that was begun earlier does not count. */
  #awakeSince = 0;

  /** @throws Error when it does not run or cannot be metered */
  static async find(client: EngineClient, name: string, id: string): Promise<Container> {
    const state = await inspectContainer(client, id);
    if (!state.running) throw new Error(`${name} ended with ${causeOf(state)}`);
    return new Container(client, name, state);
  }

  private constructor(client: EngineClient, name: string, state: ContainerState) {
    this.#client = client;
    this.name = name;
    this.id = state.id;
    this.address = state.address;
    this.memoryMiB = state.memoryMiB;
    this.group = controlGroupOf(state.pid);
  }

  /**
   * Stops all its processes from getting CPU time. No effect on one that is paused or has ended.
   *
   * An engine that starts a process in a container at the moment at which it is paused waits for that process for ever,
   * and with it whoever wants something of the container. It starts one to ask for the container's health, soon after
   * each start and thaw; that one sleeps, and no other is started while it does (see health.ts). So it is awaited.
   */
  async pause(): Promise<void> {
    await until(`${this.name} is not asked for its health any more`, SETTLE_TIMEOUT_MS, () => {
      if (!sleepsSince(this.group, this.#awakeSince)) throw new Error('the question has not ended');
    });
    await this.#change('pause');
  }

  async unpause(): Promise<void> {
    this.#awakeSince = ticksSinceBoot();
    await this.#change('unpause');
  }

  async #change(verb: 'pause' | 'unpause'): Promise<void> {
    try {
      await this.#client.ask('POST', `/containers/${this.id}/${verb}`);
    } catch (error) {
      if (!isNoSuchState(error)) throw error;
    }
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

/** What was asked for is so already, or the container has ended. */
export function isNoSuchState(error: unknown): boolean {
  return (
    error instanceof EngineError &&
    (error.status === 404 || /already paused|not paused|not running/i.test(error.message))
  );
}

/**
 * What a container has written, both streams in the order of writing.
 * @param lines how many of the last lines; all unless given
 */
export async function logOf(client: EngineClient, id: string, lines?: number): Promise<string> {
  const tail = lines === undefined ? 'all' : String(lines);
  return plainLog(await client.ask('GET', `/containers/${id}/logs?stdout=1&stderr=1&tail=${tail}`));
}

export async function lastLines(client: EngineClient, id: string, count = 15): Promise<readonly string[]> {
  const log = await logOf(client, id, count).catch(() => '');
  return log
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

const FRAME_HEADER = 8;

/** The engine frames pieces of both streams: one byte for the stream, three of nothing, four for the length. */
export function plainLog(framed: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + FRAME_HEADER <= framed.length; ) {
    const length = framed.readUInt32BE(at + 4);
    pieces.push(framed.subarray(at + FRAME_HEADER, at + FRAME_HEADER + length));
    at += FRAME_HEADER + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
