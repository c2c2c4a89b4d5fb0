/** What a run needs beside the machine, made before its first server starts. */
import type { Strategy } from '../infra/runtimes/runtime.ts';
import type { Progress } from './progress.ts';

export interface Prepared {
  /** Strategies that will run though the working tree has no such topology: those of a baseline. */
  readonly strategies: readonly Strategy[];
  /** Takes back what was made. Never throws. */
  remove(): Promise<void>;
}

/** @throws UserError when the run cannot be made ready; nothing is left then */
export type Preparation<Ready extends Prepared> = (surroundings: {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}) => Promise<Ready>;

/** For runs of the working tree as it stands. */
export const nothingToPrepare: Preparation<Prepared> = async () => ({
  strategies: [],
  remove: async () => {},
});
