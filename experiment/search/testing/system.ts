/** Searches a system whose edge is known, for tests and simulations. */
import type { SearchAnswer, SearchOptions, SearchOutcome, SearchStep } from '../outcome.ts';
import { nextStep } from '../search.ts';

export type System = (rate: number) => SearchOutcome['kind'];

export interface Searched {
  readonly answer: SearchAnswer;
  readonly history: readonly SearchOutcome[];
  readonly steps: readonly SearchStep[];
}

/** Runs a search to its end against a system. @throws Error when it goes on past its budget */
export function searchSystem(options: SearchOptions, system: System): Searched {
  const history: SearchOutcome[] = [];
  const steps: SearchStep[] = [];
  for (;;) {
    const step = nextStep(options, history);
    steps.push(step);
    if (step.kind === 'done') return { answer: step.answer, history, steps };
    if (history.length >= options.maxTrials)
      throw new Error(`the search wants more than ${options.maxTrials} trials`);
    history.push({ kind: system(step.rate), rate: step.rate });
  }
}
