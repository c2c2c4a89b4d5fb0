/** Whether a Docker engine with Compose can be used here, and what stands in the way. */
import os from 'node:os';
import { z } from 'zod';
import { environmentFor, type Variables } from '../../../machine/environment.ts';
import { messageOf } from '../../../machine/errors.ts';
import { runProgram } from '../../../machine/run.ts';
import type { Lack } from '../../runtime.ts';
import { EngineClient } from './client.ts';

/** `up --wait` with one-shot services, and long syntax of everything that we write, work from here on. */
const OLDEST_COMPOSE = [2, 20] as const;
/** Older ones forbid the call by which the C library of newer images starts threads (clone3). */
const OLDEST_ENGINE = [20, 10, 10] as const;
const PING_TIMEOUT_MS = 5_000;

export interface Engine {
  readonly client: EngineClient;
  /** `20.10.24` */
  readonly version: string;
  readonly composeVersion: string;
  /** One line: `Docker 28.1.1, overlay2, cgroup v2, Compose 2.36.0`. */
  readonly description: string;
}

export type FoundEngine =
  | { readonly status: 'ready'; readonly engine: Engine }
  | { readonly status: 'lacking'; readonly lack: Lack };

const lacking = (what: string, why: string, remedy: string): FoundEngine => ({
  status: 'lacking',
  lack: { what, why, remedy },
});

const infoSchema = z.object({
  ServerVersion: z.string(),
  Driver: z.string(),
  CgroupVersion: z.string().default('1'),
  OperatingSystem: z.string().default(''),
  SecurityOptions: z.array(z.string()).nullish(),
});

/** Never throws. */
export async function findEngine(env: Variables = environmentFor('engine')): Promise<FoundEngine> {
  if (os.platform() !== 'linux') {
    return lacking(
      'Linux',
      `containers are metered by their control groups and asked through unix sockets in shared folders, and this is ${os.platform()}`,
      'Run session-bench inside a Linux virtual machine that has Docker.',
    );
  }
  const address = await engineAddress(env);
  if (typeof address !== 'string') return address;
  const client = new EngineClient(address);
  try {
    await client.ask('GET', '/_ping', PING_TIMEOUT_MS);
  } catch (error) {
    return lacking('a Docker engine', ...whyNoAnswer(address, error));
  }
  const info = await client.json(infoSchema, '/info');
  const special = tooOld(info.ServerVersion) ?? specialEngine(info);
  if (special) return special;
  const compose = await findCompose(env);
  if (typeof compose !== 'string') return compose;
  return {
    status: 'ready',
    engine: {
      client,
      version: info.ServerVersion,
      composeVersion: compose,
      description: `Docker ${info.ServerVersion}, ${info.Driver}, cgroup v${info.CgroupVersion}, Compose ${compose}`,
    },
  };
}

/** Path of the engine's socket, as the `docker` command would choose it. */
async function engineAddress(env: Variables): Promise<string | FoundEngine> {
  const context = await runProgram(
    'docker',
    ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'],
    { env },
  );
  if (context.ending === 'missing') {
    return lacking(
      'Docker',
      'the command docker is not on PATH',
      'Install Docker Engine with its Compose plugin (https://docs.docker.com/engine/install/), or use --runtime native.',
    );
  }
  const host = env.DOCKER_HOST || (context.exitCode === 0 ? context.stdout.trim() : '');
  if (host === '') return '/var/run/docker.sock';
  if (host.startsWith('unix://')) return host.slice('unix://'.length);
  return lacking(
    'a Docker engine on this machine',
    `the docker command is set to use the engine at ${host}, and what is measured there cannot be metered here`,
    'Choose the local engine (docker context use default; unset DOCKER_HOST), or run session-bench on that machine.',
  );
}

/** A user without a name goes by its number, as in a container that was started with `--user 1234`. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

function whyNoAnswer(socket: string, error: unknown): [why: string, remedy: string] {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EACCES' || code === 'EPERM') {
    return [
      `this user (${userName()}) may not use its socket ${socket}`,
      `Add the user to the socket's group (sudo usermod -aG docker ${userName()}, then log in again), or use --runtime native.`,
    ];
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return [
      `nothing answers at ${socket}`,
      'Start it (sudo systemctl start docker; where there is no systemd: bash .ci/engine), or use --runtime native.',
    ];
  }
  return [
    messageOf(error),
    'See the engine’s log (journalctl -u docker), restart it, or use --runtime native.',
  ];
}

/** Null where the version is new enough, or none that can be read. */
export function tooOld(version: string): FoundEngine | null {
  const [, ...parts] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (parts.length === 0 || !isOlder(parts, OLDEST_ENGINE)) return null;
  return lacking(
    `Docker Engine ${OLDEST_ENGINE.join('.')} or newer`,
    `this one is ${version}, in which programs of newer images cannot start threads`,
    'Update the engine (https://docs.docker.com/engine/install/), or use --runtime native.',
  );
}

/** Engines whose containers do not share this machine's users or kernel as ours need them to. */
function specialEngine(info: z.infer<typeof infoSchema>): FoundEngine | null {
  const options = (info.SecurityOptions ?? []).join(' ');
  if (/name=(rootless|userns)/.test(options)) {
    return lacking(
      'an engine without remapped users',
      'in this one the users of containers are not those of this machine, so that secrets which only the container’s user may read cannot be handed over as files',
      'Use an engine that runs as root without userns-remap, or --runtime native.',
    );
  }
  if (/Docker Desktop/.test(info.OperatingSystem)) {
    return lacking(
      'an engine on this kernel',
      'Docker Desktop runs containers in a virtual machine of its own, where they cannot be metered from here',
      'Install Docker Engine beside it and choose it (docker context use default), or use --runtime native.',
    );
  }
  return null;
}

async function findCompose(env: Variables): Promise<string | FoundEngine> {
  const { exitCode, stdout } = await runProgram('docker', ['compose', 'version', '--short'], { env });
  return readCompose(exitCode === 0 ? stdout : '');
}

/**
 * Later major versions are taken: Compose 5 is what Compose 2 was, without the builder, which is not used here.
 * @param answer to `docker compose version --short`; empty where there was none
 * @returns the version, or what is lacking
 */
export function readCompose(answer: string): string | FoundEngine {
  const remedy =
    'Install the Compose plugin (package docker-compose-plugin, docker-compose-v2 or docker-compose of your system; https://docs.docker.com/compose/install/linux/), or use --runtime native.';
  const version = /^v?(\d+)\.(\d+)\S*/.exec(answer.trim());
  if (!version) return lacking('Docker Compose', 'docker compose does not answer', remedy);
  const [text] = version;
  if (isOlder(version.slice(1), OLDEST_COMPOSE))
    return lacking(`Docker Compose ${OLDEST_COMPOSE.join('.')} or newer`, `this machine has ${text}`, remedy);
  return text.replace(/^v/, '');
}

/** Part by part; parts that are not there count as 0. */
function isOlder(parts: readonly string[], oldest: readonly number[]): boolean {
  for (const [index, least] of oldest.entries()) {
    const part = Number(parts[index] ?? 0);
    if (part !== least) return part < least;
  }
  return false;
}
