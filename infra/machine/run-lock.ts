/** One measuring run at a time on a machine: two would disturb each other's numbers. */
import { z } from 'zod';
import { noteOf, tryLock } from './lock.ts';

const owner = z.object({ pid: z.int(), since: z.string(), results: z.string() });
export type LockOwner = z.infer<typeof owner>;

export type RunLock =
  | { readonly status: 'held'; release(): void }
  | { readonly status: 'taken'; readonly by: LockOwner | null };

/** The lock of all runs that are not tests of this project. */
export const RUN_LOCK = 'run';

/**
 * @param name runs with locks of different names do not wait for each other
 * @param results the folder of the results, for those who ask who measures
 */
export async function takeRunLock(name: string, results: string): Promise<RunLock> {
  const me: LockOwner = { pid: process.pid, since: new Date().toISOString(), results };
  const lock = await tryLock(name, JSON.stringify(me));
  return lock.status === 'held' ? lock : { status: 'taken', by: await askOwner(name) };
}

async function askOwner(name: string): Promise<LockOwner | null> {
  try {
    return owner.parse(JSON.parse((await noteOf(name)) ?? ''));
  } catch {
    return null;
  }
}
