/**
 * Sides that hardly answer: how fast and how cheaply they fail is compared with nothing. And candidates that lose trials to
 * faults of their own: the trials that are left would praise them.
 */
import { droppedIn, type Failure, failureIn, failureInWords } from '../../record/failure.ts';
import { type Finding, findingOf, type Reason } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import { ownFault } from '../facts/own-faults.ts';
import { counted } from '../words/format.ts';
import type { Names } from './outcome.ts';
import { type ComparedStrategy, type Side, trialsOf } from './sides.ts';

/** How a side failed; null where it did not. */
export function failureOf(side: Side): Failure | null {
  const records = trialsOf(side).map(({ record }) => record);
  return failureIn(
    records.map(({ operations }) => operations),
    droppedIn(records),
  );
}

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

/** Why each trial of a side that is out for a fault of its own is out. */
const lostBy = ({ run, name }: Side): Reason[] =>
  run.trials.flatMap((trial) =>
    trial.strategy === name && trial.kind === 'invalid' ? (ownFault(trial.record.reasons) ?? []) : [],
  );

/** Whether the candidate lost no more trials to faults of its own than the baseline. */
export const losesNoMore = ({ baseline, candidate }: ComparedStrategy): boolean =>
  lostBy(candidate).length <= lostBy(baseline).length;

/** An alarm for each candidate that lost more trials than its baseline. */
export const lostTrials = (strategies: readonly ComparedStrategy[], names: Names): Finding[] =>
  strategies
    .filter((compared) => !losesNoMore(compared))
    .flatMap(({ strategy, baseline, candidate }) => {
      const [first, ...others] = lostBy(candidate);
      if (!first) return [];
      const count = `${counted(others.length + 1, 'trial')} to faults of its own, ${names.baseline} ${lostBy(baseline).length}`;
      return [
        findingOf(
          'trials-lost',
          `${strategy} of ${names.candidate} lost ${count}: ${asSentenceEnd(first.message)}`,
          first.remedy,
        ),
      ];
    });
