/**
 * Process groups of programs that this process runs. They get no signal of the terminal, and so this process ends them:
 * when a program takes too long, and when this process itself ends.
 */
import { groupAndTree, isAlive, type ProcessIdentity, signal } from './process-table.ts';
import { until } from './until.ts';

/** Time to end after SIGTERM, in milliseconds: a command may finish the request that it is in. SIGKILL comes then. */
const GRACE_MS = 3_000;
/** Time to be gone after SIGKILL, in milliseconds. */
const KILL_MS = 2_000;

/** By the process number of their leaders. */
const running = new Set<number>();
const fatalSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

process.on('exit', () => {
  for (const group of running) signalGroup(group, 'SIGKILL');
});

/** Ends the group when this process ends, unless it `hasEnded` before. */
export function endWithThisProcess(group: number): void {
  if (running.size === 0) for (const name of fatalSignals) process.on(name, onFatalSignal);
  running.add(group);
}

export function hasEnded(group: number): void {
  running.delete(group);
  if (running.size === 0) for (const name of fatalSignals) process.off(name, onFatalSignal);
}

/** Ends this process, as the signal would without a listener. Where others listen, they decide. */
async function onFatalSignal(name: NodeJS.Signals): Promise<void> {
  if (process.listenerCount(name) > 1) return;
  await Promise.all([...running].map(endGroup));
  for (const each of fatalSignals) process.off(each, onFatalSignal);
  process.kill(process.pid, name);
}

/** Asks a group's members and all their descendants to end, and ends those that have not done so after 3 s. */
export async function endGroup(group: number): Promise<void> {
  const asked = signalGroup(group, 'SIGTERM');
  const gone = () => {
    if (asked.some(isAlive) || isThere(group)) throw new Error('something of it still runs');
  };
  const ended = (limitMs: number) => until(`process group ${group} has ended`, limitMs, gone);
  try {
    await ended(GRACE_MS);
  } catch {
    for (const each of asked) trySignal(each, 'SIGKILL');
    signalGroup(group, 'SIGKILL');
    // The kernel takes a moment to end what was killed. A process of another user lives on.
    await ended(KILL_MS).catch(() => {});
  }
}

/**
 * Signals the members and their descendants, which may have left the group. Where /proc hides them (hidepid), or there is
 * none, the members alone are known, and only to the kernel.
 */
function signalGroup(group: number, name: NodeJS.Signals): readonly ProcessIdentity[] {
  const seen = seenOf(group);
  for (const each of seen) trySignal(each, name);
  if (seen.length === 0) isTold(group, name);
  return seen;
}

function isThere(group: number): boolean {
  const seen = seenOf(group);
  return seen.length === 0 ? isTold(group, 0) : seen.some(isAlive);
}

const seenOf = (group: number): readonly ProcessIdentity[] =>
  process.platform === 'linux' ? groupAndTree(group) : [];

/** False where nobody of the group is there, or may be signalled. */
function isTold(group: number, signalled: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signalled);
  } catch {
    return false;
  }
}

/** A process of another user, such as a child of sudo, may not be signalled. It lives on then, without its parent. */
function trySignal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    signal(identity, name);
  } catch {
    // See above.
  }
}
