/** Trials whose errors something outside brought about: they say nothing of the side, and are told without being tested. */
import { type ComparedClassName, isWrongAnswer, sumOf } from '../../record/common.ts';
import { standstillCode } from '../../record/noise.ts';
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

const isCutOff = (trial: ReadTrial): boolean => wasKilled(trial) || wasInterrupted(trial);

/** The machine stood still in it, with both sides of the pair. */
const stoodStill = (trial: ReadTrial): boolean =>
  trial.kind === 'invalid' && trial.record.reasons.some(({ code }) => code === standstillCode);

/**
 * Whether a class of answers is tested in a trial. Sessions are lost with a server that is killed; stale, crossed and
 * resurrected ones are nobody's doing but the strategy's. A machine that stands still fails requests, and loses no session.
 */
export function isTested(name: ComparedClassName, trial: ReadTrial): boolean {
  if (!isWrongAnswer(name)) return !isCutOff(trial) && !stoodStill(trial);
  return (name !== 'lost' && name !== 'wrong') || !wasKilled(trial);
}

/** Of one side: trials in which the machine stood still, and whose block nobody could measure again. */
export function unrepeatedStandstills(trials: readonly ReadTrial[]): readonly ReadTrial[] {
  const measured = new Set(trials.flatMap((trial) => (trial.kind === 'valid' ? [trial.record.block] : [])));
  return trials.filter(
    (trial) =>
      trial.kind === 'invalid' && stoodStill(trial) && !isCutOff(trial) && !measured.has(trial.record.block),
  );
}

/** Requests that failed and are not tested, and the trials that they are of. */
export interface Untested {
  readonly why: 'cut off' | 'stood still';
  readonly requests: number;
  readonly trials: number;
}

/** By what befell their trials; empty where every request that failed is tested. */
export function untestedIn(trials: readonly ReadTrial[]): readonly Untested[] {
  const counted = trials.map((trial) => {
    const errors = isTested('unanswered', trial) ? 0 : sumOf(errorsOf([trial]));
    const lost = isTested('lost', trial) ? 0 : violationsOf([trial]).lost;
    return {
      why: isCutOff(trial) ? ('cut off' as const) : ('stood still' as const),
      requests: errors + lost,
    };
  });
  return [...Map.groupBy(counted, ({ why }) => why)].flatMap(([why, all]) => {
    const requests = all.map((each) => each.requests).filter((each) => each > 0);
    const sum = requests.reduce((total, each) => total + each, 0);
    return sum > 0 ? [{ why, requests: sum, trials: requests.length }] : [];
  });
}
