/** How often each class of wrong answers and errors was seen, and how many requests could have shown it. */
import {
  type ComparedClassName,
  type Errors,
  isTogether,
  isViolation,
  isWrongAnswer,
  type OperationName,
  operationNames,
  sumOf,
} from '../../record/common.ts';
import type { ComparedClass } from '../../record/gate.ts';
import type { ReadTrial } from '../../record/read/trials.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { earlierOperationsOf, operationsOf } from '../facts/counts.ts';

export type Tally = ComparedClass['baseline'];

/** Operations whose answers can show a class (infra/k6/session/oracle.go); an error can befall any. */
const showing: Readonly<Record<ComparedClassName, readonly OperationName[]>> = {
  lost: ['read', 'write', 'logout'],
  stale: ['read', 'write'],
  resurrected: ['probe'],
  crossed: ['login', 'read', 'write'],
  timeout: operationNames,
  connection: operationNames,
  server: operationNames,
  protocol: operationNames,
  wrong: operationNames,
  unanswered: operationNames,
};

export const operationsShowing = (name: ComparedClassName): readonly OperationName[] => showing[name];

type Operations = TrialRecord['operations'];
type Counts = NonNullable<Operations[OperationName]>;

/** All that could show the class: a wrong answer counts before the measured phase too. */
const witnessing = (name: ComparedClassName, trial: ReadTrial): readonly Operations[] =>
  isWrongAnswer(name) ? [operationsOf(trial), earlierOperationsOf(trial)] : [operationsOf(trial)];

/** How often the class was counted. */
function countOf(name: ComparedClassName, { violations, errors }: Counts): number {
  if (isTogether(name)) return sumOf(name === 'wrong' ? violations : errors);
  return isViolation(name) ? violations[name] : errors[name];
}

/** A request without an answer cannot show a wrong one. */
const chancesOf = (name: ComparedClassName, { count, errors }: Counts): number =>
  isWrongAnswer(name) ? answeredOf(count, errors) : count;

const answeredOf = (count: number, errors: Errors): number => Math.max(0, count - sumOf(errors));

export function tallyOf(trials: readonly ReadTrial[], name: ComparedClassName): Tally {
  const tally = { count: 0, exposure: 0, trials: 0 };
  for (const trial of trials) {
    let ofTrial = 0;
    const all = witnessing(name, trial).flatMap((operations) =>
      operationNames.flatMap((operation) => {
        const counts = operations[operation];
        return counts ? [{ operation, counts }] : [];
      }),
    );
    for (const { operation, counts } of all) {
      const count = countOf(name, counts);
      ofTrial += count;
      // A class that was counted could be shown, whatever the table expects.
      tally.exposure += showing[name].includes(operation) ? Math.max(count, chancesOf(name, counts)) : count;
    }
    tally.count += ofTrial;
    tally.trials += ofTrial > 0 ? 1 : 0;
  }
  return tally;
}

/** Requests of the measured phases, and those of them that got an answer that can be used. */
export function requestsOf(trials: readonly ReadTrial[]): { requests: number; answered: number } {
  const counts = trials.flatMap((trial) => Object.values(operationsOf(trial)));
  return {
    requests: counts.reduce((sum, { count }) => sum + count, 0),
    answered: counts.reduce((sum, { count, errors }) => sum + answeredOf(count, errors), 0),
  };
}
