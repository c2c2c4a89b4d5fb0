/** A percentile in a cell of a table. */
import type { Latency } from '../../../record/latency.ts';
import { isThin } from '../../facts/merged.ts';
import { formatLatency } from '../../words/latency.ts';

/** In milliseconds; `~` marks a percentile (0 to 100) with too few slower ones among `count` to be trusted. */
export const formatPercentile = (value: Latency, count: number, percentile: number): string =>
  `${isThin(count, percentile) && typeof value === 'number' ? '~' : ''}${formatLatency(value)}`;
