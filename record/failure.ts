/**
 * When a strategy has failed: too many of its requests got no right answer, whether it kept silent, failed or answered
 * wrongly. Such a strategy is measured and praised for nothing. The limit has its home here.
 */
import { type Errors, type OperationName, operationNames, sumOf, type Violations } from './common.ts';
import { formatCount, nounFor } from './counted.ts';

/** Share of requests without a right answer above which a strategy has failed. */
export const failedShare = 0.05;

/** What was asked and answered, by operation. */
export type OperationCounts = Readonly<
  Partial<
    Record<
      OperationName,
      { readonly count: number; readonly errors: Errors; readonly violations: Violations }
    >
  >
>;

export interface Failure {
  /** The requests of one operation, or of all together. */
  readonly of: OperationName | 'all';
  /** How many of these requests got no right answer. */
  readonly unanswered: number;
  readonly requests: number;
}

/** So many, of so few requests of one operation, may be an accident. */
const fewest = 2;
/** Standard deviations beyond the limit: a handful of requests shows no share. */
const surely = 3;

/**
 * How a strategy failed; null where it did not. One operation is enough, since a store that takes no login serves nobody,
 * however rare logins are; of a few requests that takes more than the share.
 * @param parts of trials, to be taken together
 * @param dropped arrivals of these trials that were due and never sent: requests without an answer, of no known operation
 */
export function failureIn(parts: readonly OperationCounts[], dropped = 0): Failure | null {
  const each = operationNames.map((operation) => tally(operation, parts));
  const all = each.reduce<Failure>(
    (sum, { unanswered, requests }) => ({
      of: 'all',
      unanswered: sum.unanswered + unanswered,
      requests: sum.requests + requests,
    }),
    { of: 'all', unanswered: dropped, requests: dropped },
  );
  if (all.unanswered > all.requests * failedShare) return all;
  return each.find(isSurelyAbove) ?? null;
}

/** Arrivals of these trials that were due and never sent. */
export const droppedIn = (records: readonly { readonly pacing: { readonly dropped: number } }[]): number =>
  records.reduce((sum, { pacing }) => sum + pacing.dropped, 0);

/** `64 of 200 reads`, without a full stop. */
export function failureInWords({ of, unanswered, requests }: Failure): string {
  const what = of === 'all' ? 'request' : of;
  return `${formatCount(unanswered)} of ${formatCount(requests)} ${nounFor(requests, what)} got no right answer`;
}

/** Requests of an operation that got a right answer. */
export const rightAnswersTo = (operation: OperationName, parts: readonly OperationCounts[]): number => {
  const { requests, unanswered } = tally(operation, parts);
  return requests - unanswered;
};

/** Requests without a right answer, of all operations together. */
export const withoutRightAnswer = (operations: OperationCounts): number =>
  operationNames.reduce((sum, operation) => sum + tally(operation, [operations]).unanswered, 0);

/** Requests of an operation, and those of them without a right answer. */
export function tally(of: OperationName, parts: readonly OperationCounts[]): Failure {
  const found = parts.flatMap((part) => part[of] ?? []);
  const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);
  return {
    of,
    requests: sum(found.map(({ count }) => count)),
    unanswered: sum(found.map(({ errors, violations }) => sumOf(errors) + sumOf(violations))),
  };
}

function isSurelyAbove({ unanswered, requests }: Failure): boolean {
  const spread = Math.sqrt(requests * failedShare * (1 - failedShare));
  return unanswered >= fewest && unanswered > requests * failedShare + surely * spread;
}
