/** Measures a git ref and the working tree in turns, both as they were before the first server started. */
import { UserError } from '../../record/user-error.ts';
import { type Machine, newRunId, openContext } from '../context.ts';
import { type EndedRun, runExperiment } from '../run.ts';
import { type Checkout, checkOut, checkOutWorkingTree } from './checkout.ts';
import { type Comparison, comparePlan } from './plan.ts';
import type { Reference } from './reference.ts';

export interface MeasuredSides {
  readonly run: EndedRun;
  /** Absolute path of the run's own folder. */
  readonly folder: string;
}

/**
 * @param out folder that gets the run
 * @throws UserError when a side cannot be made ready or results cannot be written
 */
export async function measureSides(
  comparison: Comparison,
  reference: Reference,
  machine: Machine,
  out: string,
): Promise<MeasuredSides> {
  const { progress, signal } = machine;
  const checkouts: Checkout[] = [];
  const surroundings = { progress: progress.say, signal };
  try {
    // The working tree first: it may be edited from now on.
    progress.doing('Copying the working tree');
    const candidate = await checkOutWorkingTree(surroundings);
    checkouts.push(candidate);
    progress.doing(`Unpacking ${reference.label}`);
    const baseline = await checkOut(reference, surroundings);
    checkouts.push(baseline);
    assertAllThere(comparison, candidate);
    assertVariantsThere(comparison, reference, baseline);
    const context = await openContext(machine, out, newRunId());
    const run = await runExperiment(comparePlan(comparison, { baseline, candidate }), context);
    return { run, folder: context.results.path };
  } finally {
    for (const checkout of checkouts) await checkout.remove();
  }
}

const absentIn = (
  { strategies }: Pick<Comparison, 'strategies'>,
  { strategies: there }: Pick<Checkout, 'strategies'>,
) => strategies.map(({ name }) => name).filter((name) => !there.some((each) => each.name === name));

/** Of the ref, folders were known before, and nothing of what their topologies say. */
export function assertVariantsThere(
  comparison: Pick<Comparison, 'strategies'>,
  { label }: Pick<Reference, 'label'>,
  baseline: Pick<Checkout, 'strategies'>,
): void {
  const absent = absentIn(comparison, baseline);
  if (absent.length === 0) return;
  throw new UserError(
    'invalid',
    `"${label}" has no variant ${absent.join(', ')}, so there is nothing to compare with. Name a newer ref, or leave it out.`,
  );
}

function assertAllThere(comparison: Comparison, candidate: Checkout): void {
  const absent = absentIn(comparison, candidate);
  if (absent.length === 0) return;
  const names = absent.join(', ');
  throw new UserError(
    'invalid',
    `The copy of the working tree has no strategy ${names}: it went meanwhile, or git ignores its folder. See "git status --ignored", then try again.`,
  );
}
