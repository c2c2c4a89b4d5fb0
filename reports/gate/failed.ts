/** Sides that hardly answer: how fast and how cheaply they fail is compared with nothing. */
import { failureIn, failureInWords } from '../../record/failure.ts';
import { type Finding, findingOf } from '../../record/reasons.ts';
import type { Names } from './outcome.ts';
import { type ComparedStrategy, type Side, trialsOf } from './sides.ts';

/** How a side failed; null where it did not. */
export const failureOf = (side: Side) => failureIn(trialsOf(side).map(({ record }) => record.operations));

/** Whether both sides answer enough for a comparison of their speed and cost. */
export const bothAnswer = ({ baseline, candidate }: ComparedStrategy): boolean =>
  [baseline, candidate].every((side) => failureOf(side) === null);

/** An alarm for each side that failed. */
export const failedSides = (strategies: readonly ComparedStrategy[], names: Names): Finding[] =>
  strategies.flatMap((compared) =>
    (['baseline', 'candidate'] as const).flatMap((which) => {
      const failure = failureOf(compared[which]);
      if (failure === null) return [];
      const message = `${compared.strategy} of ${names[which]} failed, so that nothing of it is compared: ${failureInWords(failure)}.`;
      return [findingOf('strategy-failed', message)];
    }),
  );
