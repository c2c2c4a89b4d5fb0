/** The same verdict seen from its other side. */
import type { RatioInterval, Verdict } from '../../record/verdict.ts';

interface Span {
  readonly low: number;
  readonly high: number;
}

const inverted = <Of extends Span>(span: Of): Of => ({ ...span, low: 1 / span.high, high: 1 / span.low });

const turnedInterval = (interval: RatioInterval): RatioInterval =>
  interval.kind === 'bounded'
    ? inverted(interval)
    : { ...interval, widest: interval.widest && inverted(interval.widest) };

/**
 * Baseline and candidate change places. Estimate, interval and test do not care which side is which (on the log scale
 * only signs change), so this is what judging the pair the other way round gives.
 */
export function turned(verdict: Verdict): Verdict {
  const sides = { baseline: verdict.candidate, candidate: verdict.baseline };
  switch (verdict.verdict) {
    case 'DIFFERENT':
      return {
        ...verdict,
        ...sides,
        direction: verdict.direction === 'higher' ? 'lower' : 'higher',
        ratio: 1 / verdict.ratio,
        interval: inverted(verdict.interval),
      };
    case 'SAME':
      return { ...verdict, ...sides, ratio: 1 / verdict.ratio, interval: inverted(verdict.interval) };
    case 'INCONCLUSIVE':
      return {
        ...verdict,
        ...sides,
        ratio: verdict.ratio === null ? null : 1 / verdict.ratio,
        interval: turnedInterval(verdict.interval),
      };
  }
}
