/** What a verdict says, asked in one place. Its words are in reports/words/sentence.ts. */
import { better } from '../../record/metrics.ts';
import type { RatioInterval, Verdict } from '../../record/verdict.ts';

interface Span {
  readonly low: number;
  readonly high: number;
}

/** The side that is surely better by more than the floor, in the direction of the metric; null where neither is. */
export function preferred(verdict: Verdict): 'baseline' | 'candidate' | null {
  if (verdict.verdict !== 'DIFFERENT') return null;
  return verdict.direction === better(verdict.metric) ? 'candidate' : 'baseline';
}

/** Ends of the interval: where too few blocks carry the level, from the smallest to the largest ratio seen. */
export function endsOf(interval: RatioInterval): (Span & { readonly bounded: boolean }) | null {
  if (interval.kind === 'bounded') return { low: interval.low, high: interval.high, bounded: true };
  return interval.widest && { low: interval.widest.low, high: interval.widest.high, bounded: false };
}

/**
 * The largest change for the worse that the interval leaves open, as a ratio (1.05 for 5 %, also where more is better);
 * null where nothing is bounded.
 */
export function worstBounded({ metric, interval }: Verdict): number | null {
  if (interval.kind === 'unbounded') return null;
  return better(metric) === 'lower' ? interval.high : 1 / interval.low;
}

/** Blocks in all that would settle it; null where it is settled, and where no practical number would. */
export function blocksToSettle(verdict: Verdict): number | null {
  if (verdict.verdict !== 'INCONCLUSIVE' || verdict.needed.kind === 'none') return null;
  return Math.max(verdict.needed.blocks, verdict.pairs + 1);
}

/** The smallest ratio that would have been seen; null where none of any size, or where it is not known. */
export const smallestSeen = ({ smallestEffect }: Verdict): number | null =>
  smallestEffect.kind === 'effect' ? smallestEffect.ratio : null;

const inverted = <Of extends Span>(span: Of): Of => ({ ...span, low: 1 / span.high, high: 1 / span.low });

const swapped = <Value>({ baseline, candidate }: { baseline: Value; candidate: Value }) => ({
  baseline: candidate,
  candidate: baseline,
});

const turnedInterval = (interval: RatioInterval): RatioInterval =>
  interval.kind === 'bounded'
    ? inverted(interval)
    : { ...interval, widest: interval.widest && inverted(interval.widest) };

/**
 * The same verdict seen from its other side: baseline and candidate change places. Estimate, interval and test do not
 * care which side is which (on the log scale only signs change), so this is what judging the pair the other way round
 * gives.
 */
export function turned(verdict: Verdict): Verdict {
  const sides = {
    baseline: verdict.candidate,
    candidate: verdict.baseline,
    noAnswer: swapped(verdict.noAnswer),
    unansweredShare: swapped(verdict.unansweredShare),
  };
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
