/** Which cores this process may use, which of them share a physical core, and which are of another kind than the rest. */
import os from 'node:os';
import path from 'node:path';
import type { Tier } from '../../record/common.ts';
import { readOrEmpty } from './read-or-empty.ts';

/** Logical cores by tier. */
export type CoresOfTiers = Readonly<Record<Tier, readonly number[]>>;

/** What the system tells of the cores that this process may use. */
export interface CoreFacts {
  /** Numbers of logical cores, ascending; at least one. */
  readonly allowed: readonly number[];
  /**
   * The physical cores behind them: logical cores that share one, those of others included. Null where the system does not
   * tell of every allowed core.
   */
  readonly siblings: readonly (readonly number[])[] | null;
  /** Allowed cores by kind, the fastest kind first. Null where the system does not tell of every allowed core. */
  readonly kinds: readonly CoreKind[] | null;
}

export interface CoreKind {
  /** `performance`, `efficiency`, or `capacity 446`; or `5.1 GHz`. */
  readonly name: string;
  readonly cores: readonly number[];
}

/** A list as the kernel writes it: `0-3,8`. */
export function parseCoreList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}

/** Cores of which nothing more is known. */
export const unknownCores = (allowed: readonly number[]): CoreFacts => ({
  allowed,
  siblings: null,
  kinds: null,
});

/** Cores that this process may use: those of its affinity, which a cpuset narrows too. */
export async function allowedCores(): Promise<readonly number[]> {
  const listed = /^Cpus_allowed_list:\s*(\S+)/m.exec(await readOrEmpty('/proc/self/status'))?.[1];
  return listed
    ? parseCoreList(listed)
    : Array.from({ length: os.availableParallelism() }, (_, core) => core);
}

/** @param devices the kernel's folder of devices */
export async function readCores(allowed: readonly number[], devices = '/sys/devices'): Promise<CoreFacts> {
  const [siblings, kinds] = await Promise.all([readSiblings(allowed, devices), readKinds(allowed, devices)]);
  return { allowed, siblings, kinds };
}

const ofCore = (devices: string, core: number, ...file: readonly string[]): string =>
  path.join(devices, 'system/cpu', `cpu${core}`, ...file);

async function readSiblings(allowed: readonly number[], devices: string): Promise<CoreFacts['siblings']> {
  const lists = await Promise.all(
    allowed.map(async (core) => {
      // Kernels before 5.3 have the second name only.
      const text =
        (await readOrEmpty(ofCore(devices, core, 'topology/core_cpus_list'))) ||
        (await readOrEmpty(ofCore(devices, core, 'topology/thread_siblings_list')));
      return parseCoreList(text).sort((a, b) => a - b);
    }),
  );
  if (!lists.every((list, index) => list.includes(allowed[index] ?? Number.NaN))) return null;
  return [...new Map(lists.map((list) => [list.join(), list])).values()];
}

async function readKinds(allowed: readonly number[], devices: string): Promise<CoreFacts['kinds']> {
  return (
    (await kindsOfIntel(allowed, devices)) ??
    (await kindsBySpeed(allowed, 'capacity', (core) => ofCore(devices, core, 'cpu_capacity'))) ??
    (await kindsBySpeed(allowed, 'kHz', (core) => ofCore(devices, core, 'cpufreq/cpuinfo_max_freq')))
  );
}

/** Counters of hybrid processors are apart, and say which cores they belong to. */
async function kindsOfIntel(allowed: readonly number[], devices: string): Promise<CoreFacts['kinds']> {
  const names = { performance: 'cpu_core', efficiency: 'cpu_atom', 'low-power': 'cpu_lowpower' } as const;
  const kinds = await Promise.all(
    Object.entries(names).map(async ([name, folder]) => {
      const cores = parseCoreList(await readOrEmpty(path.join(devices, folder, 'cpus')));
      return { name, cores: allowed.filter((core) => cores.includes(core)) };
    }),
  );
  const present = kinds.filter(({ cores }) => cores.length > 0);
  const known = present.reduce((sum, { cores }) => sum + cores.length, 0);
  return known === allowed.length ? present : null;
}

/** Cores of one kind differ by a few per cent where the best of them may run faster; kinds differ by more. */
const SAME_KIND = 0.85;

async function kindsBySpeed(
  allowed: readonly number[],
  measure: 'capacity' | 'kHz',
  fileOf: (core: number) => string,
): Promise<CoreFacts['kinds']> {
  const speeds = await Promise.all(
    allowed.map(async (core) => ({ core, speed: Number((await readOrEmpty(fileOf(core))).trim()) })),
  );
  if (!speeds.every(({ speed }) => speed > 0)) return null;
  const kinds: { readonly fastest: number; readonly cores: number[] }[] = [];
  for (const { core, speed } of speeds.toSorted((a, b) => b.speed - a.speed)) {
    const kind = kinds.at(-1);
    if (kind && speed >= kind.fastest * SAME_KIND) kind.cores.push(core);
    else kinds.push({ fastest: speed, cores: [core] });
  }
  return kinds.map(({ fastest, cores }) => ({
    name: measure === 'capacity' ? `capacity ${fastest}` : `${(fastest / 1e6).toFixed(1)} GHz`,
    cores: cores.toSorted((a, b) => a - b),
  }));
}
