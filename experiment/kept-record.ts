/** The record of a command that is no run: begun, kept while it grows, and ended. */
import { readHost } from '../infra/machine/host.ts';
import type { RecordHead } from '../record/record-head.ts';
import { isUnwritable, type UserError } from '../record/user-error.ts';
import type { Machine } from './context.ts';
import { toolVersion } from './repository.ts';

export async function headOf(id: string, { command, runtime }: Machine): Promise<RecordHead> {
  return {
    id,
    command: [...command],
    status: 'running',
    startedAt: new Date().toISOString(),
    endedAt: null,
    tool: await toolVersion(),
    runtime,
    host: await readHost(),
  };
}

export interface KeptWork {
  /** Writes the record as it is now. */
  keep(): Promise<void>;
  work(): Promise<void>;
  /** Gets what the work failed of; not an interruption, nor a full disk. What it throws comes after the last keeping. */
  failed(error: unknown): void;
  /** Before the record is kept for the last time, however the work ended. */
  atEnd?(): Promise<void>;
}

/**
 * Keeps the record, does the work, and keeps the record again, with how it ended.
 * @returns why what was written last is not all; null where it is
 */
export async function whileKept(
  record: RecordHead,
  signal: AbortSignal,
  { keep, work, failed, atEnd = async () => {} }: KeptWork,
): Promise<UserError | null> {
  let unwritten: UserError | null = null;
  try {
    await keep();
    await work();
    record.status = signal.aborted ? 'interrupted' : 'finished';
  } catch (error) {
    record.status = signal.aborted ? 'interrupted' : 'failed';
    if (isUnwritable(error)) unwritten = error;
    else if (!signal.aborted) failed(error);
  } finally {
    await atEnd();
    record.endedAt = new Date().toISOString();
    await keep().catch((error: unknown) => {
      if (!isUnwritable(error)) throw error;
      unwritten ??= error;
    });
  }
  return unwritten;
}
