/** What a run needs of the machine: system, processors, memory, loopback. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '../machine/errors.ts';
import { readHost } from '../machine/host.ts';
import { choosePlacement, type Placement } from '../machine/placement.ts';
import { readOrEmpty } from '../machine/read-or-empty.ts';
import { groupFiles } from './control-group.ts';
import { gibibytes } from './folders.ts';
import { type Answer, bad, good, hint, type Requirement } from './requirement.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** Servers of all strategies, two apps and the generator, with room. */
const ENOUGH_MEMORY = 3 * 2 ** 30;
/** Time for an answer over loopback, in milliseconds. */
const LOOPBACK_MS = 10_000;
/** A machine that is busier than this share of its cores disturbs what is measured. */
const IDLE_SHARE = 0.3;

export const machineRequirements: readonly Requirement[] = [
  { name: 'system', means: 'servers are metered and pinned by means of Linux', ask: askSystem },
  { name: 'Node.js', means: 'the harness and the apps run on it', ask: askNode },
  { name: 'cores', means: 'each tier is confined to its own', ask: askCores },
  { name: 'load', means: 'other work shows in what is measured', ask: askLoad },
  { name: 'CPU quota', means: 'it stops processes for parts of each period', ask: askQuota },
  { name: 'memory', means: 'servers, apps and the generator share it', ask: askMemory },
  { name: '/proc', means: 'CPU time and memory of servers are read there', ask: onLinux(askProc) },
  { name: 'loopback', means: 'the generator, the servers and the harness talk over it', ask: askLoopback },
];

const isLinux = os.platform() === 'linux';

function onLinux(ask: () => Promise<Answer>): Requirement['ask'] {
  return async () => (isLinux ? await ask() : null);
}

async function askSystem(): Promise<Answer> {
  const { os: name, kernel, arch, virtualization } = await readHost();
  const virtual = virtualization === 'none' || virtualization === 'unknown' ? '' : `, ${virtualization}`;
  const detail = `${name}, ${kernel}, ${arch}${virtual}`;
  return isLinux ? good(detail) : bad(detail, 'Use Linux or a Linux virtual machine.');
}

const packageSchema = z.object({ dependencies: z.object({ node: z.string() }) });

async function askNode(): Promise<Answer> {
  const text = await readOrEmpty(path.join(repository, 'package.json'));
  const wanted = packageSchema.parse(JSON.parse(text)).dependencies.node;
  const found = process.versions.node;
  return found === wanted
    ? good(`${found}, from package.json`)
    : hint(`${found}, though package.json says ${wanted}`, 'npm ci, and start it through npm run');
}

async function askCores(): Promise<Answer> {
  return coresAnswer(await choosePlacement());
}

export function coresAnswer({
  shared,
  siblings,
  description,
}: Pick<Placement, 'shared' | 'siblings' | 'description'>): Answer {
  const detail = `${os.availableParallelism()} (${os.cpus()[0]?.model.trim() ?? 'unknown'}). ${description}`;
  if (shared) return hint(detail, 'With 4 physical cores or more every tier has its own.');
  return siblings === null
    ? hint(detail, 'Tails may include another tier; a system with /sys/devices/system/cpu tells it.')
    : good(detail);
}

async function askLoad(): Promise<Answer> {
  const [lastMinute = 0] = os.loadavg();
  const detail = `${lastMinute.toFixed(2)} over the last minute`;
  return lastMinute <= IDLE_SHARE * os.availableParallelism()
    ? good(detail)
    : hint(detail, 'Let other programs end before you measure.');
}

/** A quota stops processes for parts of each period, which shows as latency. */
async function askQuota(): Promise<Answer> {
  const limits = await groupFiles('cpu', 'cpu.max');
  const cores = limits.map((limit) => {
    const [micros = 'max', period = '100000'] = limit.split(' ');
    return micros === 'max' ? Number.POSITIVE_INFINITY : Number(micros) / Number(period);
  });
  const [quotas, periods] = await Promise.all([
    groupFiles('cpu', 'cpu.cfs_quota_us'),
    groupFiles('cpu', 'cpu.cfs_period_us'),
  ]);
  for (const [index, quota] of quotas.entries())
    if (Number(quota) > 0) cores.push(Number(quota) / Number(periods[index]));
  const least = Math.min(...cores);
  if (!Number.isFinite(least)) return good('none');
  return hint(`${least.toFixed(2)} cores, by cgroup`, 'Tails will show the quota; lift it to measure.');
}

async function askMemory(): Promise<Answer> {
  const available =
    Number(/^MemAvailable:\s+(\d+)/m.exec(await readOrEmpty('/proc/meminfo'))?.[1] ?? 0) * 1024;
  // What a group uses holds files that are only cached, and so says little of what is left.
  const limits = (await groupFiles('memory', 'memory.max', 'memory.limit_in_bytes')).map(Number);
  const free = Math.min(available || os.freemem(), ...limits.filter(Number.isFinite));
  const detail = `${gibibytes(free)} available of ${gibibytes(os.totalmem())}`;
  return free >= ENOUGH_MEMORY
    ? good(detail)
    : hint(detail, 'Measure fewer strategies at a time (--strategy).');
}

async function askProc(): Promise<Answer> {
  return (await readOrEmpty('/proc/self/stat')) === ''
    ? bad('not readable', 'Mount /proc.')
    : good('readable: CPU time and memory of servers are known');
}

/** One byte there and back, over a port that the system gives. */
async function askLoopback(): Promise<Answer> {
  const server = createServer((socket) => socket.on('error', () => {}).end('.'));
  try {
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const socket = connect({ host: '127.0.0.1', port: address.port });
    socket.setTimeout(LOOPBACK_MS, () => socket.destroy(new Error('no answer')));
    await once(socket, 'data');
    socket.destroy();
    return good('127.0.0.1 answers');
  } catch (error) {
    return bad(
      `127.0.0.1 cannot be used: ${messageOf(error)}`,
      'Bring it up: ip link set lo up. In a sandbox, allow connections to 127.0.0.1.',
    );
  } finally {
    server.close();
  }
}
