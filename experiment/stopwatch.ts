import { sumOf } from '../record/common.ts';

type Timings = Readonly<Record<string, number>>;

/**
 * What work that was done at the same time took: the steps of whichever took longest. The longest of each step would be
 * more than all of it, where one is slow in one step and another in the next.
 */
export const timingsTogether = (all: readonly Timings[]): Timings =>
  all.toSorted((a, b) => sumOf(b) - sumOf(a))[0] ?? {};

/** How long steps took, in whole milliseconds by the name of the step. */
export class Stopwatch {
  readonly timings: Record<string, number> = {};

  async time<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.add(step, performance.now() - started);
    }
  }

  add(step: string, milliseconds: number): void {
    this.timings[step] = Math.round((this.timings[step] ?? 0) + milliseconds);
  }
}
