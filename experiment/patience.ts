/** How long a run may wait for a quiet machine and measure again what was disturbed, beside its plan. */
import { loudest, type RunPatience, type TrialNoise } from '../record/noise.ts';
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
  // Trials are a small part of it, and what reads cost among many sessions is known by them alone.
  footprint: { share: 0.5, least: 60 },
  // Whether a session is lost does not hang on noise.
  faults: { share: 0.1, least: 30 },
  // A slope over tens of milliseconds hardly feels noise.
  distance: { share: 0.25, least: 60 },
};

/** Seconds: a share of the time that the plan takes, and for short plans a little more. */
export function patienceSeconds(plan: Plan): number {
  const { share, least } = limits[plan.design.kind];
  return Math.round(Math.max(least, share * estimateSeconds(plan)));
}

export const unspent = (allowedSeconds: number): RunPatience => ({
  allowedSeconds,
  waitedSeconds: 0,
  waitedFor: [],
  repeats: 0,
  repeatedSeconds: 0,
});

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

  waited({ waitedSeconds, waitedFor }: Pick<TrialNoise, 'waitedSeconds' | 'waitedFor'>): void {
    this.#spent.waitedSeconds += waitedSeconds;
    this.#spent.waitedFor = loudest([...this.#spent.waitedFor, ...waitedFor]);
  }

  repeated(seconds: number): void {
    this.#spent.repeats += 1;
    this.#spent.repeatedSeconds += seconds;
  }
}
