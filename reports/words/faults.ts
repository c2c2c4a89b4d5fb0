/** What became of sessions under a fault, as people read it. */
import type { FaultResult } from '../../record/faults.ts';
import type { Fate } from '../../record/on-paper.ts';
import { absent, formatCount, formatShare } from './format.ts';

export const fateWords: Readonly<Record<Fate, string>> = {
  kept: 'keeps all',
  'newest-lost': 'may lose the newest',
  lost: 'loses them',
};

export const expectedWords = (fate: Fate | null): string => (fate === null ? absent : fateWords[fate]);

/** Seconds with as many digits as the clock behind them has: `0.8 s`, `12 s`; `not seen` where there is none. */
export function secondsWords(seconds: number | null): string {
  if (seconds === null) return 'not seen';
  return `${seconds === 0 || seconds >= 10 ? seconds.toFixed(0) : seconds.toFixed(1)} s`;
}

/** `312 of 1,000 (95 %: 28 %–34 %)`; the interval only where not every session is known. */
export function sessionsWords(sessions: FaultResult['sessions']): string {
  if (sessions === null) return absent;
  const { lost, of, interval } = sessions;
  return `${formatCount(lost)} of ${formatCount(of)}${intervalWords(interval)}`;
}

export const logoutsWords = (logouts: FaultResult['logouts']): string =>
  logouts === null
    ? absent
    : `${formatCount(logouts.undone)} of ${formatCount(logouts.of)}${intervalWords(logouts.interval)}`;

const intervalWords = (interval: { readonly low: number; readonly high: number } | null): string =>
  interval === null ? '' : ` (95 %: ${formatShare(interval.low)}–${formatShare(interval.high)})`;

const kinds = [
  ['timeout', 'timed out'],
  ['connection', 'lost their connection'],
  ['server', 'server errors'],
  ['protocol', 'broke the protocol'],
  ['neverSent', 'never sent'],
] as const;

/** `12 server errors, 3 timed out`; `none`. */
export function failedWords(failed: FaultResult['failed']): string {
  if (failed === null) return absent;
  const parts = kinds
    .filter(([kind]) => failed[kind] > 0)
    .map(([kind, words]) => `${formatCount(failed[kind])} ${words}`);
  return parts.length === 0 ? 'none' : `${parts.join(', ')}, of ${formatCount(failed.of)}`;
}

/** What a cell of the matrix says: `lost 312 of 1,000 sessions; silent for 0.8 s`. */
export function cellWords(result: FaultResult): string {
  const { survival, why, silentSeconds: silent } = result;
  const [harm = survival === 'survived' ? 'kept all' : 'nothing is known', ...more] = why;
  const others = more.length > 0 ? `, and ${more.length} more` : '';
  const away =
    silent === null ? '; silent to the end' : silent > 0 ? `; silent for ${secondsWords(silent)}` : '';
  return survival === 'unknown' ? harm : `${harm}${others}${away}`;
}
