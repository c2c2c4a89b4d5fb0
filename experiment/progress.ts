/** What the experiment tells whoever watches it. */
import type { GeneratorEvent } from '../infra/runtimes/runtime.ts';
import type { TrialRecord } from '../record/trial.ts';

export interface TrialStart {
  readonly number: number;
  readonly trials: number;
  readonly block: number;
  readonly blocks: number;
  readonly strategy: string;
  readonly rate: number;
  /** Said instead of the numbers of block and trial, where those are not planned. */
  readonly title?: string;
  /** Estimate for the whole run. */
  readonly secondsLeft: number;
}

export interface Progress {
  /** Something that stays on the screen. */
  say(line: string): void;
  /** What is being done now; replaced by the next. */
  doing(activity: string): void;
  trialStarted(start: TrialStart): void;
  second(event: Extract<GeneratorEvent, { type: 'second' }>): void;
  trialEnded(record: TrialRecord): void;
  /** Nothing transient is left on the screen after it. */
  close(): void;
}
