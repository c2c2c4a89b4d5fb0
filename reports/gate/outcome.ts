/** What outcomes of a comparison's parts make together. */
import type { GateOutcome } from '../../record/gate.ts';

/** What sentences call the two sides. */
export interface Names {
  readonly baseline: string;
  readonly candidate: string;
}

const worstFirst: readonly GateOutcome[] = ['regression', 'invalid', 'inconclusive', 'ok'];

/** A regression is one whatever else is missing; then what could not be judged; then what stayed open. */
export const worstOutcome = (outcomes: readonly GateOutcome[]): GateOutcome =>
  worstFirst.find((outcome) => outcomes.includes(outcome)) ?? 'invalid';
