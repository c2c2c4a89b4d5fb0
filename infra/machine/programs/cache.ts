/** The folder that keeps what is fetched or built once: programs, k6, package lists. */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lock } from 'proper-lockfile';

/**
 * Where things are cached: `SESSION_BENCH_CACHE`, else the system's cache folder for root and the user's own
 * for everybody else. Root's own home is closed to other users, and PostgreSQL, which refuses to run as root,
 * is started as another user and must reach its files.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.SESSION_BENCH_CACHE) return path.resolve(env.SESSION_BENCH_CACHE);
  if (process.getuid?.() === 0) return '/var/cache/session-bench';
  if (env.XDG_CACHE_HOME) return path.resolve(env.XDG_CACHE_HOME, 'session-bench');
  return path.join(os.homedir(), '.cache', 'session-bench');
}

/** Makes a folder under the cache that every user can read, whatever the umask. */
export async function makeFolder(folder: string): Promise<string> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade === undefined) return folder;
  for (let each = folder; each.length >= firstMade.length; each = path.dirname(each))
    await chmod(each, 0o755);
  return folder;
}

/** A lock is taken for abandoned when its holder has not renewed it for this long. */
const staleMs = 15_000;

/**
 * Runs `work` while no other process runs work under the same lock. A holder that was killed blocks others
 * for at most 15 seconds.
 */
export async function withLock<Result>(
  file: string,
  options: { waiting(): void },
  work: () => Promise<Result>,
): Promise<Result> {
  await makeFolder(path.dirname(file));
  const release = await acquire(file, options.waiting);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(file: string, waiting: () => void): Promise<() => Promise<void>> {
  const options = { realpath: false, stale: staleMs, update: 3_000, lockfilePath: file };
  try {
    return await lock(file, options);
  } catch (error) {
    if (!isHeld(error)) throw error;
  }
  waiting();
  return await lock(file, {
    ...options,
    retries: { forever: true, factor: 1, minTimeout: 250, maxTimeout: 250 },
  });
}

const isHeld = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ELOCKED';

/** Prefix of folders in the making; one that no lock protects is the rest of a run that was killed. */
export const unfinished = '.unfinished-';

/** Removes what killed runs left in a folder of the cache. Call it only while holding the folder's lock. */
export async function removeUnfinished(folder: string): Promise<void> {
  const entries = await readdir(folder);
  const left = entries.filter((name) => name.startsWith(unfinished));
  await Promise.all(left.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}
