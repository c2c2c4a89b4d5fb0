/** One command measures at a time. */
import { type LockOwner, takeRunLock } from '../../infra/machine/run-lock.ts';
import { exitCode } from './exit-codes.ts';

/**
 * Does the work, unless another command measures on this machine: two at once would spoil each other's numbers.
 * @param lock name of the lock
 * @param results absolute path of what gets the results, for those who ask who measures
 * @returns the exit code
 */
export async function whileAlone(
  lock: string,
  results: string,
  work: () => Promise<number>,
): Promise<number> {
  const taken = await takeRunLock(lock, results);
  if (taken.status === 'taken') {
    process.stderr.write(`${busyMessage(taken.by)}\n`);
    return exitCode.busy;
  }
  try {
    return await work();
  } finally {
    taken.release();
  }
}

/** @param owner who measures; null where that is not known */
function busyMessage(owner: LockOwner | null): string {
  const by = owner ? `process ${owner.pid}, since ${owner.since}, into ${owner.results}` : 'another process';
  return `Another run is measuring on this machine (${by}). Two at once would spoil each other's numbers. Wait for it to end, then start again.`;
}
