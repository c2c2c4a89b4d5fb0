/**
 * CPU time and memory of containers from their control groups, which the kernel counts for exactly what runs inside.
 * Reading them costs two small files, where `docker stats` takes one to two seconds.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Where a container's counters are; both may be the same folder. */
export interface ControlGroup {
  readonly version: 1 | 2;
  readonly cpu: string;
  readonly memory: string;
}

/** A hierarchy of control groups that is mounted. */
export interface Hierarchy {
  /** `cpuacct`, `memory`; null for the one hierarchy of version 2. */
  readonly controller: string | null;
  /** Which part of the hierarchy is mounted: `/` unless this process is in a container itself. */
  readonly root: string;
  readonly folder: string;
}

const CONTROLLERS = ['cpuacct', 'memory'] as const;

/** From `/proc/self/mountinfo`. */
export function parseHierarchies(mountinfo: string): readonly Hierarchy[] {
  return mountinfo.split('\n').flatMap((line): Hierarchy[] => {
    const [mount = '', system = ''] = line.split(' - ');
    const [, , , root = '', folder = ''] = mount.split(' ');
    const [type, , options = ''] = system.split(' ');
    if (type === 'cgroup2') return [{ controller: null, root, folder }];
    if (type !== 'cgroup') return [];
    const names = new Set(options.split(','));
    return CONTROLLERS.filter((name) => names.has(name)).map((controller) => ({ controller, root, folder }));
  });
}

/** From `/proc/<pid>/cgroup`: the path within each hierarchy, by controller; '' is version 2's. */
export function parseMembership(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, where] = /^\d+:([^:]*):(.+)$/.exec(line) ?? [];
    if (controllers === undefined || !where) continue;
    for (const controller of controllers.split(',')) paths.set(controller, where);
  }
  return paths;
}

/**
 * Version 1 where its controllers are mounted: a machine may have both, and then version 2 counts nothing.
 * @throws Error when this process cannot see the counters of that one
 */
export function controlGroupOf(
  pid: number,
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): ControlGroup {
  const hierarchies = parseHierarchies(read('/proc/self/mountinfo'));
  const membership = parseMembership(read(`/proc/${pid}/cgroup`));
  const folderOf = (controller: string): string | null => {
    const within = membership.get(controller);
    const hierarchy = hierarchies.find((each) => (each.controller ?? '') === controller);
    if (!within || !hierarchy) return null;
    return path.join(hierarchy.folder, path.relative(hierarchy.root, within));
  };
  const [cpu, memory] = CONTROLLERS.map(folderOf);
  if (cpu && memory) return { version: 1, cpu, memory };
  const unified = folderOf('');
  if (unified) return { version: 2, cpu: unified, memory: unified };
  throw new Error(
    `the control group of process ${pid} is not in sight, so its container cannot be metered: run session-bench on the machine that the engine runs on, outside of containers`,
  );
}

const field = (text: string, name: string) =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);

/** CPU time, user and system, of all that ever ran in the group, in microseconds. 0 when the group is gone. */
export function cpuMicrosOf({ version, cpu }: ControlGroup): number {
  const text = readOrEmpty(path.join(cpu, version === 1 ? 'cpuacct.usage' : 'cpu.stat'));
  const micros = version === 1 ? Number.parseInt(text, 10) / 1000 : field(text, 'usage_usec');
  return Number.isFinite(micros) ? micros : 0;
}

/**
 * Memory of the group's processes in bytes: their own and the mapped parts of files, as the proportional set size has
 * them. Files that are only cached, by reading or writing, do not count. Null when the group is gone or does not tell.
 */
export function memoryBytesOf({ version, memory }: ControlGroup): number | null {
  const text = readOrEmpty(path.join(memory, 'memory.stat'));
  const names = version === 1 ? ['total_rss', 'total_mapped_file'] : ['anon', 'file_mapped'];
  const bytes = names.reduce((sum, name) => sum + field(text, name), 0);
  return Number.isFinite(bytes) ? bytes : null;
}

/** Numbers of the group's processes, as this machine has them; none when the group is gone. */
export function processesOf({ memory }: ControlGroup): readonly number[] {
  const lines = readOrEmpty(path.join(memory, 'cgroup.procs')).split('\n');
  return lines.filter((line) => line !== '').map(Number);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
