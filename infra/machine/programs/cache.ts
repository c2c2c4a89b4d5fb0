/** The folder that keeps what is fetched or built once: programs, k6, package lists. */
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../../record/user-error.ts';
import type { Variables } from '../environment.ts';
import { withLock } from '../lock.ts';

/** The home folder, when there is one that this user may write to. */
export function usableHome(env: Variables = process.env): string | null {
  const home = homeFolder(env);
  if (home === null) return null;
  try {
    accessSync(home, constants.W_OK | constants.X_OK);
    return home;
  } catch {
    return null;
  }
}

function homeFolder(env: Variables): string | null {
  try {
    const home = env.HOME || os.userInfo().homedir;
    return path.isAbsolute(home) ? home : null;
  } catch {
    // The system's list of users does not have this one.
    return null;
  }
}

/**
 * Where things are cached: `SESSION_BENCH_CACHE`, else the system's cache folder for root and the user's own
 * for everybody else. Root's own home is closed to other users, and PostgreSQL, which refuses to run as root,
 * is started as another user and must reach its files.
 * @throws UserError where none of these can be
 */
export function cacheFolder(env: Variables = process.env): string {
  if (env.SESSION_BENCH_CACHE) return path.resolve(env.SESSION_BENCH_CACHE);
  if (process.getuid?.() === 0) return '/var/cache/session-bench';
  if (env.XDG_CACHE_HOME) return path.resolve(env.XDG_CACHE_HOME, 'session-bench');
  const home = homeFolder(env);
  if (home !== null) return path.join(home, '.cache', 'session-bench');
  throw new UserError(
    'unavailable',
    'There is no folder for programs that are fetched and built: this user has no home folder. Set SESSION_BENCH_CACHE to a folder.',
  );
}

/** Makes a folder under the cache that every user can read, whatever the umask. */
export async function makeFolder(folder: string): Promise<string> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade === undefined) return folder;
  for (let each = folder; each.length >= firstMade.length; each = path.dirname(each))
    await chmod(each, 0o755);
  return folder;
}

/** Makes a folder of the cache, and runs `work` while no other process of this machine changes the folder. */
export async function changeFolder<Result>(
  folder: string,
  waiting: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  // Two paths may lead to one folder.
  const place = await realpath(await makeFolder(folder));
  const key = createHash('sha256').update(place).digest('hex').slice(0, 32);
  return await withLock(`cache-${key}`, waiting, work);
}

/** Prefix of folders in the making. */
export const unfinished = '.unfinished-';

/** Removes folders in the making that killed runs left. Only for the work of `changeFolder`. */
export async function removeUnfinished(folder: string): Promise<void> {
  const entries = await readdir(folder);
  const left = entries.filter((name) => name.startsWith(unfinished));
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
