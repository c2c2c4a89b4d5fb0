/** Reads `capacity.json` of a run that searched, and holds it against the trials. */

import path from 'node:path';
import { counted } from '../counted.ts';
import type { Reason } from '../reasons.ts';
import type { RunRecord } from '../run.ts';
import { CAPACITY_VERSION, capacityRecord, type StrategySearch } from '../search.ts';
import { mistakes, readJson, versionProblem } from './json.ts';
import type { ReadTrial } from './trials.ts';

export interface ReadSearches {
  /** Empty in runs of other designs, and where the file cannot be used. */
  readonly searches: readonly StrategySearch[];
  readonly problems: readonly Reason[];
}

const nothing: ReadSearches = { searches: [], problems: [] };

/** Never throws: what is wrong is a problem. */
export async function readSearches(
  folder: string,
  run: RunRecord,
  trials: readonly ReadTrial[],
): Promise<ReadSearches> {
  if (run.design.kind !== 'search') return nothing;
  const unusable = (why: string): ReadSearches => ({
    searches: [],
    problems: [
      {
        code: 'unreadable-capacity',
        message: `capacity.json: ${why}. No capacity is shown; the trials are.`,
        remedy: 'Restore the file from a copy, or measure again.',
      },
    ],
  });
  const content = await readJson(path.join(folder, 'capacity.json'));
  if (content.status === 'missing')
    return run.status === 'finished' || trials.length > 0 ? unusable('it is missing') : nothing;
  if (content.status === 'broken') return unusable(content.why);
  const version = versionProblem(content.value, [CAPACITY_VERSION]);
  if (version) return unusable(version);
  const parsed = capacityRecord.safeParse(content.value);
  if (!parsed.success) return unusable(`it was damaged or edited: ${mistakes(parsed.error)}`);
  const { strategies } = parsed.data;
  return { searches: strategies, problems: contradictions(strategies, trials) };
}

/** Steps of a search whose trial is gone, damaged, or says something else. */
function contradictions(searches: readonly StrategySearch[], trials: readonly ReadTrial[]): Reason[] {
  return searches.flatMap(({ name, history }) => {
    const doubtful = history.filter(({ trial, rate, outcome }) => {
      const found = trials.find(({ number, strategy }) => number === trial && strategy === name);
      if (!found || found.kind === 'unfinished' || !('record' in found) || found.record === null) return true;
      return (
        found.kind === 'unreadable' ||
        found.record.offeredRate !== rate ||
        found.record.promise?.outcome !== outcome
      );
    });
    if (doubtful.length === 0) return [];
    return [
      {
        code: 'doubtful-capacity',
        message: `The capacity of ${name} rests on ${counted(history.length, 'trial')}, of which ${doubtful.length} cannot be checked any more: trial ${doubtful
          .slice(0, 6)
          .map(({ trial }) => trial)
          .join(', ')}${doubtful.length > 6 ? ', …' : ''}.`,
        remedy: 'Restore the files of these trials from a copy, or measure again.',
      },
    ];
  });
}
