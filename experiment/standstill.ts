/**
 * Whether sides that are driven at the same time stood still together, and whether something outside of them did it. Then
 * the pair says nothing of the code: whichever side had a call under way fails it.
 *
 * A side stands still while none of its arrivals gets a right answer (`gaps` of engine.json, by the generator). What one side
 * does alone is in no common time, since whoever shares a core with a program that never rests still gets its turns. What
 * both met together is put down to the machine only where the sides cannot have done it:
 *
 * - the generators of both stood still as well. They wait for no answer before they send, have servers of neither side to
 *   wait for, and get their turns too;
 * - or others, the hypervisor included, had enough of the machine to hold half of it all that time: a fair scheduler leaves
 *   apps that ask for little no silence of a second with less.
 *
 * Limits. A candidate that makes the whole machine stand still, generators included (by taking all memory, or with hundreds of
 * threads that never rest), is taken for the machine: such pairs are measured again, and where that fails their errors leave
 * the verdict open, never sound. The shares of others are those of the whole measured phase, so that a program that was
 * loud just before both stood still counts as well. A disk that hangs shows in neither: that is told, and the pair counts.
 * Pauses before the measured phase are not seen.
 */
import type { EngineResult } from '../record/engine.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import type { TrialRecord } from '../record/trial.ts';
import { STORE_TIMEOUT_MS } from './store-timeout.ts';

/**
 * Shorter ones fail no call: a store's call that still takes longer than it may has spent more than half of that by its side's
 * own doing.
 */
export const STANDSTILL_SECONDS = STORE_TIMEOUT_MS / 1000 / 2;

/** Of others: with less, one half of the machine at least is left to the sides. */
const SHARE_OF_OTHERS = 0.5;

/** In seconds, on a clock that all share. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What one of them has shown. */
export interface Driven {
  readonly record: TrialRecord;
  /** Null where nothing can be read of it. */
  readonly engine: Pick<EngineResult, 'gaps' | 'measureStartedAt'> | null;
}

/** @returns the records, in their order: each says whether it stood still with all others */
export function withStandstills(driven: readonly Driven[]): readonly TrialRecord[] {
  const records = driven.map(({ record }) => record);
  const longest = driven.length < 2 ? null : longestOf(together(driven.map(silences)));
  if (longest === null || lengthOf(longest) < STANDSTILL_SECONDS) return records;
  const words = `both sides stood still for ${lengthOf(longest).toFixed(1)} s at the same time`;
  const outside = outsideOf(records, lengthOf(longest));
  if (outside === null) {
    const told = reasonOf('sides-stood-still', `${words}, and nothing outside of them is known that did it`);
    return records.map((record) => ({ ...record, warnings: [...record.warnings, told] }));
  }
  const reason = reasonOf('machine-stood-still', `${words}: ${outside}`);
  return records.map((record) => invalidFor(reason, record));
}

const invalidFor = (reason: Reason, record: TrialRecord): TrialRecord => ({
  ...record,
  status: 'invalid',
  reasons: [reason, ...record.reasons],
});

/** What other than the sides made them stand still for so many seconds, in words; null where nothing is known. */
function outsideOf(records: readonly TrialRecord[], seconds: number): string | null {
  const lags = records.map(({ pacing }) => pacing.lagMaxMicros / 1e6);
  const least = Math.min(...lags);
  if (least >= STANDSTILL_SECONDS)
    return `their generators stood still too, each for ${least.toFixed(1)} s at least`;
  const share = Math.max(...records.map(ofOthers));
  const measured = Math.max(...records.map(({ measuredSeconds }) => measuredSeconds));
  if (share * measured < SHARE_OF_OTHERS * seconds) return null;
  return `others had ${Math.round(share * 100)} % of the machine's CPU time`;
}

const ofOthers = ({ foreignShare, stealShare }: TrialRecord): number =>
  (foreignShare ?? 0) + (stealShare ?? 0);

/** Times in which no arrival got a right answer. */
function silences({ record, engine }: Driven): readonly Span[] {
  const start = Date.parse(engine?.measureStartedAt ?? '') / 1000;
  return (engine?.gaps ?? []).map(({ fromSeconds, untilSeconds }) => ({
    from: start + fromSeconds,
    until: start + (untilSeconds ?? record.measuredSeconds),
  }));
}

/** Times that lie in one span of each. */
export const together = ([first = [], ...others]: readonly (readonly Span[])[]): readonly Span[] =>
  others.reduce(
    (common, spans) => common.flatMap((one) => spans.map((other) => overlap(one, other)).filter(lasts)),
    first.filter(lasts),
  );

const overlap = (one: Span, other: Span): Span => ({
  from: Math.max(one.from, other.from),
  until: Math.min(one.until, other.until),
});

const lengthOf = ({ from, until }: Span): number => until - from;

const lasts = (span: Span): boolean => lengthOf(span) > 0;

const longestOf = (spans: readonly Span[]): Span | null =>
  spans.reduce<Span | null>(
    (longest, span) => (longest === null || lengthOf(span) > lengthOf(longest) ? span : longest),
    null,
  );
