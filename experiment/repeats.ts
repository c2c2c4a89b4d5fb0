/** Trials that were disturbed, waiting to be measured again. */
import type { Strategy } from '../infra/runtimes/runtime.ts';
import { disturbanceTogether } from '../record/noise.ts';
import type { TrialRecord } from '../record/trial.ts';

/** What the generator did alone may be the rate's doing, and come again each time. */
const MOST_FOR_GENERATOR = 2;

/** Strategies that were measured at the same time, and are again. */
export interface Disturbed {
  readonly together: readonly Strategy[];
  readonly block: number;
}

export class Repeats {
  readonly #waiting: Disturbed[] = [];
  /** Disturbances by the generator alone, by strategy and block. */
  readonly #ofGenerator = new Map<string, number>();

  /**
   * Looks at what has just been measured: where it was disturbed, it waits behind the others.
   * @returns whether it was
   */
  add(trial: Disturbed, records: readonly Pick<TrialRecord, 'status' | 'reasons'>[]): boolean {
    const disturbance = disturbanceTogether(records);
    if (disturbance === 'machine' || (disturbance === 'generator' && this.#mayBeChance(trial)))
      this.#waiting.push(trial);
    return disturbance !== null;
  }

  #mayBeChance({ together, block }: Disturbed): boolean {
    const key = `${block} ${together.map(({ name }) => name).join(' ')}`;
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
