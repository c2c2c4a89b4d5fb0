/** A percentile as tables show it, by how many requests it rests on. */
import { isThin, isUnseen } from '../../facts/merged.ts';
import { absent, formatMs } from '../../words/format.ts';

/** What the signs mean, for the reader of a table. */
export const percentileSigns =
  '~ marks a percentile with fewer than ten slower requests behind it, — one that no request lies beyond.';

/**
 * @param count requests behind it
 * @param at 0 to 100
 */
export function formatPercentile(count: number, at: number, milliseconds: number): string {
  if (isUnseen(count, at)) return absent;
  return `${isThin(count, at) ? '~' : ''}${formatMs(milliseconds)}`;
}
