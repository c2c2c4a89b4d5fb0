/**
 * The one place where a stored trial is held against itself, the engine's result and its run. What contradicts is not
 * believed: such a trial is in no number.
 */
import { sumOf } from '../../common.ts';
import { counted } from '../../counted.ts';
import { beforeMeasuring, countedOperations, type EngineResult } from '../../engine.ts';
import { withoutRightAnswer } from '../../failure.ts';
import { type Reason, reasonOf } from '../../reasons.ts';
import { countsAgree, countsInWords, givenUp, requestCountsOf } from '../../request-counts.ts';
import type { RunRecord } from '../../run.ts';
import type { TrialRecord } from '../../trial.ts';
import { differencesFrom } from './engine.ts';
import { impossibleCounts, impossibleIn, servedForNothing } from './impossible.ts';
import { againstRun } from './run.ts';

/** Every contradiction, as a sentence without full stop that names its fields; empty where the trial can be believed. */
export const doubtsOf = (record: TrialRecord, engine: EngineResult | null, run: RunRecord): string[] => [
  ...impossibleIn(record),
  ...againstRun(record, run),
  ...(record.status === 'valid' ? doubtsOfValid(record, engine, run) : doubtsOfInvalid(record)),
];

/** What ended badly may have a gap; what is said to be valid has none. */
const doubtsOfValid = (record: TrialRecord, engine: EngineResult | null, run: RunRecord): string[] => [
  ...(record.reasons.length > 0 ? ['status is valid, and reasons says why it is not'] : []),
  ...(engine && engine.status !== 'finished'
    ? [`status is valid, and that of engine.json is ${engine.status}`]
    : []),
  ...(engine ? differencesFrom(engine, record) : []),
  ...countsApart(record, engine),
  ...servedForNothing(record, hasOwnServers(record, run)),
];

const doubtsOfInvalid = ({ reasons }: TrialRecord): string[] =>
  reasons.length > 0 ? [] : ['status is invalid, and reasons does not say why'];

/** By what was metered of them, what they were sent, or what they may use: either of the first two may be what is wrong. */
const hasOwnServers = ({ usage, storeCommands, strategy }: TrialRecord, { strategies }: RunRecord): boolean =>
  (usage.store?.cpuMicros ?? 0) + (usage.store?.memoryBytes ?? 0) + sumOf(storeCommands ?? {}) > 0 ||
  strategies.some(({ name, budgets }) => name === strategy && budgets.some(({ tier }) => tier === 'store'));

function countsApart({ requests, operations, before }: TrialRecord, engine: EngineResult | null): string[] {
  const counts = requestCountsOf(requests);
  if (counts === null || (before === null && engine === null)) return [];
  const phases = engine ? countedOperations(engine) : [operations, before ?? {}];
  const loose = givenUp(phases.flatMap((phase) => Object.values(phase)));
  return countsAgree(counts, loose) ? [] : [`requests differ by more than failed: ${countsInWords(counts)}`];
}

const mostTold = 4;

/** @param file that is contradicted, as `trials/001-redis/trial.json` */
export function contradictory(file: string, doubts: readonly string[]): Reason {
  const others = doubts.length - mostTold;
  const more = others > 0 ? `, and ${counted(others, 'field')} more` : '';
  return reasonOf(
    'contradictory-trial',
    `${file} contradicts what is stored beside it: ${doubts.slice(0, mostTold).join('; ')}${more}. The trial is left out of every number.`,
  );
}

/**
 * The record of a trial that is not believed, where its wrong answers and errors are to be counted all the same; null where the
 * engine tells of more, or the record's counts cannot be: then the engine's count.
 */
export function believedCounts(record: TrialRecord, engine: EngineResult | null): TrialRecord | null {
  if (impossibleCounts(record.operations).length > 0) return null;
  if (engine === null) return record;
  const told =
    withoutRightAnswer(engine.phases.measure.operations) + withoutRightAnswer(beforeMeasuring(engine));
  return told > withoutRightAnswer(record.operations) + withoutRightAnswer(record.before ?? {})
    ? null
    : record;
}
