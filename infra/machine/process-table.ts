/** The processes of this machine, from Linux' /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessEntry {
  readonly pid: number;
  /** Of its program, as the system has it: at most 15 characters of any kind. */
  readonly name: string;
  readonly parent: number;
  /** Process number of the leader of its process group. */
  readonly group: number;
  /** `R`, `S`, `T` (stopped), `Z` (ended, not yet waited for), … */
  readonly state: string;
  /** Start in clock ticks since boot. No two processes have the same start and number. */
  readonly startTicks: number;
  /** CPU time of the process itself, all its threads, in clock ticks. */
  readonly ownTicks: number;
  /** CPU time of children that ended and were waited for, in clock ticks. */
  readonly reapedTicks: number;
}

/** `/proc/<pid>/stat`, read; the second field is the program's name in parentheses and may hold anything. */
export function parseStat(text: string): ProcessEntry | null {
  const end = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(end + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3] ?? Number.NaN);
  const state = fields[0];
  if (end < 0 || !state || !Number.isInteger(pid) || Number.isNaN(field(22))) return null;
  return {
    pid,
    name: text.slice(text.indexOf('(') + 1, end),
    parent: field(4),
    group: field(5),
    state,
    startTicks: field(22),
    ownTicks: field(14) + field(15),
    reapedTicks: field(16) + field(17),
  };
}

/** One process, or null when there is none of that number. */
export function readProcess(pid: number): ProcessEntry | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Now, in the clock ticks that `startTicks` counts in: 100 a second on every Linux that Node.js runs on. */
export function ticksSinceBoot(): number {
  return Math.floor(Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 100);
}

/** Every process that this user may see, by its number. */
export function readProcessTable(): ReadonlyMap<number, ProcessEntry> {
  const table = new Map<number, ProcessEntry>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const entry = readProcess(Number(name));
    if (entry) table.set(entry.pid, entry);
  }
  return table;
}

/** A process and all its descendants that are alive, parents before children. */
export function processTree(
  root: number,
  table: ReadonlyMap<number, ProcessEntry> = readProcessTable(),
): ProcessEntry[] {
  const children = Map.groupBy(table.values(), (entry) => entry.parent);
  const first = table.get(root);
  const tree = first ? [first] : [];
  for (const entry of tree) tree.push(...(children.get(entry.pid) ?? []));
  return tree;
}

/** The members of a process group and all descendants of its leader that are alive. */
export function groupAndTree(leader: number): readonly ProcessEntry[] {
  const table = readProcessTable();
  const members = [...table.values()].filter(({ group }) => group === leader);
  return [...new Set([...processTree(leader, table), ...members])];
}

export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
}

/** True when that very process, not a later one of the same number, is there and has not ended. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  const entry = readProcess(pid);
  return entry !== null && entry.startTicks === startTicks && entry.state !== 'Z';
}

/**
 * True also where /proc hides the process (hidepid): what cannot be seen is not known to be gone. For questions after which
 * something of its would be removed.
 */
export function mayBeAlive(identity: ProcessIdentity): boolean {
  return isAlive(identity) || (readProcess(identity.pid) === null && isThere(identity.pid));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Sends a signal to that very process; false when it is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
