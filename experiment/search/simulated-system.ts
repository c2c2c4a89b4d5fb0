/** A system with a known edge, for tests and simulations of the search. */
import { normalCdf } from '../../reports/statistics/distributions/normal.ts';
import type { Random } from '../../reports/statistics/random.ts';
import type { SearchAnswer, SearchOptions, SearchOutcome, SearchStep } from './outcome.ts';
import { nextStep } from './search.ts';

export type System = (rate: number) => SearchOutcome['kind'];

/** Keeps the promise with the chance of a probit curve of this width on the log scale; 0 is a cliff. */
export function systemWithEdge(edge: number, width: number, random: Random): System {
  return (rate) => {
    if (width === 0) return rate <= edge ? 'kept' : 'broken';
    return random.uniform() < normalCdf((Math.log(edge) - Math.log(rate)) / width) ? 'kept' : 'broken';
  };
}

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
