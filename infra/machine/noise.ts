/** How loud a machine is beside what a run has started, and who is: from the kernel's own counts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LoudUser, loudest } from '../../record/noise.ts';
import { busyTicks, type CpuTimes, readCpuTimes, stealShareBetween, TICKS_PER_SECOND } from './host.ts';
import { type ProcessEntry, processTree, readProcessTable } from './process-table.ts';

type Processes = ReadonlyMap<number, ProcessEntry>;

/** The machine that a run is on, as far as noise is concerned. */
export interface MachineView {
  /** What its processors spent their time on so far; null where that is not told. */
  cpuTimes(): Promise<CpuTimes | null>;
  /** Every process that this user may see. */
  processes(): Processes;
  /** Milliseconds since 1970, by its clock. */
  now(): number;
  /** Resolves when so many milliseconds have passed, and at once when the signal is aborted. */
  pass(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const thisMachine: MachineView = {
  cpuTimes: readCpuTimes,
  processes: readProcessTable,
  now: Date.now,
  pass: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => {}),
};

/** What was read at one moment. */
export interface Activity {
  readonly cpu: CpuTimes | null;
  readonly processes: Processes;
}

/** Whether a process is of the run though no descendant of this one: a server in a container, or the engine's own. */
export type OwnProcess = (process: Pick<ProcessEntry, 'pid' | 'name'>) => boolean;

export interface Noise {
  readonly seconds: number;
  /** Share of the processors' time that went to others than the run, 0 to 1. */
  readonly foreignShare: number;
  /** Share that the hypervisor gave to other machines, 0 to 1. */
  readonly stealShare: number;
  /** The loudest first. */
  readonly loud: readonly LoudUser[];
}

/** Less of a core's time is nobody's noise. */
const LEAST_CORES = 0.05;
/** Fewer clock ticks say nothing: the kernel cuts times to whole ones. */
const LEAST_TICKS = 2;
/** Of all processors: the kernel's two ways of counting differ by less. */
const LEAST_UNSEEN = 0.1;

/**
 * @param self process number of this process: it and its descendants are the run
 * @returns null where the system does not tell, or no time passed
 */
export function noiseBetween(
  before: Activity,
  after: Activity,
  isOwn: OwnProcess,
  self = process.pid,
): Noise | null {
  const [start, end] = [before.cpu, after.cpu];
  const total = start && end ? end.total - start.total : 0;
  if (!start || !end || total <= 0) return null;
  const used = ticksBetween(before.processes, after.processes);
  const own = ownOf(before.processes, after.processes, isOwn, self);
  const isForeign = ({ pid }: ProcessEntry): boolean => !own.has(pid);
  const busy = busyTicks(start, end);
  const ofOwn = sum([...used].flatMap(([pid, ticks]) => (own.has(pid) ? [ticks] : [])));
  const unseen = busy - (end.interrupts - start.interrupts) - sum([...used.values()]);
  const stealShare = stealShareBetween(start, end);
  const seconds = total / TICKS_PER_SECOND / end.cores;
  const inCores = (ticks: number): number => ticks / TICKS_PER_SECOND / seconds;
  const users: LoudUser[] = [
    ...[...after.processes.values()].filter(isForeign).flatMap((entry): LoudUser[] => {
      const ticks = used.get(entry.pid) ?? 0;
      if (ticks < LEAST_TICKS || inCores(ticks) < LEAST_CORES) return [];
      return [{ kind: 'process', name: programOf(entry), pid: entry.pid, cores: inCores(ticks) }];
    }),
    { kind: 'unseen', cores: unseen > LEAST_UNSEEN * total ? inCores(unseen) : 0 },
    { kind: 'hypervisor', cores: stealShare * end.cores },
  ];
  return {
    seconds,
    foreignShare: Math.max(0, busy - ofOwn) / total,
    stealShare,
    loud: loudest(users.filter(({ cores }) => cores >= LEAST_CORES)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const totalOf = ({ ownTicks, reapedTicks }: ProcessEntry): number => ownTicks + reapedTicks;

const sameIn = (table: Processes, { pid, startTicks }: ProcessEntry): ProcessEntry | null => {
  const found = table.get(pid);
  return found?.startTicks === startTicks ? found : null;
};

/**
 * CPU time that each process took between two readings, in clock ticks. What ended meanwhile is in the count of whoever
 * waited for it, with all its life: what it had used before is taken off there.
 */
function ticksBetween(before: Processes, after: Processes): ReadonlyMap<number, number> {
  const used = new Map<number, number>();
  for (const entry of after.values()) {
    const earlier = sameIn(before, entry);
    used.set(entry.pid, totalOf(entry) - (earlier ? totalOf(earlier) : 0));
  }
  for (const entry of before.values()) {
    if (sameIn(after, entry)) continue;
    const heir = heirOf(entry, before, after);
    if (heir !== null) used.set(heir, Math.max(0, (used.get(heir) ?? 0) - totalOf(entry)));
  }
  return used;
}

/** The nearest ancestor that is still there. */
function heirOf(gone: ProcessEntry, before: Processes, after: Processes): number | null {
  const seen = new Set<number>();
  let entry = before.get(gone.parent);
  while (entry && !seen.has(entry.pid)) {
    if (sameIn(after, entry)) return entry.pid;
    seen.add(entry.pid);
    entry = before.get(entry.parent);
  }
  return null;
}

/** This process and its descendants, and what the runtime calls its own. */
function ownOf(before: Processes, after: Processes, isOwn: OwnProcess, self: number): ReadonlySet<number> {
  const trees = [before, after].flatMap((table) => processTree(self, table));
  const others = [...after.values()].filter((entry) => !sameIn(before, entry) || ranSince(before, entry));
  return new Set([...trees, ...others.filter(isOwn)].map(({ pid }) => pid));
}

/** Few did: only those are asked for. */
const ranSince = (before: Processes, entry: ProcessEntry): boolean =>
  totalOf(entry) > totalOf(before.get(entry.pid) ?? entry);

/** What Node.js calls its first thread, and so all its processes. */
const NODE_THREAD = 'MainThread';

/** A process names itself, with whatever bytes it likes. */
function programOf({ pid, name }: ProcessEntry): string {
  const told = name === NODE_THREAD ? commandOf(pid) : name;
  return (told || name).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?') || '?';
}

/** Program and script without their folders: what follows them may be a secret. Empty where it may not be read. */
function commandOf(pid: number): string {
  try {
    const [program = '', script = '-'] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const words = script.startsWith('-') ? [program] : [program, script];
    return words.map((word) => path.basename(word)).join(' ');
  } catch {
    return '';
  }
}
