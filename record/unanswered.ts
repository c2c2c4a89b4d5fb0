/** Operations of a trial without a right answer: errors, wrong answers, and arrivals that were never sent. */
import { type OperationName, operationNames } from './common.ts';
import { tally, withoutRightAnswer } from './failure.ts';
import type { TrialRecord } from './trial.ts';

/**
 * Up to this share, operations without a right answer are accidents of a machine, and no way to look better: had each of
 * them cost ten times the usual, a strategy's numbers would be 1 % worse.
 */
export const accidentShare = 0.001;

interface Counted extends Pick<TrialRecord, 'operations'> {
  readonly pacing: Pick<TrialRecord['pacing'], 'dropped'>;
}

/** What a client asks for; a probe is the harness' own. */
export const clientOperations = operationNames.filter((name) => name !== 'probe');

const sumOver = (of: readonly OperationName[], count: (name: OperationName) => number): number =>
  of.reduce((sum, name) => sum + count(name), 0);

/** Requests of these operations that were sent, and got an error or a wrong answer. */
const failedOf = ({ operations }: Counted, of: readonly OperationName[]): number =>
  sumOver(of, (name) => tally(name, [operations]).unanswered);

/**
 * How many of these operations got no right answer. Nobody knows what an arrival that was dropped would have asked for:
 * each operation has a share of them, by its share of what was sent, rounded up.
 */
export function unansweredOf(record: Counted, of: readonly OperationName[]): number {
  const sentOf = (name: OperationName): number => record.operations[name]?.count ?? 0;
  const clients = of.filter((name) => name !== 'probe');
  const sent = sumOver(clientOperations, sentOf);
  const share = sent > 0 ? sumOver(clients, sentOf) / sent : clients.length / clientOperations.length;
  return failedOf(record, of) + Math.ceil(record.pacing.dropped * share);
}

/** Requests with a right answer, probes and the logins that repair a lost session included. */
export const rightAnswers = (record: Counted & Pick<TrialRecord, 'requests'>): number =>
  Math.max(0, record.requests.generator - withoutRightAnswer(record.operations));

/** Operations without a right answer over all that were due, 0 to 1; 0 where none was. */
export function unansweredShare(records: readonly (Counted & Pick<TrialRecord, 'requests'>)[]): number {
  const unanswered = records.reduce((sum, record) => sum + unansweredOf(record, operationNames), 0);
  const due = records.reduce((sum, record) => sum + record.requests.generator + record.pacing.dropped, 0);
  return due > 0 ? Math.min(1, unanswered / due) : 0;
}
