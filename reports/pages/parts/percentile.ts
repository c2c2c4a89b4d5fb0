/** A percentile in a cell of a table, by how many requests it rests on. */
import type { Latency } from '../../../record/latency.ts';
import { isThin, isUnseen } from '../../facts/merged.ts';
import { absent } from '../../words/format.ts';
import { formatLatency } from '../../words/latency.ts';

/** What the signs mean, for the reader of a table. */
export const percentileSigns =
  '~ marks a percentile with fewer than ten slower requests behind it, — one that no request lies beyond.';

/**
 * In milliseconds.
 * @param count requests behind it
 * @param percentile 0 to 100
 */
export function formatPercentile(value: Latency, count: number, percentile: number): string {
  if (typeof value !== 'number') return formatLatency(value);
  if (isUnseen(count, percentile)) return absent;
  return `${isThin(count, percentile) ? '~' : ''}${formatLatency(value)}`;
}
