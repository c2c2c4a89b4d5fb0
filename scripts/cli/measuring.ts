/** What every command that measures does before and around its runs. */
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
import type { Progress } from '../experiment/progress.ts';
import type { LockOwner } from '../experiment/run-lock.ts';
import { plainProgress, terminalProgress } from './progress.ts';

/** Begins with the time in UTC, so that names sort by age. */
export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/** A mistake when the folder cannot be made or written; null when it can. */
export async function outMistake(out: string): Promise<string | null> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `--out: results cannot be written to "${out}": ${why}. Name a folder that you may write to.`;
  }
}

/** @param json true where stdout belongs to the result alone */
export function chooseProgress(json: boolean): Progress {
  const stream = json ? process.stderr : process.stdout;
  return stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
}

/** @param owner who measures; null where that is not known */
export function busyMessage(owner: LockOwner | null): string {
  const by = owner ? `process ${owner.pid}, since ${owner.since}, into ${owner.results}` : 'another process';
  return `Another run is measuring on this machine (${by}). Two at once would spoil each other's numbers. Wait for it to end, then start again.`;
}
