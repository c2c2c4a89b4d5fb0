/** The trials of a footprint: some sessions are read, among all that are there, at a fixed rate. */
import type { Member, Strategy } from '../../infra/runtimes/runtime.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { Tools } from '../blocks.ts';
import { designRecord } from '../design-record.ts';
import { seriesSeconds } from '../estimate.ts';
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';

export class Reading {
  readonly #plan: Plan<FootprintDesign>;
  readonly #tools: Tools;
  /** Seconds of each series that has not ended. */
  readonly #left: number[];
  readonly #trials: number;
  #steps = 0;
  #seriesBegan = performance.now();

  constructor(plan: Plan<FootprintDesign>, series: readonly PlannedSeries[], tools: Tools) {
    this.#plan = plan;
    this.#tools = tools;
    this.#left = series.map((each) => seriesSeconds(plan, each));
    this.#trials = series.reduce((sum, { sizes }) => sum + sizes.length, 0);
  }

  seriesEnded(): void {
    this.#left.shift();
    this.#seriesBegan = performance.now();
  }

  /** Seconds of the whole run, as estimated. */
  get #secondsLeft(): number {
    const [now = 0, ...later] = this.#left;
    const passed = (performance.now() - this.#seriesBegan) / 1000;
    return later.reduce((sum, each) => sum + each, Math.max(0, now - passed));
  }

  /** @returns the trial's record; it may be invalid */
  async read(
    strategy: Strategy,
    members: readonly Member[],
    { payloadBytes, title }: { readonly payloadBytes: number; readonly title: string },
  ): Promise<TrialRecord> {
    const { trials, journal } = this.#tools;
    const { design, measureSeconds } = this.#plan;
    this.#steps += 1;
    journal.record.design = designRecord(design, { rate: null, rounds: this.#steps });
    journal.record.plan.order.push([strategy.name]);
    await journal.write();
    return await trials.measure({
      strategy,
      block: this.#steps,
      rate: design.readRate,
      measureSeconds,
      overtimeSeconds: null,
      population: { kind: 'is there', members, payloadBytes },
      announce: () => ({
        title,
        trials: Math.max(this.#trials, this.#steps),
        secondsLeft: this.#secondsLeft,
      }),
      judge: async () => null,
    });
  }
}
