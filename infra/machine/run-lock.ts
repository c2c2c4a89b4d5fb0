/** One measuring run at a time on a machine: two would disturb each other's numbers. */
import { z } from 'zod';
import { noteOf, tryLock } from './lock.ts';

const owner = z.object({ pid: z.int(), since: z.string(), results: z.string() });
export type LockOwner = z.infer<typeof owner>;

export type RunLock =
  | { readonly status: 'held'; release(): void }
  | { readonly status: 'taken'; readonly by: LockOwner | null };

/** Tests give a name of their own, so that they do not wait for a run of the person at the keyboard. */
const lockName = (): string => process.env.SESSION_BENCH_LOCK ?? 'run';

/** @param results the folder of the results, for those who ask who measures */
export async function takeRunLock(results: string): Promise<RunLock> {
  const me: LockOwner = { pid: process.pid, since: new Date().toISOString(), results };
  const lock = await tryLock(lockName(), JSON.stringify(me));
  return lock.status === 'held' ? lock : { status: 'taken', by: await askOwner() };
}

async function askOwner(): Promise<LockOwner | null> {
  try {
    return owner.parse(JSON.parse((await noteOf(lockName())) ?? ''));
  } catch {
    return null;
  }
}
