/** Whether answers were right, and who is left out of the numbers: what every kind of run has to say. */
import { sumOf } from '../../record/common.ts';
import { rightAnswersTo } from '../../record/failure.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { StrategySummary } from '../../record/summary.ts';
import type { Facts } from '../facts/facts.ts';
import { killing, ownFault } from '../facts/own-faults.ts';
import { shortTitle } from '../words/brief.ts';
import { counted, formatClasses, inWords, listed } from '../words/format.ts';

type Strategies = readonly StrategySummary[];

/** More names than this are a list to read in the table, not in a sentence. */
export const mostNamed = 3;
/** With their counts, fewer fit. */
const mostCounted = 2;

/** Comes first: speed is no merit of a strategy that answers wrongly. Empty where every answer was right. */
export function wrongAnswers(strategies: Strategies): string {
  const wrong = strategies.filter(({ violations }) => sumOf(violations) > 0);
  if (wrong.length === 0) return '';
  if (wrong.length > mostNamed)
    return `Wrong answers came from ${inWords(wrong.length)} of ${inWords(strategies.length)} strategies`;
  const counts = wrong.length <= mostCounted;
  const each = wrong.map(
    (strategy) => `${shortTitle(strategy)}${counts ? ` (${formatClasses(strategy.violations)})` : ''}`,
  );
  return `Wrong answers came from ${listed(each)}`;
}

/** A strategy that hardly answers is no part of any comparison, and must be seen not to be. */
export function failed(strategies: Strategies): string {
  const silent = strategies.filter(({ status }) => status === 'failed');
  if (silent.length === 0) return '';
  return `${named(silent, strategies)} failed: too many requests got no right answer`;
}

/** A reader must not take the strategies of the sentence for all of the run. */
export function without(strategies: Strategies): string {
  const missing = strategies.filter(({ status }) => status === 'invalid' || status === 'not-measured');
  if (missing.length === 0) return '';
  return `${named(missing, strategies)} ${missing.length === 1 ? 'has' : 'have'} no valid trial`;
}

const named = (some: Strategies, all: Strategies): string =>
  some.length <= mostNamed
    ? listed(some.map(shortTitle))
    : `${inWords(some.length)} of ${inWords(all.length)} strategies`;

type Told = Pick<Facts, 'strategies' | 'trials'>;

/** Strategies with numbers that lost trials to faults of their own, or to a kill from outside. */
export const lostTrials = (facts: Told): string =>
  [
    lostFor(facts, ownFault, (who) => `to faults of ${who} own`),
    lostFor(facts, killing, () => 'to kills from outside'),
  ]
    .filter((text) => text !== '')
    .join('; ');

function lostFor(
  { strategies, trials }: Told,
  faultIn: typeof ownFault,
  to: (whose: string) => string,
): string {
  const lost = strategies.flatMap((strategy) => {
    const own = trials.filter((trial) => trial.strategy === strategy.name);
    const out = own.filter(({ reasons }) => faultIn(reasons) !== null);
    const told = `${shortTitle(strategy)} lost ${out.length} of ${counted(own.length, 'trial')}`;
    return strategy.status === 'valid' && out.length > 0 ? [told] : [];
  });
  if (lost.length === 0) return '';
  const who = lost.length <= mostCounted ? listed(lost) : `${inWords(lost.length)} strategies lost trials`;
  return `${who} ${to(lost.length === 1 ? 'its' : 'their')}`;
}

/** Empty where an answer was wrong. Nothing is said of sessions that were never read. */
export function integrity({ strategies, run }: Pick<Facts, 'strategies' | 'run'>): string {
  const tried = strategies.filter(({ trials }) => trials.valid + trials.invalid > 0);
  if (tried.length === 0 || tried.some(({ violations }) => sumOf(violations) > 0)) return '';
  const unread = tried.filter(({ name }) => !wasRead(run, name));
  if (unread.length > 0 && unread.length < strategies.length)
    return `what ${named(unread, strategies)} ${unread.length === 1 ? 'keeps' : 'keep'} is unknown, since no session could be read`;
  if (unread.length > 0) return 'what was kept is unknown, since no session could be read';
  // What got no answer may have been kept or not.
  const all = ({ status, trials, errors }: StrategySummary): boolean =>
    status === 'valid' && trials.invalid === 0 && sumOf(errors) === 0;
  if (!tried.every(all)) return 'no wrong answer was seen';
  if (tried.length === 1) return 'every session was kept';
  return `${tried.length === 2 ? 'both' : `all ${inWords(tried.length)}`} kept every session`;
}

/** Whether a session of the strategy was read or written, and the answer right. */
function wasRead({ trials }: ReadRun, name: string): boolean {
  const parts = trials.flatMap((trial) => {
    const record = trial.strategy === name && 'record' in trial ? trial.record : null;
    return record ? [record.operations] : [];
  });
  return rightAnswersTo('read', parts) + rightAnswersTo('write', parts) > 0;
}
