/** Measures a git ref and the working tree at the same time, both as they were before the first server started. */
import { isDeepStrictEqual } from 'node:util';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { UserError } from '../../record/user-error.ts';
import { type Machine, newRunId, openContext } from '../context.ts';
import type { Preparation, Prepared } from '../preparation.ts';
import { type EndedRun, runExperiment } from '../run.ts';
import { type Checkout, checkOut, checkOutWorkingTree } from './checkout.ts';
import { type Comparison, comparePlan } from './plan.ts';
import type { Reference } from './reference.ts';

/** Copies of both sides, each with the packages that it asks for. */
export interface ReadySides extends Prepared {
  readonly baseline: Checkout;
  readonly candidate: Checkout;
}

export const prepareSides =
  (comparison: Comparison, reference: Reference): Preparation<ReadySides> =>
  async ({ progress, signal }) => {
    const checkouts: Checkout[] = [];
    const remove = async () => {
      for (const checkout of checkouts) await checkout.remove();
    };
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
      return { baseline, candidate, strategies: onlyThere(comparison, baseline), remove };
    } catch (error) {
      await remove();
      throw error;
    }
  };

export interface MeasuredSides {
  readonly run: EndedRun;
  /** Absolute path of the run's own folder. */
  readonly folder: string;
}

/**
 * @param out folder that gets the run
 * @throws UserError when results cannot be written
 */
export async function measureSides(
  comparison: Comparison,
  sides: ReadySides,
  machine: Machine,
  out: string,
): Promise<MeasuredSides> {
  const context = await openContext(machine, out, newRunId());
  const run = await runExperiment(comparePlan(comparison, sides), context);
  return { run, folder: context.results.path };
}

/** Of the strategies to compare, those whose topology the baseline has in another form. */
const onlyThere = ({ strategies }: Comparison, { strategies: there }: Checkout): readonly Strategy[] =>
  there.filter(({ name, topology }) => {
    const here = strategies.find((each) => each.name === name);
    return here !== undefined && !isDeepStrictEqual(here.topology, topology);
  });

const absentIn = (
  { strategies }: Pick<Comparison, 'strategies'>,
  { strategies: there }: Pick<Checkout, 'strategies'>,
): readonly string[] =>
  strategies.map(({ name }) => name).filter((name) => !there.some((each) => each.name === name));

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
