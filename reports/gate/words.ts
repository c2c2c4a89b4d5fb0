/** A result's numbers as people read them, for every output. */

import type { Comparison, ComparisonResult } from '../../record/gate.ts';
import { inMilliseconds, type Latency } from '../../record/latency.ts';
import { isLatency, type Metric } from '../../record/metrics.ts';
import { blockWords } from '../facts/blocks-measured.ts';
import { largestRatio, withinReach } from '../words/beyond.ts';
import { absent, formatCount, formatMiB, formatMicros } from '../words/format.ts';
import { latencyText } from '../words/latency.ts';
import { effectSize, sightSize } from '../words/sentence.ts';
import { boundMark } from '../words/verdict.ts';

export const outcomeWords: Readonly<Record<Comparison['outcome'], string>> = {
  ok: 'no regression',
  regression: 'REGRESSION',
  inconclusive: 'inconclusive',
  invalid: 'invalid',
};

/** `better` where it is so by more than the budget. */
export const verdictWords = ({ outcome, improved }: ComparisonResult): string =>
  improved ? 'better' : outcomeWords[outcome];

export function formatValue(metric: Metric, value: Latency | null): string {
  if (value === null) return absent;
  if (isLatency(metric) || typeof value !== 'number') return latencyText(inMilliseconds(value));
  if (metric.startsWith('cpuPerRequest')) return `${formatMicros(value)} µs`;
  if (metric === 'storeCommandsPerRequest') return value.toFixed(3);
  if (metric.startsWith('memory')) return `${formatMiB(value)} MiB`;
  return `${formatCount(value)}/s`;
}

const signed = (ratio: number): string => {
  const change = (withinReach(ratio) - 1) * 100;
  if (ratio > largestRatio) return `more than +${formatCount(change)}`;
  const size = Math.abs(change);
  return `${change < 0 ? '−' : '+'}${size < 1000 ? size.toFixed(1) : formatCount(size)}`;
};

/** `+18.4 % (+16.9 to +20.1)`: the estimate and its interval. */
export function formatChange({ verdict }: ComparisonResult): string {
  if (verdict.ratio === null) return absent;
  const { interval } = verdict;
  const bounded = interval.kind === 'bounded' && boundMark(verdict) === '';
  const range = bounded ? ` (${signed(interval.low)} to ${signed(interval.high)})` : '';
  return `${boundMark(verdict)}${signed(verdict.ratio)} %${range}`;
}

/** The smallest effect that this run would have called different. */
export function formatSeen({ verdict: { smallestEffect } }: ComparisonResult): string {
  switch (smallestEffect.kind) {
    case 'effect':
      return sightSize(smallestEffect.ratio);
    case 'none':
      return 'none';
    case 'unknown':
      return absent;
  }
}

export const formatBudget = (share: number): string => effectSize(1 + share);

/** How the numbers came about, in one sentence. */
export function settingOf(comparison: Comparison): string {
  const { baseline, candidate, pairing, rate, scenario, blocks, measureSeconds, status } = comparison;
  const measured = blockWords(comparison.blocksMeasured ?? blocks, blocks);
  const end = status === 'finished' ? '' : ` · ${status}`;
  const code = ({ label, commit, dirty }: Comparison['baseline']): string => {
    const short = commit?.slice(0, 7);
    const at = short && !label.startsWith(short) ? ` (${short}${dirty === true ? ' with changes' : ''})` : '';
    return `${label}${at}`;
  };
  const how = measuredHow(pairing);
  return `${code(candidate)} against ${code(baseline)}: ${scenario} at ${rate === null ? 'no rate' : `${formatCount(rate)}/s`}, ${measured} of ${measureSeconds} s trials, ${how}.${end}`;
}

function measuredHow(pairing: Comparison['pairing']): string {
  switch (pairing) {
    case 'duet':
      return 'both sides at the same time';
    case 'turns':
      return 'the sides in turns';
    case null:
      return 'each run at its own time';
  }
}
