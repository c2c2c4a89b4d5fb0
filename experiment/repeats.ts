/** Trials that were disturbed, waiting to be measured again. */
import type { Strategy } from '../infra/runtimes/runtime.ts';
import { disturbanceOf } from '../record/noise.ts';
import type { TrialRecord } from '../record/trial.ts';

/** What the generator did alone may be the rate's doing, and come again each time. */
const MOST_FOR_GENERATOR = 2;

export interface Disturbed {
  readonly strategy: Strategy;
  readonly block: number;
}

export class Repeats {
  readonly #waiting: Disturbed[] = [];
  /** Disturbances by the generator alone, by strategy and block. */
  readonly #ofGenerator = new Map<string, number>();

  /**
   * Looks at a trial that has just been measured: where it was disturbed, it waits behind the others.
   * @returns whether it was
   */
  add(trial: Disturbed, record: Pick<TrialRecord, 'status' | 'reasons'>): boolean {
    const disturbance = disturbanceOf(record);
    if (disturbance === 'machine' || (disturbance === 'generator' && this.#mayBeChance(trial)))
      this.#waiting.push(trial);
    return disturbance !== null;
  }

  #mayBeChance({ strategy, block }: Disturbed): boolean {
    const key = `${block} ${strategy.name}`;
    const times = (this.#ofGenerator.get(key) ?? 0) + 1;
    this.#ofGenerator.set(key, times);
    return times <= MOST_FOR_GENERATOR;
  }

  /** The one that waits longest. */
  get next(): Disturbed | undefined {
    return this.#waiting[0];
  }

  take(): void {
    this.#waiting.shift();
  }
}
