/** Work that goes on side by side, and the errors that come of it. */
import { asError } from '../machine/errors.ts';

/** Waits for all; gives what went wrong. Never throws. */
export async function failuresOf(work: readonly Promise<unknown>[]): Promise<readonly Error[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [asError(outcome.reason)] : []));
}

/** Waits for all, then throws the first error: no work goes on that the caller does not know of. */
export async function everyOne(work: readonly Promise<unknown>[]): Promise<void> {
  const [failure] = await failuresOf(work);
  if (failure) throw failure;
}

/** One error that says all of it. */
export function joined(errors: readonly Error[]): Error {
  const [only] = errors;
  if (only && errors.length === 1) return only;
  return new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
}
