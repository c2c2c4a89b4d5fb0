/** Latencies as people read them. One without a number says why, and never looks like one. */
import type { Latency } from '../../record/latency.ts';
import { formatMs } from './format.ts';

export const noAnswer = 'no answer';

/** Milliseconds, for a column that names the unit: `12.3`, `> 60,000`, `no answer`. */
export function formatLatency(value: Latency): string {
  if (value === 'no answer') return noAnswer;
  return typeof value === 'number' ? formatMs(value) : `> ${formatMs(value.moreThan)}`;
}

/** Of milliseconds, with the unit: `12.3 ms`, `> 60,000 ms`, `no answer`. */
export const latencyText = (value: Latency): string =>
  value === 'no answer' ? noAnswer : `${formatLatency(value)} ms`;

/** Of milliseconds: `half within 12.3 ms`, `half never`, since so many got no right answer. */
export function shareWithin(share: string, value: Latency): string {
  if (value === 'no answer') return `${share} never`;
  return typeof value === 'number'
    ? `${share} within ${formatMs(value)} ms`
    : `${share} within more than ${formatMs(value.moreThan)} ms`;
}

/** What a table says below it where one of its latencies has no number. */
export const noAnswerHint =
  'no answer: so many operations got no right answer that the percentile falls among them; they count as slower than any answer.';
