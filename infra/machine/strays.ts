/**
 * What killed runs left elsewhere: a run under another TMPDIR, or whose folder was removed by hand, is found by its
 * processes. They work inside a run folder, whose name says whose it is, or carry that name in their environment.
 */
import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mayBeAlive, readProcessTable } from './process-table.ts';
import { harnessOf, LOCK_VARIABLE, placeOfThisProcess, RUN_MARKER, readOwner } from './run-folder.ts';
import { RUN_LOCK } from './run-lock.ts';
import { unprivilegedUser } from './unprivileged.ts';

export interface Stray {
  /** Absolute path of the run folder, which may be gone. */
  readonly folder: string;
  readonly pids: readonly number[];
  /** Whether this user started it. */
  readonly isMine: boolean;
}

interface Found {
  readonly pid: number;
  readonly folder: string;
  readonly lock: string | undefined;
}

/**
 * Runs that were killed, by the processes that they left.
 * @param lock those of another lock are as on another machine: tests run beside each other
 */
export function straysOf(lock: string): readonly Stray[] {
  const { pidNamespace } = placeOfThisProcess();
  const found = [...readProcessTable().keys()].flatMap((pid) => foundAt(pid, pidNamespace) ?? []);
  const byName = Map.groupBy(found, ({ folder }) => path.basename(folder));
  return [...byName.values()].flatMap((all): Stray[] => {
    const folder = all.find((each) => existsSync(each.folder))?.folder ?? all[0]?.folder ?? '';
    const harness = harnessOf(path.basename(folder));
    if (harness === null || mayBeAlive(harness) || lockOf(folder, all) !== lock) return [];
    return [{ folder, pids: all.map(({ pid }) => pid), isMine: isMine(folder, all) }];
  });
}

/** Null where the process has nothing to do with a run, has ended, or may not be looked at. */
function foundAt(pid: number, pidNamespace: string): Found | null {
  try {
    // What a container runs is its engine's to end.
    if (readlinkSync(`/proc/${pid}/ns/pid`) !== pidNamespace) return null;
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const read = (name: string) =>
      variables.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    const marked = read(RUN_MARKER);
    const folder =
      runFolderIn(readlinkSync(`/proc/${pid}/cwd`)) ?? (marked && path.join(os.tmpdir(), marked));
    return folder ? { pid, folder, lock: read(LOCK_VARIABLE) } : null;
  } catch {
    return null;
  }
}

function runFolderIn(place: string): string | null {
  const parts = place.replace(/ \(deleted\)$/, '').split('/');
  const at = parts.findIndex((each) => harnessOf(each) !== null);
  return at < 0 ? null : parts.slice(0, at + 1).join('/');
}

/** Servers that rewrite their title lose their environment, and with their folder nobody knows their lock. */
const lockOf = (folder: string, found: readonly Found[]): string =>
  readOwner(folder)?.lock ?? found.find(({ lock }) => lock !== undefined)?.lock ?? RUN_LOCK;

function isMine(folder: string, found: readonly Found[]): boolean {
  const mine = [process.getuid?.(), unprivilegedUser()?.uid];
  try {
    if (existsSync(folder)) return statSync(folder).uid === mine[0];
    return found.every(({ pid }) => mine.includes(statSync(`/proc/${pid}`).uid));
  } catch {
    return false;
  }
}
