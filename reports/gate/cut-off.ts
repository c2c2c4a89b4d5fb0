/** Trials that something outside cut off: what failed in them says nothing of the side, and is told without being tested. */
import { type ComparedClassName, isWrongAnswer, sumOf } from '../../record/common.ts';
import type { ReadTrial } from '../../record/read/trials.ts';
import { errorsOf, violationsOf } from '../facts/counts.ts';
import { killing } from '../facts/own-faults.ts';

/** A server was ended from outside. */
const wasKilled = (trial: ReadTrial): boolean =>
  trial.kind === 'invalid' && killing(trial.record.reasons) !== null;

/** The run ended in it, and its servers may have been stopped while requests were on their way. */
const wasInterrupted = (trial: ReadTrial): boolean =>
  trial.kind === 'unfinished' ||
  (trial.kind === 'invalid' && trial.record.reasons.some(({ code }) => code === 'interrupted'));

/**
 * Whether a class of answers is tested in a trial. Sessions are lost with a server that is killed; stale, crossed and
 * resurrected ones are nobody's doing but the strategy's.
 */
export function isTested(name: ComparedClassName, trial: ReadTrial): boolean {
  if (!isWrongAnswer(name)) return !wasKilled(trial) && !wasInterrupted(trial);
  return (name !== 'lost' && name !== 'wrong') || !wasKilled(trial);
}

/** Requests that failed and are not tested, and the trials that they are of. */
export interface Untested {
  readonly requests: number;
  readonly trials: number;
}

export function untestedIn(trials: readonly ReadTrial[]): Untested {
  const counts = trials.map((trial) => {
    const errors = isTested('unanswered', trial) ? 0 : sumOf(errorsOf([trial]));
    return errors + (isTested('lost', trial) ? 0 : violationsOf([trial]).lost);
  });
  return {
    requests: counts.reduce((sum, count) => sum + count, 0),
    trials: counts.filter((count) => count > 0).length,
  };
}
