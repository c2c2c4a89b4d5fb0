/** What is counted over trials whatever became of them: a wrong answer is never left out. */
import { type Errors, sumErrors, sumViolations, type Violations } from '../../record/common.ts';
import { beforeMeasuring } from '../../record/engine.ts';
import type { ReadTrial } from '../../record/read/trials.ts';
import type { TrialRecord } from '../../record/trial.ts';

type Operations = TrialRecord['operations'];

/** What the engine wrote last, where the trial has no record of its own. */
const engineOf = (trial: ReadTrial) =>
  trial.kind === 'unfinished' || trial.kind === 'unreadable' ? trial.engine : null;

const recordOf = (trial: ReadTrial): TrialRecord | null =>
  trial.kind === 'unfinished' ? null : trial.record;

/** Requests of the measured phase. */
export const operationsOf = (trial: ReadTrial): Operations =>
  recordOf(trial)?.operations ?? engineOf(trial)?.phases.measure.operations ?? {};

/** Requests before the measured phase, whose wrong answers are as wrong as any; empty where they are not known. */
export function earlierOperationsOf(trial: ReadTrial): Operations {
  const record = recordOf(trial);
  if (record) return record.before ?? {};
  const engine = engineOf(trial);
  return engine ? beforeMeasuring(engine) : {};
}

/** Whether a trial tells of any request at all: what nobody counted is unknown, and not none. */
const tells = (trial: ReadTrial): boolean =>
  [operationsOf(trial), earlierOperationsOf(trial)].some((operations) => Object.keys(operations).length > 0);

/** The counts of some trials; null where none of them tells of a request. */
export const knownCounts = (
  trials: readonly ReadTrial[],
): { readonly violations: Violations; readonly errors: Errors } | null =>
  trials.some(tells)
    ? {
        violations: violationsOf(trials),
        errors: sumErrors(
          trials.flatMap((trial) => Object.values(judgedOperationsOf(trial)).map(({ errors }) => errors)),
        ),
      }
    : null;

/** Requests whose errors count: those before the measured phase where a trial never came to it, such as logins that failed. */
function judgedOperationsOf(trial: ReadTrial): Operations {
  const measured = operationsOf(trial);
  return Object.keys(measured).length > 0 ? measured : earlierOperationsOf(trial);
}

export const violationsOf = (trials: readonly ReadTrial[]): Violations =>
  sumViolations(
    trials
      .flatMap((trial) => [operationsOf(trial), earlierOperationsOf(trial)])
      .flatMap((operations) => Object.values(operations).map(({ violations }) => violations)),
  );

/** Errors of the measured phase. */
export const errorsOf = (trials: readonly ReadTrial[]): Errors =>
  sumErrors(trials.flatMap((trial) => Object.values(operationsOf(trial)).map(({ errors }) => errors)));

/** Requests that the apps counted; null where they could not be asked. */
export const appRequests = ({ requests: { apps } }: TrialRecord): number | null =>
  apps === null ? null : apps.reduce((sum, each) => sum + each, 0);
