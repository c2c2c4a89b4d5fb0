/** Whether answers were right, and who is left out of the numbers: what every kind of run has to say. */
import { sumOf } from '../../record/common.ts';
import { rightAnswersTo } from '../../record/failure.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { operationsOf } from '../facts/counts.ts';
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
  const unread = tried.filter(({ name }) => rightAnswersOf(run, name) === 0);
  if (unread.length > 0) return unknown(unread, { strategies, run });
  // What got no answer may have been kept or not.
  const all = ({ status, trials, errors }: StrategySummary): boolean =>
    status === 'valid' && trials.invalid === 0 && sumOf(errors) === 0;
  if (!tried.every((each) => all(each) && rightAnswersOf(run, each.name) >= tellingAnswers))
    return 'no wrong answer was seen';
  if (tried.length === 1) return 'every session was kept';
  return `${tried.length === 2 ? 'both' : `all ${inWords(tried.length)}`} kept every session`;
}

/** `what Redis keeps is unknown, since no session could be read`: with its own cause for each. */
function unknown(unread: Strategies, { strategies, run }: Pick<Facts, 'strategies' | 'run'>): string {
  const causes = [...Map.groupBy(unread, ({ name }) => whyUnread(run, name))];
  const [first] = causes;
  if (first && causes.length === 1 && unread.length === strategies.length)
    return `what was kept is unknown, since ${first[0]}`;
  return causes
    .map(
      ([why, some]) =>
        `what ${named(some, strategies)} ${some.length === 1 ? 'keeps' : 'keep'} is unknown, since ${why}`,
    )
    .join('; ');
}

/** A strategy is not to blame for files that were damaged, or for a run that ended before it was asked. */
function whyUnread({ trials }: ReadRun, name: string): string {
  const own = trials.filter(({ strategy }) => strategy === name);
  if (own.some(({ kind }) => kind === 'invalid' || kind === 'valid')) return 'no session could be read';
  return own.some(({ kind }) => kind === 'unreadable')
    ? 'the files of its trials cannot be used'
    : 'no trial of it ended';
}

/** So many right answers of reads and writes at least tell whether sessions are kept: without any loss, that is surely below 3 %. */
const tellingAnswers = 100;

/** Reads and writes of the strategy's sessions that were answered rightly. */
function rightAnswersOf({ trials }: ReadRun, name: string): number {
  const parts = trials.filter(({ strategy }) => strategy === name).map(operationsOf);
  return rightAnswersTo('read', parts) + rightAnswersTo('write', parts);
}
