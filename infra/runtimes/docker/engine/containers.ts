/** What the engine knows of containers: their states, how they ended, and their logs. */
import { z } from 'zod';
import { type EngineClient, withFilters } from './client.ts';

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
    /** Null for a port that the image names and that is not published. */
    Ports: z
      .record(
        z.string(),
        z.array(z.object({ HostIp: z.string().default(''), HostPort: z.string() })).nullable(),
      )
      .nullish(),
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
  /** Addresses and ports of this machine that lead into it; `0.0.0.0` is every address. */
  readonly published: readonly { readonly address: string; readonly port: number }[];
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
    published: Object.values(NetworkSettings.Ports ?? {}).flatMap((places) =>
      (places ?? []).map(({ HostIp, HostPort }) => ({
        address: HostIp || '0.0.0.0',
        port: Number(HostPort),
      })),
    ),
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
    132: 'SIGILL',
    134: 'SIGABRT',
    135: 'SIGBUS',
    137: 'SIGKILL',
    139: 'SIGSEGV',
    143: 'SIGTERM',
  };
  return signals[exitCode] ?? `exit code ${exitCode}`;
}

export const outOfMemoryCause = (memoryMiB: number) =>
  `out of memory: the kernel killed it at its limit of ${memoryMiB} MiB`;

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
