/** Several stored runs told together. */
import type { Overview } from '../../record/overview.ts';
import type { Document } from '../document/document.ts';
import { overviewAnswer } from './answer.ts';
import { overviewFacts } from './facts.ts';
import { overviewPage } from './page.ts';
import type { Source } from './source.ts';

export interface ToldOverview {
  readonly overview: Overview;
  readonly document: Document;
}

/**
 * @param sources runs that fit each other, at least one; of blocks and of distances one at most. Their order changes nothing.
 */
export function overviewOf(sources: readonly Source[]): ToldOverview {
  const facts = overviewFacts(sources);
  const overview = { ...facts, ...overviewAnswer(facts, sources) };
  return { overview, document: overviewPage(overview) };
}
