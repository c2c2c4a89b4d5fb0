/** Whether answers were right, and who is left out of the numbers: what every kind of run has to say. */
import { sumOf } from '../../record/common.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { shortTitle } from '../words/brief.ts';
import { formatClasses, inWords, listed } from '../words/format.ts';

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
  const named = wrong.map(
    (each) => `${shortTitle(each)}${counts ? ` (${formatClasses(each.violations)})` : ''}`,
  );
  return `Wrong answers came from ${listed(named)}`;
}

/** A reader must not take the strategies of the sentence for all of the run. */
export function without(strategies: Strategies): string {
  const missing = strategies.filter(({ status }) => status !== 'valid');
  if (missing.length === 0) return '';
  const who =
    missing.length <= mostNamed
      ? listed(missing.map(shortTitle))
      : `${inWords(missing.length)} of ${inWords(strategies.length)} strategies`;
  return `${who} ${missing.length === 1 ? 'has' : 'have'} no valid trial`;
}

/** Empty where an answer was wrong. */
export function integrity(strategies: Strategies): string {
  const tried = strategies.filter(({ trials }) => trials.valid + trials.invalid > 0);
  if (tried.length === 0 || tried.some(({ violations }) => sumOf(violations) > 0)) return '';
  if (tried.some(({ status, trials }) => status !== 'valid' || trials.invalid > 0))
    return 'no wrong answer was seen';
  if (tried.length === 1) return 'every session was kept';
  return `${tried.length === 2 ? 'both' : `all ${inWords(tried.length)}`} kept every session`;
}
