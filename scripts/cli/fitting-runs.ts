/** Which stored runs may be taken together, in words. Whether two of them fit is advice/evidence/fit.ts's to say. */
import path from 'node:path';
import { differencesOf } from '../../advice/evidence/fit.ts';
import { readRunRecord } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { UserError } from '../../record/user-error.ts';
import { runIds } from './stored-runs.ts';

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

/**
 * Runs that are not being written and have one number for a strategy, the newest first. Those that cannot be read are passed over.
 * @param most runs that are looked at
 */
export async function newestOfAll(results: string, most: number): Promise<readonly FoundRun[]> {
  const found: FoundRun[] = [];
  for (const id of (await runIds(results)).slice(0, most)) {
    const read = await recordIn(path.join(results, id));
    if (typeof read !== 'string' && read.record.status !== 'running' && read.record.design.kind !== 'sides')
      found.push(read);
  }
  return found;
}

/** The run that others are to fit: the newest at one rate, else the newest. */
export const baseAmong = (found: readonly FoundRun[]): FoundRun | undefined =>
  found.find(({ record }) => record.design.kind === 'blocks') ?? found[0];

/** Nothing of a run that has one number for a strategy. */
export const sidesWords = ({ record }: FoundRun): readonly string[] =>
  record.design.kind === 'sides'
    ? [
        `run ${record.runId} compares two versions of the code, and has no one number for a strategy; leave it out`,
      ]
    : [];

/** For each run the differences from the first one before it that it does not fit. */
export const misfits = (runs: readonly FoundRun[]): readonly string[] =>
  runs.flatMap((run, index) => {
    const found = runs
      .slice(0, index)
      .map((other) => ({ other, differences: differencesOf(other.record, run.record) }))
      .find(({ differences }) => differences.length > 0);
    return (found?.differences ?? []).map(
      ({ what, first, second }) =>
        `run ${found?.other.record.runId} and run ${run.record.runId} differ in their ${what}: ${first} and ${second}; name runs that agree in it`,
    );
  });

/** Said of a run that nobody named: what keeps it from those that were taken; null where nothing does. */
export function passedOver(taken: readonly FoundRun[], run: FoundRun): string | null {
  for (const other of taken) {
    const [difference] = differencesOf(other.record, run.record);
    if (difference !== undefined)
      return `differs from run ${other.record.runId} in its ${difference.what}: ${difference.second} and ${difference.first}`;
  }
  return null;
}
