import type { ReadRun, ReadTrial } from './read.ts';

export type ValidTrial = Extract<ReadTrial, { kind: 'valid' }>;

export const validTrialsOf = (run: ReadRun, strategy: string): ValidTrial[] =>
  run.trials.filter((trial): trial is ValidTrial => trial.kind === 'valid' && trial.strategy === strategy);
