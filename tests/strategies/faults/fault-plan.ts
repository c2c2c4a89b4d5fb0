/** Which chances for a fault are taken: every so many, until all faults of this process have been injected. */
import type { StoreContext } from '../../../servers/contract/store.ts';
import { countersWereRead } from './requests.ts';

export interface FaultSettings {
  /** How many faults this app process injects, all its life. */
  readonly faults: number;
  /**
   * Gets that pass before the first one, since the store was opened or cleared. Null: the first one waits for the
   * harness to begin measuring, so that all faults fall into what it measures.
   */
  readonly after: number | null;
  /** One chance in so many is taken, so that faults spread over the run. */
  readonly every: number;
}

/** `SESSION_BENCH_FAULTS`, `SESSION_BENCH_FAULTS_AFTER` and `SESSION_BENCH_FAULTS_EVERY`; 5, null and 7 unless given. */
export function faultSettings(env: NodeJS.ProcessEnv = process.env): FaultSettings {
  const whole = <Otherwise>(name: string, otherwise: Otherwise): number | Otherwise => {
    const text = env[name];
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0)
      throw new Error(`${name} must be a whole number, not "${text}"`);
    return value;
  };
  return {
    faults: whole('SESSION_BENCH_FAULTS', 5),
    after: whole('SESSION_BENCH_FAULTS_AFTER', null),
    every: Math.max(1, whole('SESSION_BENCH_FAULTS_EVERY', 7)),
  };
}

export class FaultPlan {
  readonly #settings: FaultSettings;
  readonly #log: StoreContext['log'];
  #gets = 0;
  #chances = 0;
  #injected = 0;

  constructor(settings: FaultSettings, log: StoreContext['log']) {
    this.#settings = settings;
    this.#log = log;
  }

  sawGet(): void {
    this.#gets += 1;
  }

  sawClear(): void {
    this.#gets = 0;
  }

  /** False before the first fault may come and after the last: there is no need to look for chances then. */
  get isOpen(): boolean {
    const { after, faults } = this.#settings;
    const begun = after === null ? countersWereRead() : this.#gets > after;
    return begun && this.#injected < faults;
  }

  /**
   * Called where a fault could be injected and would show; true when it must be. Each fault writes one line
   * `fault injected` to the log.
   */
  takes(kind: string): boolean {
    const { faults, every } = this.#settings;
    if (!this.isOpen) return false;
    this.#chances += 1;
    if (this.#chances % every !== 0) return false;
    this.#injected += 1;
    this.#log.warn({ kind, number: this.#injected, of: faults }, 'fault injected');
    return true;
  }
}
