/** What the experiment tells whoever watches it. */
import type { GeneratorEvent } from '../infra/runtimes/runtime.ts';
import type { LoudUser } from '../record/noise.ts';
import type { TrialRecord } from '../record/trial.ts';

export type SecondOfLoad = Extract<GeneratorEvent, { type: 'second' }>;

export interface TrialStart {
  /** From 1, in the order of measuring. */
  readonly number: number;
  /** How many there will be, or at most, as far as is known now. */
  readonly trials: number;
  /** Which trial it is: `block 1 of 3, trial 2 of 9, redis`. */
  readonly title: string;
  /** Operations per second. */
  readonly rate: number;
  /** Estimate for the whole run. */
  readonly secondsLeft: number;
}

export interface Waiting {
  /** Who is loud, the loudest first. */
  readonly loud: readonly LoudUser[];
  /** 0 when the wait begins. */
  readonly waitedSeconds: number;
  readonly mostSeconds: number;
  /** Estimate for the whole run, with the rest of the wait; null where it is not known. */
  readonly secondsLeft: number | null;
}

export interface Progress {
  /** Something that stays on the screen. */
  say(line: string): void;
  /** What is being done now; replaced by the next. */
  doing(activity: string): void;
  /** The next trial is put off, since the machine is not quiet; told again while it is. */
  waiting(wait: Waiting): void;
  trialStarted(start: TrialStart): void;
  second(event: SecondOfLoad): void;
  trialEnded(record: TrialRecord): void;
  /** Nothing transient is left on the screen after it. */
  close(): void;
}

/** Nobody watches. */
export const silentProgress: Progress = {
  say() {},
  doing() {},
  waiting() {},
  trialStarted() {},
  second() {},
  trialEnded() {},
  close() {},
};
