/** Counts what the store failed with, in its own words, so that the harness can name a cause. */
import type { StoreFailure } from '../contract/app.ts';
import { clipped } from '../lib/clipped.ts';

/** A store fails in few ways; what varies in a message are its numbers. */
const mostReasons = 12;
const longestReason = 300;

export class FailureTally {
  /** By the message without its numbers. */
  readonly #failures = new Map<string, { readonly reason: string; count: number }>();

  add(failure: Error): void {
    const reason = clipped(failure.message, longestReason);
    const known = reason.replace(/\d+/g, '#');
    const key = this.#failures.has(known) || this.#failures.size < mostReasons ? known : 'others';
    const entry = this.#failures.get(key) ?? { reason: key === known ? reason : 'other failures', count: 0 };
    entry.count += 1;
    this.#failures.set(key, entry);
  }

  /** Since the app was started, the most frequent first. */
  read(): StoreFailure[] {
    return [...this.#failures.values()].map((each) => ({ ...each })).sort((a, b) => b.count - a.count);
  }
}
