/**
 * What the generator counted in a trial of a run that was killed. It may have run on while the next start ended the servers: from
 * then on requests failed, and sessions were gone, for no fault of the strategy's. Nothing tells when that was.
 */
import { noErrors, operationNames, sumOf } from '../common.ts';
import type { EngineResult } from '../engine.ts';

type Operations = EngineResult['phases']['measure']['operations'];
type Counts = NonNullable<Operations[keyof Operations]>;

/** Without what servers that were ended can cause; wrong answers that they cannot give stay. */
export function withoutAftermath(engine: EngineResult): EngineResult {
  const { seed, warmup, measure, sweep } = engine.phases;
  return {
    ...engine,
    // They sum up what is left out here.
    gaps: null,
    losses: null,
    phases: {
      seed: { ...seed, operations: withoutFailures(seed.operations) },
      warmup: { ...warmup, operations: withoutFailures(warmup.operations) },
      measure: { ...measure, operations: withoutFailures(measure.operations) },
      sweep: sweep && { ...sweep, operations: withoutFailures(sweep.operations) },
    },
  };
}

/** Whether there is anything in it that servers that were ended can cause. */
export const hasAftermath = ({ phases }: EngineResult): boolean =>
  Object.values(phases).some((phase) =>
    Object.values(phase?.operations ?? {}).some((counts) => failuresIn(counts) > 0),
  );

const failuresIn = ({ errors, violations }: Counts): number => sumOf(errors) + violations.lost;

function withoutFailures(operations: Operations): Operations {
  const left: Operations = {};
  for (const name of operationNames) {
    const counts = operations[name];
    if (counts)
      left[name] = {
        count: counts.count - failuresIn(counts),
        errors: noErrors,
        violations: { ...counts.violations, lost: 0 },
      };
  }
  return left;
}
