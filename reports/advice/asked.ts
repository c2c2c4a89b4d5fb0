/** What the report's section "Choose" asks its question of: plain data, which goes into the page. */
import { type Advice, advise } from '../../advice/advise.ts';
import type { Evidence, StrategyEvidence } from '../../advice/evidence/evidence.ts';
import type { Question } from '../../advice/options.ts';
import type { PriceBook } from '../../advice/prices/book.ts';
import { pricesOf } from '../../advice/prices/prices.ts';
import { isInApps } from '../../advice/sizing/tiers.ts';
import type { WishPreset } from '../../advice/wishes/presets.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';

export interface Asked {
  readonly evidence: Evidence;
  readonly book: PriceBook;
  readonly presets: readonly WishPreset[];
}

/** Strategies with servers of their own. */
export const serversIn = ({ evidence }: Pick<Asked, 'evidence'>): readonly StrategyEvidence[] =>
  evidence.strategies.filter((each) => !isInApps(each));

export interface Answered {
  readonly question: Question;
  readonly advice: Advice;
}

export function answered(
  { evidence, book }: Asked,
  wishes: Wishes,
  depth: 'whole' | 'brief' = 'whole',
): Answered {
  const question = { evidence, wishes, prices: pricesOf(book) };
  return { question, advice: advise(question, depth) };
}
