/** The trials of a footprint: some sessions are read, among all that are there, at a fixed rate. */
import type { Member } from '../../infra/runtimes/runtime.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { Tools } from '../blocks.ts';
import { designRecord } from '../design-record.ts';
import { readSeconds, seriesSeconds } from '../estimate.ts';
import type { FootprintDesign, Plan, PlannedSeries } from '../plan.ts';
import { Repeats } from '../repeats.ts';
import { readingsOf } from './readings.ts';

/** Of a reading that was disturbed again each time, however patient the run is. */
const MOST_REPEATS = 3;

interface Wanted {
  readonly series: PlannedSeries;
  readonly members: readonly Member[];
  readonly title: string;
  /**
   * Seconds that are left for a quiet machine, or for reading again, before what is to be seen is over; null: as many as the
   * run's patience has.
   */
  spareSeconds: (() => number) | null;
}

/** What is to be seen passes by: nobody waits, and it is read once. */
export const noneToSpare = (): number => 0;

export class Reading {
  readonly #plan: Plan<FootprintDesign>;
  readonly #tools: Tools;
  /** Seconds of each series that has not ended. */
  readonly #left: number[];
  /** Of all series, repeats aside. */
  readonly #planned: number;
  #steps = 0;
  #repeats = 0;
  #seriesBegan = performance.now();

  constructor(plan: Plan<FootprintDesign>, series: readonly PlannedSeries[], tools: Tools) {
    this.#plan = plan;
    this.#tools = tools;
    this.#left = series.map((each) => seriesSeconds(plan, each));
    this.#planned = series.reduce((sum, each) => sum + readingsOf(plan, each), 0);
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

  /**
   * What only the machine or the generator disturbed is read again at once, since the next number of sessions changes what there is
   * to be read: for as long as the run's patience lasts, which grows with each reading, so that all have some.
   * @returns the record of the last trial; it may be invalid
   */
  async read(wanted: Wanted): Promise<TrialRecord> {
    await this.#begin(wanted.series);
    const repeats = new Repeats();
    const asked = { together: [wanted.series.strategy], block: this.#steps };
    let record = await this.#once(wanted);
    for (let again = 0; again < MOST_REPEATS; again += 1) {
      repeats.add(asked, [record]);
      if (!repeats.next || !(await this.#mayRepeat(wanted))) break;
      repeats.take();
      this.#repeats += 1;
      record = await this.#once(wanted);
    }
    return record;
  }

  async #begin({ strategy }: PlannedSeries): Promise<void> {
    const { journal } = this.#tools;
    this.#steps += 1;
    journal.record.design = designRecord(this.#plan.design, { rate: null, rounds: this.#steps });
    journal.record.plan.order.push([strategy.name]);
    await journal.write();
  }

  /** Beside a machine that stays loud a repeat would be disturbed too. */
  async #mayRepeat({ spareSeconds }: Wanted): Promise<boolean> {
    const { trials, context } = this.#tools;
    const { patience } = trials;
    const seconds = readSeconds(this.#plan);
    const longest = spareSeconds?.();
    if (context.signal.aborted || patience === null || (longest !== undefined && longest <= 0)) return false;
    if (patience.left(Math.min(1, this.#steps / this.#planned)) < seconds) return false;
    const { quiet } = await trials.untilQuiet(() => this.#secondsLeft, longest);
    if (quiet) patience.repeated(seconds);
    return quiet;
  }

  #once({ series: { strategy, payloadBytes }, members, title, spareSeconds }: Wanted): Promise<TrialRecord> {
    const { design, measureSeconds } = this.#plan;
    return this.#tools.trials.measure(
      {
        strategy,
        block: this.#steps,
        rate: design.readRate,
        measureSeconds,
        overtimeSeconds: null,
        population: { kind: 'is there', members, payloadBytes },
        announce: () => ({
          title,
          trials: Math.max(this.#planned, this.#steps) + this.#repeats,
          secondsLeft: this.#secondsLeft,
        }),
        judge: async () => null,
      },
      spareSeconds === null ? undefined : Math.max(0, spareSeconds()),
    );
  }
}
