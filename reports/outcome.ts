/** What a run came to, for scripts that look at the exit code alone. scripts/cli/exit-codes.ts has the numbers. */
import { sumOf } from '../record/common.ts';
import type { FaultResult } from '../record/faults.ts';
import type { StrategySummary, Summary } from '../record/summary.ts';
import { isWorse } from './facts/fault-verdicts.ts';

export type Outcome =
  /** Everything asked for was done, and every answer was right. */
  | 'ok'
  /** At least one answer was wrong. */
  | 'violations'
  /** At least one strategy left too many requests without a right answer. */
  | 'unanswered'
  /** A strategy that was asked for has no valid trial or, in a search, no rate that is known to keep the promise, or whose weighing was stopped. */
  | 'invalid'
  /** Nothing that was asked for can run here. */
  | 'unavailable'
  | 'failed'
  | 'interrupted';

/** @param named whether the strategies were named; of those that were not, each that cannot run may be missing */
export function outcomeOf(summary: Summary, named: boolean): Outcome {
  const { status, strategies } = summary;
  if (status !== 'finished') return status;
  const measured = strategies.filter((each) => each.status !== 'not-measured');
  if (measured.length === 0) return 'unavailable';
  if (summary.design.kind === 'faults') return faultsOutcome(summary, named, summary.design.results);
  if (strategies.some(({ violations }) => sumOf(violations) > 0)) return 'violations';
  if (strategies.some((each) => each.status === 'failed')) return 'unanswered';
  const answered = measured.every((each) => isAnswered(summary, each));
  const expected = named ? strategies : measured;
  return answered && expected.every((each) => each.status === 'valid') ? 'ok' : 'invalid';
}

/** What a fault costs by a strategy's own description is a result. That it costs more is wrong, and so is another's session. */
function faultsOutcome({ strategies }: Summary, named: boolean, results: readonly FaultResult[]): Outcome {
  if (results.some(isWorse)) return 'violations';
  if (strategies.some(({ status }) => status === 'failed')) return 'unanswered';
  const missing = new Set(
    strategies.filter(({ status }) => status === 'not-measured').map(({ name }) => name),
  );
  const expected = results.filter(({ strategy }) => named || !missing.has(strategy));
  return expected.every(({ survival }) => survival !== 'unknown') ? 'ok' : 'invalid';
}

/** In a search, whether a rate is known that the strategy carries; in a footprint, whether all of its series came to their end. */
function isAnswered({ design, footprint }: Summary, { name }: StrategySummary): boolean {
  if (design.kind === 'footprint') {
    const own = footprint.filter(({ strategy }) => strategy === name);
    return own.length > 0 && own.every(({ status }) => status === 'measured');
  }
  if (design.kind !== 'search') return true;
  return design.answers.some(({ strategy, low }) => strategy === name && low !== null);
}
