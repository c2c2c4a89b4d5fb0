/** CPU time and memory of whole process trees, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { proportionalSetSize } from './memory.ts';
import { type ProcessEntry, processTree, readProcess, readProcessTable } from './process-table.ts';

/** Totals since the tier was started; differences between two readings are what counts. */
export interface TierUsage {
  /** CPU time, user and system, of the whole process trees of the tier, in microseconds. */
  readonly cpuMicros: number;
  /** Proportional set size (private memory plus a fair part of shared memory) in bytes; null where it cannot be read. */
  readonly memoryBytes: number | null;
}

/** A tick of USER_HZ, in which Linux gives times to programs: 100 a second on every architecture that Node.js runs on. */
const MICROS_PER_TICK = 10_000;

/**
 * CPU time of one process in microseconds. `stat` counts all threads, ended ones included, but cuts user and
 * system time to 10 ms each, which is some per cent of what a server with many processes uses in a trial.
 * `schedstat` counts in nanoseconds, but only threads that are alive. Neither is ever too large, so the larger
 * one is nearer to the truth.
 */
function ownMicros(entry: ProcessEntry): number {
  return Math.max(entry.ownTicks * MICROS_PER_TICK, liveThreadsMicros(entry.pid));
}

/** 0 where the kernel keeps no such statistics. */
function liveThreadsMicros(pid: number): number {
  let nanoseconds = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      nanoseconds += Number.parseInt(text, 10);
    }
  } catch {
    // A thread that ends while being looked at; its time shows in `stat`.
  }
  return Number.isFinite(nanoseconds) ? nanoseconds / 1000 : 0;
}

/** CPU time of one process without descendants; 0 when there is none. Cheap enough to ask every second. */
export function processCpuMicros(pid: number): number {
  const entry = readProcess(pid);
  return entry ? ownMicros(entry) : 0;
}

/** CPU time since their start of the processes, their descendants and what those waited for. */
export function cpuMicrosOf(roots: readonly number[]): number {
  const table = readProcessTable();
  const entries = roots.flatMap((root) => processTree(root, table));
  return entries.reduce((sum, entry) => sum + ownMicros(entry) + entry.reapedTicks * MICROS_PER_TICK, 0);
}

/** Proportional set size of the processes and their descendants, in bytes; null where it cannot be read. */
export function memoryBytesOf(roots: readonly number[]): number | null {
  const table = readProcessTable();
  return proportionalSetSize(roots.flatMap((root) => processTree(root, table)));
}

/** CPU time first, since reading the memory of large processes takes some. */
export function usageOf(roots: readonly number[]): TierUsage {
  return { cpuMicros: cpuMicrosOf(roots), memoryBytes: memoryBytesOf(roots) };
}
