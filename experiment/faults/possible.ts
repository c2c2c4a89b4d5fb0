/** Which strategies can have which fault, and what should come of it. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { PlannedFault } from '../../record/faults.ts';
import type { Fate } from '../../record/on-paper.ts';
import type { Fault } from './fault.ts';
import { measuredSecondsOf } from './timing.ts';

/** Null where the topology does not say. What ends no process costs no session. */
export const expectedOf = ({ ending }: Pick<Fault, 'ending'>, { topology }: Strategy): Fate | null =>
  ending === null ? 'kept' : topology.outlasts[ending];

export interface Possibility {
  readonly fault: Fault;
  /** In the order of the plan. */
  readonly able: readonly Strategy[];
  /** Why the others cannot have it, by their name. */
  readonly impossible: Readonly<Record<string, string>>;
}

export function possibilitiesOf(
  faults: readonly Fault[],
  strategies: readonly Strategy[],
): readonly Possibility[] {
  return faults.map((fault) => {
    const reasons = strategies.map((strategy) => ({ strategy, why: fault.whyNot(strategy) }));
    return {
      fault,
      able: reasons.flatMap(({ strategy, why }) => (why === null ? [strategy] : [])),
      impossible: Object.fromEntries(
        reasons.flatMap(({ strategy, why }) => (why === null ? [] : [[strategy.name, why]])),
      ),
    };
  });
}

/** A fault as a run's record keeps it. */
export const plannedFault = ({ fault, able, impossible }: Possibility): PlannedFault => ({
  name: fault.name,
  title: fault.title,
  description: fault.description,
  ending: fault.ending ?? 'none',
  measureSeconds: measuredSecondsOf(fault),
  expected: Object.fromEntries(able.map((strategy) => [strategy.name, expectedOf(fault, strategy)])),
  impossible: { ...impossible },
});
