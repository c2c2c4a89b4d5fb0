/** What is known of strategies on paper: their topologies say it, and nothing else does. */
import type { KnownOnPaper, OnPaper } from '../record/on-paper.ts';
import type { Strategy } from './runtimes/runtime.ts';

export const onPaperOf = ({ topology: { outlasts, traits } }: Pick<Strategy, 'topology'>): OnPaper => ({
  outlasts: { ...outlasts },
  traits,
});

/** @param strategies with their variants */
export const knownOf =
  (strategies: readonly Strategy[]): KnownOnPaper =>
  (name) => {
    const found = strategies.find((each) => each.name === name);
    return found === undefined ? null : onPaperOf(found);
  };
