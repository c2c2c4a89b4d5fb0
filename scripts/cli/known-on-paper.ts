/** What the strategies of this checkout have on paper, for runs that are older than the record of it. */
import { knownOf } from '../../infra/on-paper.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { withVariants } from '../../infra/variants.ts';
import type { KnownOnPaper } from '../../record/on-paper.ts';

export const knownOnPaper = async (): Promise<KnownOnPaper> =>
  knownOf(withVariants(await discoverStrategies()));
