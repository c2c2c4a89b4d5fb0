/** How long a run may wait for a quiet machine and measure again what was disturbed, beside its plan. */
import type { RunPatience } from '../record/noise.ts';
import { estimateSeconds } from './estimate.ts';
import type { Design, Plan } from './plan.ts';

/**
 * Beside bursts that take half of the time, a cycle of quiet and loud holds a trial or two that are whole: blocks then take
 * two to three times as long. Beside what is loud for ever, waits become short and repeats are not begun, so little of it is
 * used. A search repeats by itself what was disturbed, as part of its trials; the gate has somebody waiting for it.
 */
const limits: Readonly<Record<Design['kind'], { readonly share: number; readonly least: number }>> = {
  blocks: { share: 2, least: 120 },
  search: { share: 0.5, least: 60 },
  sides: { share: 0.25, least: 30 },
};

/** Seconds: a share of the time that the plan takes, and for short plans a little more. */
export function patienceSeconds(plan: Plan): number {
  const { share, least } = limits[plan.design.kind];
  return Math.round(Math.max(least, share * estimateSeconds(plan)));
}

/** What of it is used, and what is left. */
export class Patience {
  readonly #spent: RunPatience;

  /** @param spent is kept up to date */
  constructor(spent: RunPatience) {
    this.#spent = spent;
  }

  /**
   * Seconds.
   * @param share of the whole that may be used by now, 0 to 1
   */
  left(share = 1): number {
    const { allowedSeconds, waitedSeconds, repeatedSeconds } = this.#spent;
    return Math.max(0, share * allowedSeconds - waitedSeconds - repeatedSeconds);
  }

  waited(seconds: number): void {
    this.#spent.waitedSeconds += seconds;
  }

  repeated(seconds: number): void {
    this.#spent.repeats += 1;
    this.#spent.repeatedSeconds += seconds;
  }
}
