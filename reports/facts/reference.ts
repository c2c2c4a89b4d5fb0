/** All strategies held against one of them, as charts and tables show them. */
import type { Verdict } from '../../record/verdict.ts';
import { remedy, sentence, withTitles } from '../words/sentence.ts';
import type { Facts } from './facts.ts';

/**
 * The strategy that all others are held against: the first in CPU per request, the steadiest metric; without that
 * ranking the first of the first ranking there is. Null where nothing is ranked.
 */
export const referenceOf = ({ rankings }: Pick<Facts, 'rankings'>): string | null =>
  rankings.find(({ ranked }) => ranked.length > 0)?.ranked[0]?.strategy ?? null;

export interface AgainstReference {
  /** The reference is its baseline. */
  readonly verdict: Verdict;
  readonly sentence: string;
  /** What would make it conclusive, where the sentence does not say so. */
  readonly remedy: string | null;
}

/** Every measured strategy against the reference, metric by metric, in reading order. */
export function againstReference({
  rankings,
  inOrder,
  verdicts,
}: Pick<Facts, 'rankings' | 'inOrder' | 'verdicts'>): AgainstReference[] {
  const reference = referenceOf({ rankings });
  if (reference === null) return [];
  return rankings.flatMap(({ metric }) =>
    inOrder.flatMap(({ name }) => {
      const verdict = name === reference ? null : verdicts.between(name, reference, metric);
      if (verdict === null) return [];
      const said = sentence(withTitles(verdict, inOrder));
      const next = remedy(verdict);
      return [{ verdict, sentence: said, remedy: next === null || said.includes(next) ? null : next }];
    }),
  );
}
