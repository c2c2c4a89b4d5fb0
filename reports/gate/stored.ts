/** Compares what is on the disk already. */
import path from 'node:path';
import type { SideCode } from '../../record/design.ts';
import type { Comparison } from '../../record/gate.ts';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import type { Finding } from '../../record/reasons.ts';
import type { Budget } from './budgets.ts';
import { compareWithin } from './one-run.ts';
import { compareRuns } from './two-runs.ts';

export interface Stored {
  readonly comparison: Comparison;
  /** Where its files go unless a folder was named, and what they are called. */
  readonly folder: string;
  readonly name: string;
}

/** Budgets, and what is to be said of them. */
export interface Judged {
  readonly budgets: readonly Budget[];
  readonly findings: readonly Finding[];
}

/** Where the code of a stored run's baseline stands. */
export type BaselineCode = Pick<SideCode, 'label' | 'commit'>;

/**
 * @param folders of one run of `compare`, or of two runs with the baseline first
 * @param budgetsFor what is held against a baseline
 * @param only strategies to compare; null for all
 * @throws UserError
 */
export async function compareStored(
  folders: readonly string[],
  budgetsFor: (baseline: BaselineCode) => Promise<Judged>,
  only: readonly string[] | null,
): Promise<Stored> {
  const [first, second] = folders;
  if (first === undefined) throw new Error('no run was named');
  const baseline = await readRun(first);
  const { budgets, findings } = await budgetsFor(codeOf(baseline));
  if (second === undefined)
    return { comparison: compareWithin(baseline, budgets, findings), folder: first, name: 'comparison' };
  return {
    comparison: compareRuns(baseline, await readRun(second), budgets, only, findings),
    folder: second,
    name: `comparison-with-${path.basename(first)}`,
  };
}

const codeOf = ({ record: { runId, design, tool } }: ReadRun): BaselineCode =>
  design.kind === 'sides' ? design.baseline : { label: `run ${runId}`, commit: tool.commit };
