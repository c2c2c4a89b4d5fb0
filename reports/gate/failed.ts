/**
 * Sides that hardly answer: how fast and how cheaply they fail is compared with nothing. And sides that lose trials to
 * faults of their own, or to kills from outside: the trials that are left would praise them.
 */
import { droppedIn, type Failure, failureIn, failureInWords } from '../../record/failure.ts';
import { type Finding, findingOf, type Reason } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import { killing, ownFault } from '../facts/own-faults.ts';
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

/** Why each trial of a side that is out for a fault of its own, or since a server was killed, is out. */
const lostBy = ({ run, name }: Side): Reason[] =>
  run.trials.flatMap((trial) => {
    if (trial.strategy !== name || trial.kind !== 'invalid') return [];
    const { reasons } = trial.record;
    return ownFault(reasons) ?? killing(reasons) ?? [];
  });

/** Whether the candidate lost no more trials than the baseline. */
export const losesNoMore = ({ baseline, candidate }: ComparedStrategy): boolean =>
  lostBy(candidate).length <= lostBy(baseline).length;

/** For each strategy the side that lost more trials: an alarm where that is the candidate. */
export const lostTrials = (strategies: readonly ComparedStrategy[], names: Names): Finding[] =>
  strategies.flatMap((compared) => {
    const [more, fewer]: readonly [keyof Names, keyof Names] = losesNoMore(compared)
      ? ['baseline', 'candidate']
      : ['candidate', 'baseline'];
    const [lost, others] = [lostBy(compared[more]), lostBy(compared[fewer])];
    const [first] = lost;
    if (!first || lost.length === others.length) return [];
    const count = `${counted(lost.length, 'trial')} to ${lossWords(lost)}, ${names[fewer]} ${others.length}`;
    const message = `${compared.strategy} of ${names[more]} lost ${count}: ${asSentenceEnd(first.message)}`;
    const severity = more === 'candidate' ? 'alarm' : 'warning';
    return [{ ...findingOf('trials-lost', message, first.remedy), severity }];
  });

function lossWords(lost: readonly Reason[]): string {
  const kills = lost.filter((reason) => killing([reason]) !== null).length;
  if (kills === 0) return 'faults of its own';
  return kills === lost.length ? 'kills from outside' : 'faults of its own or kills from outside';
}
