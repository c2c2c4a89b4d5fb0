/**
 * Ends what harnesses left that were killed before they could stop their servers.
 *
 * A run folder names its harness by process number and start. When that harness is gone, its servers are found by
 * the register (number and start, so never a later process of the same number), and those that were not yet written
 * down when the harness died by the marker in their environment, or by working inside the run folder with a program of
 * the register. Folders of other users and of live harnesses are left alone.
 */

import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { counted } from '../../record/counted.ts';
import { messageOf } from './errors.ts';
import {
  isAlive,
  mayBeAlive,
  type ProcessEntry,
  processTree,
  readProcessTable,
  signal,
} from './process-table.ts';
import {
  harnessOf,
  lockOfThisProcess,
  placeOfThisProcess,
  RUN_MARKER,
  readOwner,
  readRegister,
} from './run-folder.ts';
import { straysOf } from './strays.ts';
import { until } from './until.ts';

const STOP_TIMEOUT_MS = 5_000;
const KILL_TIMEOUT_MS = 5_000;
/** A folder without an owner may be in the making; later than this it is the rest of a killed harness. */
const MAKING_MS = 60_000;

/** @returns what was done, a line for each harness that left something. Never throws. */
export async function sweepOrphans(
  folder = os.tmpdir(),
  lock = lockOfThisProcess(),
): Promise<readonly string[]> {
  if (os.platform() !== 'linux') return [];
  const left = readdirSync(folder)
    .filter((name) => harnessOf(name) !== null)
    .map((name) => path.join(folder, name))
    .filter(isAbandoned);
  return Promise.all([...left, ...elsewhere(folder, lock)].map(sweepOne));
}

/** By their processes: what is in the folder itself was looked at. */
const elsewhere = (folder: string, lock: string): readonly string[] =>
  straysOf(lock)
    .filter((stray) => stray.isMine && !existsSync(path.join(folder, path.basename(stray.folder))))
    .map((stray) => stray.folder);

function isAbandoned(folder: string): boolean {
  try {
    const { uid, mtimeMs } = statSync(folder);
    if (uid !== process.getuid?.()) return false;
    const owner = readOwner(folder);
    if (!owner) return Date.now() - mtimeMs > MAKING_MS;
    const here = placeOfThisProcess();
    if (owner.bootId !== here.bootId) return true;
    return owner.pidNamespace === here.pidNamespace && !mayBeAlive(owner);
  } catch {
    return false;
  }
}

async function sweepOne(folder: string): Promise<string> {
  const name = path.basename(folder);
  try {
    const ended = await endOrphans(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    const whose = `a killed run (process ${harnessOf(name)?.pid})`;
    return ended.length > 0
      ? `Ended ${counted(ended.length, 'process', 'processes')} that ${whose} had left (${ended.join(', ')}), and removed ${folder}`
      : `Removed ${folder}, which ${whose} had left`;
  } catch (error) {
    const why = messageOf(error);
    return `Could not clear away what an earlier run left in ${folder}: ${why}`;
  }
}

/** Asks first, so that databases give shared memory back, then insists. Gives the process numbers. */
async function endOrphans(folder: string): Promise<readonly number[]> {
  const register = readRegister(folder);
  const stopSignals = new Map(register.running.map(({ pid, stopSignal }) => [pid, stopSignal]));
  const orphans = findOrphans(folder, register);
  for (const each of orphans) signal(each, stopSignals.get(each.pid) === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  for (const each of orphans) signal(each, 'SIGCONT');
  const gone = () => {
    const alive = findOrphans(folder, register).map(({ pid }) => pid);
    if (alive.length > 0) throw new Error(`process ${alive.join(', ')} is still there`);
  };
  await until('orphans have ended', STOP_TIMEOUT_MS, gone).catch(async () => {
    for (const each of findOrphans(folder, register)) signal(each, 'SIGKILL');
    await until('orphans have ended', KILL_TIMEOUT_MS, gone);
  });
  return orphans.map(({ pid }) => pid);
}

function findOrphans(folder: string, register: ReturnType<typeof readRegister>): readonly ProcessEntry[] {
  const table = readProcessTable();
  const known = register.running.filter(isAlive).flatMap(({ pid }) => processTree(pid, table));
  const marked = [...table.values()].filter((entry) => isMarked(entry.pid, folder, register.programs));
  const all = new Map([...known, ...marked].map((entry) => [entry.pid, entry]));
  return [...all.values()].filter(({ pid, state }) => state !== 'Z' && pid !== process.pid);
}

const shells: ReadonlySet<string> = new Set(['bash', 'dash', 'fish', 'sh', 'zsh', 'busybox']);

/** Servers that rewrite their own title lose their environment, but not their folder and program. */
function isMarked(pid: number, folder: string, programs: ReadonlySet<string>): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    if (environment.includes(`${RUN_MARKER}=${path.basename(folder)}`)) return true;
    const worksInside = `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
    if (!worksInside) return false;
    const program = readlinkSync(`/proc/${pid}/exe`);
    // With the folder, the register is gone: a shell in it is a person's.
    return existsSync(folder) ? programs.has(program) : !shells.has(path.basename(program));
  } catch {
    return false;
  }
}
