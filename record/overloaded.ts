/** Whether a strategy could not keep up with the rate that it was offered: the one rule, for reports and the advice. */
import type { TrialSummary } from './summary.ts';

type Told = Pick<TrialSummary, 'strategy' | 'status' | 'warnings'>;

/**
 * Operations queued to the end in half of its valid trials or more. What fails, or is slow, has kept up.
 * @param trials of a run at one rate: a search raises its rate until this happens
 */
export function couldNotKeepUp(trials: readonly Told[], strategy: string): boolean {
  const own = trials.filter((trial) => trial.strategy === strategy && trial.status === 'valid');
  const queued = own.filter(({ warnings }) => warnings.some(({ code }) => code === 'overloaded'));
  return queued.length > 0 && queued.length >= own.length / 2;
}
