/** What is known of strategies today, for records that are older than the field. */
import { strategyBehind } from './deployed-as.ts';
import type { KnownOnPaper } from './on-paper.ts';
import type { RunRecord } from './run.ts';

/** Knows nobody. */
export const nobodyKnown: KnownOnPaper = () => null;

/** What a record has of its strategies stays; what it lacks is as it is known today. */
export const completedOnPaper = (record: RunRecord, known: KnownOnPaper): RunRecord => ({
  ...record,
  strategies: record.strategies.map((strategy) => ({
    ...strategy,
    onPaper: strategy.onPaper ?? known(strategyBehind(record, strategy.name)),
  })),
});
