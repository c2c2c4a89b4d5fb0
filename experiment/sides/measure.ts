/** Measures a git ref and the working tree in turns. */
import type { SideCode } from '../../record/design.ts';
import { type Machine, newRunId, openContext } from '../context.ts';
import { workingTree } from '../repository.ts';
import { type EndedRun, runExperiment } from '../run.ts';
import { checkOut } from './checkout.ts';
import { type Comparison, comparePlan } from './plan.ts';
import type { Reference } from './reference.ts';

export interface MeasuredSides {
  readonly run: EndedRun;
  /** Absolute path of the run's own folder. */
  readonly folder: string;
}

/**
 * @param out folder that gets the run
 * @throws UserError when the ref cannot be made ready or results cannot be written
 */
export async function measureSides(
  comparison: Comparison,
  reference: Reference,
  machine: Machine,
  out: string,
): Promise<MeasuredSides> {
  const { progress, signal } = machine;
  const baseline: SideCode = { label: reference.label, commit: reference.commit, dirty: false };
  const candidate: SideCode = { label: 'the working tree', ...(await workingTree()) };
  progress.doing(`Unpacking ${reference.label}`);
  const checkout = await checkOut(reference, progress.say, signal);
  try {
    const context = await openContext(machine, out, newRunId());
    const run = await runExperiment(comparePlan(comparison, checkout, baseline, candidate), context);
    return { run, folder: context.results.path };
  } finally {
    await checkout.remove();
  }
}
