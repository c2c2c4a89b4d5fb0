/**
 * Reads `results/<run-id>/` as it is on the disk: a run that was killed, a file that was cut off or edited.
 * What cannot be used is left out and named in `problems`; only a `run.json` that cannot be read ends the reading.
 */

import path from 'node:path';
import { counted, nounFor } from '../counted.ts';
import type { FootprintSeries } from '../footprint.ts';
import type { Reason } from '../reasons.ts';
import { RUN_VERSION, type RunRecord, runRecord } from '../run.ts';
import type { StrategySearch } from '../search.ts';
import { UserError } from '../user-error.ts';
import { isVersion1, upgradedRun, VERSION_1 } from '../version-1.ts';
import { readFootprint } from './footprint.ts';
import { mistakes, readJson, versionProblem } from './json.ts';
import { readSearches } from './search.ts';
import { contradictionsIn } from './sound/run.ts';
import { type ReadTrial, readTrial, trialFolders, withoutTwins } from './trials.ts';

export interface ReadRun {
  readonly folder: string;
  readonly record: RunRecord;
  /** By number. */
  readonly trials: readonly ReadTrial[];
  /** What the searches tried and found; empty in runs of other designs, and where it cannot be read. */
  readonly searches: readonly StrategySearch[];
  /** What sessions were found to take; empty in runs of other designs, and where it cannot be read. */
  readonly footprint: readonly FootprintSeries[];
  /** What could not be used as it is. */
  readonly problems: readonly Reason[];
}

/**
 * Reads a run.
 * @throws UserError when the folder holds no readable `run.json` of a known version.
 */
export const readRun = async (folder: string): Promise<ReadRun> =>
  readTrialsOf(await readRunRecord(folder), folder);

/** Reads a run whose record is known already, as it is when a run has just ended. */
export async function readTrialsOf(record: RunRecord, folder: string): Promise<ReadRun> {
  const problems: Reason[] = [];
  const found: ReadTrial[] = [];
  for (const trialFolder of await trialFolders(folder, problems))
    found.push(await readTrial(trialFolder, record, found, problems));
  const trials = withoutTwins(found);
  problems.push(...trials.flatMap((trial) => (trial.kind === 'unreadable' ? [trial.reason] : [])));
  problems.push(...missingTrials(record, trials));
  const { searches, problems: ofSearches } = await readSearches(folder, record, trials);
  problems.push(...ofSearches);
  const { series: footprint, problems: ofFootprint } = await readFootprint(folder, record, trials);
  problems.push(...ofFootprint);
  return { folder, record, trials, searches, footprint, problems };
}

/** @throws UserError when the folder holds no readable `run.json` of a known version */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const file = path.join(folder, 'run.json');
  const again = 'Restore the file from a copy, or name another run.';
  const content = await readJson(file);
  if (content.status === 'missing')
    throw new UserError('invalid', `${file} does not exist, so this folder holds no run. ${again}`);
  if (content.status === 'broken') throw new UserError('invalid', `${file}: ${content.why}. ${again}`);
  const version = versionProblem(content.value, [RUN_VERSION, VERSION_1]);
  if (version)
    throw new UserError(
      'invalid',
      `${file}: ${version}. Make the report with the version of session-bench that made the run.`,
    );
  const parsed = (isVersion1(content.value) ? upgradedRun : runRecord).safeParse(content.value);
  if (!parsed.success)
    throw new UserError('invalid', `${file} was damaged or edited: ${mistakes(parsed.error)}. ${again}`);
  const contradictions = contradictionsIn(parsed.data);
  if (contradictions.length > 0)
    throw new UserError('invalid', `${file} contradicts itself: ${contradictions.join('; ')}. ${again}`);
  return parsed.data;
}

function missingTrials(record: RunRecord, trials: readonly ReadTrial[]): Reason[] {
  if (record.status !== 'finished') return [];
  const planned = record.plan.order.flat().length;
  const missing: number[] = [];
  for (let number = 1; number <= planned; number += 1)
    if (!trials.some((trial) => trial.number === number)) missing.push(number);
  if (missing.length === 0) return [];
  const named = `${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ', …' : ''}`;
  return [
    {
      code: 'missing-trials',
      message: `${missing.length} of ${counted(planned, 'planned trial')} ${nounFor(missing.length, 'has', 'have')} no folder under trials/ (${named}).`,
      remedy: 'Restore the folders from a copy, or measure again.',
    },
  ];
}
