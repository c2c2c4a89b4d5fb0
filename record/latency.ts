/**
 * How long operations took, those without a right answer included: they count as slower than any answer. Leaving them
 * out would make a strategy faster by failing more. Every percentile of latencies comes from here.
 */
import { z } from 'zod';
import { type DecodedHistogram, Histogram, rankOf } from './histogram.ts';

/**
 * A percentile of latencies: a time, a bound where the histogram's range ends there, or no time at all, since so many
 * operations got no right answer.
 */
export const latency = z
  .union([z.number().min(0), z.strictObject({ moreThan: z.number().min(0) }), z.literal('no answer')])
  .meta({ id: 'latency' });
export type Latency = z.infer<typeof latency>;

/** In the order of what is slower: infinite for what has no number. */
export const inOrder = (value: Latency): number =>
  typeof value === 'number' ? value : Number.POSITIVE_INFINITY;

/** For sorting, the fastest first. */
export const byLatency = (a: Latency, b: Latency): number =>
  inOrder(a) === inOrder(b) ? 0 : inOrder(a) - inOrder(b);

/** @param value in microseconds */
export function inMilliseconds(value: Latency): Latency {
  if (value === 'no answer') return value;
  return typeof value === 'number' ? value / 1000 : { moreThan: value.moreThan / 1000 };
}

/** Latencies of answered operations, and how many others there were. Microseconds where they come from a trial. */
export class Latencies {
  readonly #answered = new Histogram();
  #unanswered = 0;

  /** Operations that were due. */
  get due(): number {
    return this.#answered.total + this.#unanswered;
  }

  /** Those of them with a right answer. */
  get answered(): number {
    return this.#answered.total;
  }

  add(other: Latencies): void {
    this.#answered.add(other.#answered);
    this.#unanswered += other.#unanswered;
  }

  addAnswered(histogram: DecodedHistogram | Histogram): void {
    this.#answered.add(histogram);
  }

  addUnanswered(count: number): void {
    this.#unanswered += count;
  }

  /** The latency that at least `percentile` % (0 to 100) of those due do not exceed (nearest rank); null where none was. */
  at(percentile: number): Latency | null {
    return this.atEach([percentile])[0] ?? null;
  }

  /** `at` of several percentiles, which must ascend, in one pass; empty where none was due. */
  atEach(percentiles: readonly number[]): Latency[] {
    if (this.due === 0) return [];
    const ranks = percentiles.map((percentile) => rankOf(percentile, this.due));
    const answered = this.#answered.valuesAtRanks(ranks.filter((rank) => rank <= this.answered));
    return ranks.map((_, i) => answered[i] ?? 'no answer');
  }

  /** The slowest right answer; null without one. */
  slowestAnswer(): number | null {
    const [slowest] = this.answered === 0 ? [] : this.#answered.valuesAtRanks([this.answered]);
    if (slowest === undefined) return null;
    return typeof slowest === 'number' ? slowest : slowest.moreThan;
  }
}
