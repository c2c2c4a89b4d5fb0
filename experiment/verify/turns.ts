/** Who may be asked beside whom: a check that keeps time, never beside one that keeps the machine busy. */
import { Semaphore } from 'async-mutex';

/** Strategies at a time: starting servers and waiting for time-outs leave the machine idle. */
export const LANES = 2;

/** First come, first served. */
export class Turns {
  readonly #places = new Semaphore(LANES);

  /** For checks that keep time: beside others of their kind. */
  quietly<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#places.runExclusive(work, 1);
  }

  /** For checks that keep the machine busy: beside none of either kind. */
  loudly<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#places.runExclusive(work, LANES);
  }
}
