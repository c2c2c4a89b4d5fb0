/** What the machine offers. */
import { access, readFile, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readHost } from '../../infra/machine/host.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import { findProgram, systemFolders } from '../../infra/machine/programs/find.ts';
import { cacheFolder } from '../../infra/machine/programs/index.ts';
import { closedTemporaryFolder } from '../../infra/machine/temporary-folder.ts';
import type { Finding } from './finding.ts';

const read = (file: string) => readFile(file, 'utf8').catch(() => '');
const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** Servers of all strategies, two apps and the generator, with room. */
const enoughMemory = 3 * 2 ** 30;
/** Connections of generator, balancer and apps, with room. */
const enoughFiles = 1024;
/** A machine that is busier than this share of its cores disturbs what is measured. */
const idleShare = 0.3;

export async function examineMachine(results: string): Promise<readonly Finding[]> {
  return await Promise.all([
    system(),
    node(),
    cores(),
    load(),
    quota(),
    memory(),
    openFiles(),
    processes(),
    taskset(),
    space('results', results, 0.2 * 2 ** 30, 'name another folder with --out'),
    space('temporary', os.tmpdir(), 2 * 2 ** 30, 'name another folder in TMPDIR'),
    space('cache', cacheFolder(), 1.5 * 2 ** 30, 'name another folder in SESSION_BENCH_CACHE'),
    reachableTemporary(),
    reachableCache(),
  ]).then((findings) => findings.filter((finding) => finding !== null));
}

async function reachableTemporary(): Promise<Finding | null> {
  const lack = closedTemporaryFolder();
  return lack && { name: 'temporary folder', status: 'bad', detail: lack.why, remedy: lack.remedy };
}

async function system(): Promise<Finding> {
  const { os: name, kernel, arch, virtualization } = await readHost();
  const virtual = virtualization === 'none' || virtualization === 'unknown' ? '' : `, ${virtualization}`;
  const detail = `${name}, ${kernel}, ${arch}${virtual}`;
  if (os.platform() === 'linux') return { name: 'system', status: 'good', detail };
  const remedy = 'Servers are metered and pinned by means of Linux: use Linux or a Linux virtual machine.';
  return { name: 'system', status: 'bad', detail, remedy };
}

async function node(): Promise<Finding> {
  const wanted = JSON.parse(await read(path.join(import.meta.dirname, '../../package.json'))).dependencies
    .node;
  const found = process.versions.node;
  if (found === wanted) return { name: 'Node.js', status: 'good', detail: `${found}, from package.json` };
  const detail = `${found}, though package.json says ${wanted}`;
  return { name: 'Node.js', status: 'hint', detail, remedy: 'npm ci, and start it through npm run' };
}

async function cores(): Promise<Finding> {
  const { shared, description } = await choosePlacement();
  const detail = `${os.availableParallelism()} (${os.cpus()[0]?.model.trim() ?? 'unknown'}). ${description}`;
  return shared
    ? { name: 'cores', status: 'hint', detail, remedy: 'With 4 cores or more every tier has its own.' }
    : { name: 'cores', status: 'good', detail };
}

async function load(): Promise<Finding> {
  const [lastMinute = 0] = os.loadavg();
  const detail = `${lastMinute.toFixed(2)} over the last minute`;
  return lastMinute <= idleShare * os.availableParallelism()
    ? { name: 'load', status: 'good', detail }
    : { name: 'load', status: 'hint', detail, remedy: 'Let other programs end before you measure.' };
}

/** A quota stops processes for parts of each period, which shows as latency. */
async function quota(): Promise<Finding | null> {
  const own = /^0::(.*)$/m.exec(await read('/proc/self/cgroup'))?.[1];
  if (own === undefined) return null;
  const [micros = 'max', period = '100000'] = (await read(path.join('/sys/fs/cgroup', own, 'cpu.max')))
    .trim()
    .split(' ');
  if (micros === 'max' || micros === '') return { name: 'CPU quota', status: 'good', detail: 'none' };
  const detail = `${(Number(micros) / Number(period)).toFixed(2)} cores, by cgroup`;
  return {
    name: 'CPU quota',
    status: 'hint',
    detail,
    remedy: 'Tails will show the quota; lift it to measure.',
  };
}

async function memory(): Promise<Finding> {
  const available = Number(/^MemAvailable:\s+(\d+)/m.exec(await read('/proc/meminfo'))?.[1] ?? 0) * 1024;
  const free = available || os.freemem();
  const detail = `${gibibytes(free)} available of ${gibibytes(os.totalmem())}`;
  return free >= enoughMemory
    ? { name: 'memory', status: 'good', detail }
    : { name: 'memory', status: 'hint', detail, remedy: 'Measure fewer strategies at a time (--strategy).' };
}

async function openFiles(): Promise<Finding> {
  const limit = /^Max open files\s+(\S+)/m.exec(await read('/proc/self/limits'))?.[1] ?? 'unknown';
  return Number(limit) < enoughFiles
    ? {
        name: 'open files',
        status: 'bad',
        detail: `at most ${limit}`,
        remedy: `ulimit -n ${enoughFiles * 4}`,
      }
    : { name: 'open files', status: 'good', detail: `at most ${limit}` };
}

async function processes(): Promise<Finding | null> {
  if (os.platform() !== 'linux') return null;
  return (await read('/proc/self/stat')) !== ''
    ? { name: '/proc', status: 'good', detail: 'readable: CPU time and memory of servers are known' }
    : { name: '/proc', status: 'bad', detail: 'not readable', remedy: 'Mount /proc.' };
}

async function taskset(): Promise<Finding | null> {
  if (os.platform() !== 'linux') return null;
  const file = await findProgram(['taskset'], await systemFolders());
  return file
    ? { name: 'taskset', status: 'good', detail: file }
    : { name: 'taskset', status: 'bad', detail: 'missing', remedy: 'Install util-linux.' };
}

/** A folder that does not exist yet will be made in the nearest that does. */
async function nearestFolder(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere ? folder : await nearestFolder(path.dirname(folder));
}

async function space(what: string, folder: string, enough: number, otherwise: string): Promise<Finding> {
  const name = `${what} folder`;
  const place = await nearestFolder(folder);
  const writable = await access(place, 2).then(
    () => true,
    () => false,
  );
  if (!writable)
    return {
      name,
      status: 'bad',
      detail: `${folder} cannot be written`,
      remedy: `Mend that or ${otherwise}.`,
    };
  const { bavail, bsize } = await statfs(place);
  const detail = `${folder}, ${gibibytes(bavail * bsize)} free`;
  return bavail * bsize >= enough
    ? { name, status: 'good', detail }
    : { name, status: 'bad', detail, remedy: `Make ${gibibytes(enough)} free or ${otherwise}.` };
}

/** PostgreSQL refuses to run as root and is started as another user, who must reach its files. */
async function reachableCache(): Promise<Finding | null> {
  if (process.getuid?.() !== 0) return null;
  for (let folder = await nearestFolder(cacheFolder()); folder !== '/'; folder = path.dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) {
      const detail = `${folder} is closed to users other than root, and PostgreSQL does not run as root`;
      return {
        name: 'cache for all',
        status: 'bad',
        detail,
        remedy: `chmod o+x ${folder}, or name another folder in SESSION_BENCH_CACHE.`,
      };
    }
  }
  return null;
}
