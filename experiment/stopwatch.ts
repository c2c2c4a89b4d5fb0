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
