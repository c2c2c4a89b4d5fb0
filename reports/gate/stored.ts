/** Compares what is on the disk already. */
import path from 'node:path';
import type { Comparison } from '../../record/gate.ts';
import { readRun } from '../../record/read/run.ts';
import type { Budget } from './budgets.ts';
import { compareWithin } from './one-run.ts';
import { compareRuns } from './two-runs.ts';

export interface Stored {
  readonly comparison: Comparison;
  /** Where its files go unless a folder was named, and what they are called. */
  readonly folder: string;
  readonly name: string;
}

/**
 * @param folders of one run of `compare`, or of two runs with the baseline first
 * @param only strategies to compare; null for all
 * @throws UserError
 */
export async function compareStored(
  folders: readonly string[],
  budgets: readonly Budget[],
  only: readonly string[] | null,
): Promise<Stored> {
  const [first, second] = folders;
  if (first === undefined) throw new Error('no run was named');
  const baseline = await readRun(first);
  if (second === undefined)
    return { comparison: compareWithin(baseline, budgets), folder: first, name: 'comparison' };
  return {
    comparison: compareRuns(baseline, await readRun(second), budgets, only),
    folder: second,
    name: `comparison-with-${path.basename(first)}`,
  };
}
