/** What a run needs of the machine: system, processors, memory, limits. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { readHost } from '../machine/host.ts';
import { choosePlacement } from '../machine/placement.ts';
import { findProgram, systemFolders } from '../machine/programs/find.ts';
import { gibibytes } from './folders.ts';
import { type Answer, bad, good, hint, type Requirement } from './requirement.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** Servers of all strategies, two apps and the generator, with room. */
const ENOUGH_MEMORY = 3 * 2 ** 30;
/** Connections of generator, balancer and apps, with room. */
const ENOUGH_FILES = 1024;
/** A machine that is busier than this share of its cores disturbs what is measured. */
const IDLE_SHARE = 0.3;

export const machineRequirements: readonly Requirement[] = [
  { name: 'system', ask: askSystem },
  { name: 'Node.js', ask: askNode },
  { name: 'cores', ask: askCores },
  { name: 'load', ask: askLoad },
  { name: 'CPU quota', ask: askQuota },
  { name: 'memory', ask: askMemory },
  { name: 'open files', ask: askOpenFiles },
  { name: '/proc', ask: onLinux(askProc) },
  { name: 'taskset', ask: onLinux(askTaskset) },
];

/** Empty where the file cannot be read. */
const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

const isLinux = os.platform() === 'linux';

function onLinux(ask: () => Promise<Answer>): Requirement['ask'] {
  return async () => (isLinux ? await ask() : null);
}

async function askSystem(): Promise<Answer> {
  const { os: name, kernel, arch, virtualization } = await readHost();
  const virtual = virtualization === 'none' || virtualization === 'unknown' ? '' : `, ${virtualization}`;
  const detail = `${name}, ${kernel}, ${arch}${virtual}`;
  return isLinux
    ? good(detail)
    : bad(detail, 'Servers are metered and pinned by means of Linux: use Linux or a Linux virtual machine.');
}

const packageSchema = z.object({ dependencies: z.object({ node: z.string() }) });

async function askNode(): Promise<Answer> {
  const text = await read(path.join(repository, 'package.json'));
  const wanted = packageSchema.parse(JSON.parse(text)).dependencies.node;
  const found = process.versions.node;
  return found === wanted
    ? good(`${found}, from package.json`)
    : hint(`${found}, though package.json says ${wanted}`, 'npm ci, and start it through npm run');
}

async function askCores(): Promise<Answer> {
  const { shared, description } = await choosePlacement();
  const detail = `${os.availableParallelism()} (${os.cpus()[0]?.model.trim() ?? 'unknown'}). ${description}`;
  return shared ? hint(detail, 'With 4 physical cores or more every tier has its own.') : good(detail);
}

async function askLoad(): Promise<Answer> {
  const [lastMinute = 0] = os.loadavg();
  const detail = `${lastMinute.toFixed(2)} over the last minute`;
  return lastMinute <= IDLE_SHARE * os.availableParallelism()
    ? good(detail)
    : hint(detail, 'Let other programs end before you measure.');
}

/** A quota stops processes for parts of each period, which shows as latency. */
async function askQuota(): Promise<Answer | null> {
  const own = /^0::(.*)$/m.exec(await read('/proc/self/cgroup'))?.[1];
  if (own === undefined) return null;
  const limit = await read(path.join('/sys/fs/cgroup', own, 'cpu.max'));
  const [micros = 'max', period = '100000'] = limit.trim().split(' ');
  if (micros === 'max' || micros === '') return good('none');
  return hint(
    `${(Number(micros) / Number(period)).toFixed(2)} cores, by cgroup`,
    'Tails will show the quota; lift it to measure.',
  );
}

async function askMemory(): Promise<Answer> {
  const available = Number(/^MemAvailable:\s+(\d+)/m.exec(await read('/proc/meminfo'))?.[1] ?? 0) * 1024;
  const free = available || os.freemem();
  const detail = `${gibibytes(free)} available of ${gibibytes(os.totalmem())}`;
  return free >= ENOUGH_MEMORY
    ? good(detail)
    : hint(detail, 'Measure fewer strategies at a time (--strategy).');
}

async function askOpenFiles(): Promise<Answer> {
  const limit = /^Max open files\s+(\S+)/m.exec(await read('/proc/self/limits'))?.[1] ?? 'unknown';
  return Number(limit) < ENOUGH_FILES
    ? bad(`at most ${limit}`, `ulimit -n ${ENOUGH_FILES * 4}`)
    : good(`at most ${limit}`);
}

async function askProc(): Promise<Answer> {
  return (await read('/proc/self/stat')) === ''
    ? bad('not readable', 'Mount /proc.')
    : good('readable: CPU time and memory of servers are known');
}

async function askTaskset(): Promise<Answer> {
  const file = await findProgram(['taskset'], await systemFolders());
  return file ? good(file) : bad('missing', 'Install util-linux.');
}
