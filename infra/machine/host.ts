/** What machine this is, and what its processors spend their time on. */
import os from 'node:os';
import type { z } from 'zod';
import type { hostFingerprint } from '../../record/run.ts';
import { readOrEmpty } from './read-or-empty.ts';

export type HostFingerprint = z.infer<typeof hostFingerprint>;

async function operatingSystem(): Promise<string> {
  const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(await readOrEmpty('/etc/os-release'))?.[1];
  return name ?? `${os.type()} ${os.release()}`;
}

/** Names by which hypervisors fill the machine's description, and what they are called. */
const vendors: readonly (readonly [RegExp, string])[] = [
  [/firecracker/i, 'firecracker'],
  [/kvm|qemu|amazon ec2|google compute/i, 'kvm'],
  [/vmware/i, 'vmware'],
  [/virtualbox|innotek/i, 'virtualbox'],
  [/microsoft.*virtual|hyper-v/i, 'hyper-v'],
  [/\bxen\b/i, 'xen'],
];

/**
 * From the kernel's own files, since not every machine has the tools that read them: DMI, the hypervisor's folder, the
 * processor's `hypervisor` flag, and the kernel's name.
 */
async function virtualization(): Promise<string> {
  if (os.platform() !== 'linux') return 'unknown';
  const dmi = await Promise.all(
    ['sys_vendor', 'product_name', 'bios_vendor'].map((name) => readOrEmpty(`/sys/class/dmi/id/${name}`)),
  );
  const descriptions = [...dmi, await readOrEmpty('/sys/hypervisor/type'), os.release()].join(' ');
  const vendor = vendors.find(([pattern]) => pattern.test(descriptions));
  if (vendor) return vendor[1];
  const cpu = await readOrEmpty('/proc/cpuinfo');
  if (cpu === '') return 'unknown';
  if (/-fc\b|-fc-/.test(os.release())) return 'firecracker';
  return /^flags\s*:.*\bhypervisor\b/m.test(cpu) ? 'virtual' : 'none';
}

export async function readHost(): Promise<HostFingerprint> {
  const cpus = os.cpus();
  return {
    hostname: os.hostname(),
    os: await operatingSystem(),
    kernel: os.release(),
    arch: os.arch(),
    cpuModel: cpus[0]?.model.trim() || 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    virtualization: await virtualization(),
  };
}

/** Clock ticks that the kernel gives times in, per second (USER_HZ; 100 on every Linux that Node.js runs on). */
export const TICKS_PER_SECOND = 100;

/** Processor time of the whole machine, in clock ticks. Only differences between two readings mean anything. */
export interface CpuTimes {
  /**
   * What has passed on all processors, by the clock. The kernel's sums of busy time are samples: a program that works in step
   * with the kernel's timer, as one at a fixed rate may, is always met or never. What it says of idle time is measured.
   */
  readonly total: number;
  readonly idle: number;
  /** Time that the hypervisor gave to other machines although this one had work. */
  readonly steal: number;
  /** Time in interrupts, which is no process's. */
  readonly interrupts: number;
  /** Processors that are counted. */
  readonly cores: number;
}

/**
 * From the first lines of `/proc/stat`.
 * @param seconds when it was read, by a clock that nobody sets
 */
export function parseCpuTimes(stat: string, seconds: number): CpuTimes | null {
  const line = /^cpu\s+(.*)$/m.exec(stat)?.[1];
  if (!line) return null;
  const [, , , idle = 0, wait = 0, interrupt = 0, soft = 0, steal = 0] = line.trim().split(/\s+/).map(Number);
  const cores = Math.max(1, stat.match(/^cpu\d+ /gm)?.length ?? 0);
  return {
    total: seconds * TICKS_PER_SECOND * cores,
    idle: idle + wait,
    steal,
    interrupts: interrupt + soft,
    cores,
  };
}

/** Null where the system has no such count. */
export async function readCpuTimes(): Promise<CpuTimes | null> {
  const stat = await readOrEmpty('/proc/stat');
  return parseCpuTimes(stat, performance.now() / 1000);
}

/** Time between two readings in which this machine's processors worked for it. */
export const busyTicks = (before: CpuTimes, after: CpuTimes): number =>
  after.total - before.total - (after.idle - before.idle) - (after.steal - before.steal);

/**
 * Share of the time between two readings that went to processes other than those accounted for, 0 to 1.
 * @param accountedMicros CPU time that was used between the readings and is known of
 */
export function foreignShareBetween(before: CpuTimes, after: CpuTimes, accountedMicros: number): number {
  const total = after.total - before.total;
  if (total <= 0) return 0;
  const busy = busyTicks(before, after);
  return Math.max(0, busy - (accountedMicros / 1e6) * TICKS_PER_SECOND) / total;
}

/** Share of the time between two readings that was stolen, 0 to 1. */
export function stealShareBetween(before: CpuTimes, after: CpuTimes): number {
  const total = after.total - before.total;
  return total > 0 ? Math.max(0, after.steal - before.steal) / total : 0;
}
