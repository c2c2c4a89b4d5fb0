/** A stored run by its folder, as far as its record tells. */
import { readRunRecord } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { UserError } from '../../record/user-error.ts';

/** A run's folder with its record. */
export interface FoundRun {
  readonly folder: string;
  readonly record: RunRecord;
}

/** A text where the folder has no run that can be read: why, and what to do. */
export async function recordIn(folder: string): Promise<FoundRun | string> {
  try {
    return { folder, record: await readRunRecord(folder) };
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
