/** Which stored runs may be taken together, in words. Whether two of them fit is advice/evidence/fit.ts's to say. */
import path from 'node:path';
import { differencesOf } from '../../advice/evidence/fit.ts';
import { counted, listed } from '../../reports/words/format.ts';
import { type FoundRun, recordIn } from './found-run.ts';
import { runIds } from './stored-runs.ts';
import { silenceOf } from './stored-summaries.ts';

export interface FoundRuns {
  /** The newest first. */
  readonly found: readonly FoundRun[];
  /** What a reader should know of those that cannot be taken, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Runs that have ended and tell one number for a strategy. Those that compare two sides are not looked for.
 * @param most runs that are looked at
 */
export async function newestOfAll(results: string, most: number): Promise<FoundRuns> {
  const found: FoundRun[] = [];
  const unusable: Unusable[] = [];
  for (const id of (await runIds(results)).slice(0, most)) {
    const read = await recordIn(path.join(results, id));
    if (typeof read !== 'string' && read.record.design.kind === 'sides') continue;
    const why = typeof read === 'string' ? read : await whyUnusable(read, found);
    if (typeof read === 'string' || why !== null) unusable.push({ id, why: why ?? '' });
    else found.push(read);
  }
  return { found, remarks: unusableWords(unusable) };
}

interface Unusable {
  /** Its folder's name. */
  readonly id: string;
  readonly why: string;
}

async function whyUnusable(run: FoundRun, before: readonly FoundRun[]): Promise<string | null> {
  const { runId, status } = run.record;
  if (status === 'running') return `run ${runId} is still being written, or was killed.`;
  const same = before.find(({ record }) => record.runId === runId);
  if (same !== undefined) return `it has run ${runId}, as ${path.basename(same.folder)} has.`;
  return await silenceOf(run);
}

/** The first with its reason: of many one would read none. */
function unusableWords(all: readonly Unusable[]): readonly string[] {
  const [first, ...others] = all;
  if (first === undefined) return [];
  const named = listed(others.slice(0, 5).map(({ id }) => id));
  const rest = others.length > 5 ? `, and ${others.length - 5} more` : '';
  const more = others.length === 0 ? '' : ` Left out too, since they cannot be taken: ${named}${rest}.`;
  return [`${first.id} was left out: ${first.why}${more}`];
}

/** Why runs tell nothing, of those that do not. */
export async function silent(found: readonly FoundRun[]): Promise<readonly string[]> {
  const why: string[] = [];
  for (const run of found) why.push(...[await silenceOf(run)].filter((each) => each !== null));
  return why;
}

/** Which folders hold one run: it would count twice. */
export const twins = (runs: readonly FoundRun[]): readonly string[] =>
  runs.flatMap(({ folder, record }, index) => {
    const same = runs.slice(0, index).find((other) => other.record.runId === record.runId);
    return same === undefined
      ? []
      : [`${same.folder} and ${folder} both hold run ${record.runId}, which counts once; name one of them`];
  });

/** The run that others are to fit: the newest at one rate, else the newest. */
export const baseAmong = (found: readonly FoundRun[]): FoundRun | undefined =>
  found.find(({ record }) => record.design.kind === 'blocks') ?? found[0];

/**
 * Said where the newest run stands before an older one that fits it and is of more blocks, and so surer: of those the one with the most.
 * @param how what to do to have that one
 */
export function surerWords(
  base: FoundRun,
  found: readonly FoundRun[],
  how: (runId: string) => string,
): readonly string[] {
  const own = blocksOf(base);
  const [surer] = found
    .filter((run) => blocksOf(run) > own && differencesOf(base.record, run.record).length === 0)
    .toSorted((a, b) => blocksOf(b) - blocksOf(a));
  if (own === 0 || surer === undefined) return [];
  const { runId } = surer.record;
  return [
    `Run ${base.record.runId} is the newest and counts before run ${runId}, though that has ${blocksOf(surer)} blocks and this ${counted(own, 'block')}: ${how(runId)}.`,
  ];
}

/** 0 of other designs. */
const blocksOf = ({ record: { design } }: FoundRun): number => (design.kind === 'blocks' ? design.blocks : 0);

/** Nothing of a run that has one number for a strategy. */
export const sidesWords = ({ record }: FoundRun): readonly string[] =>
  record.design.kind === 'sides'
    ? [
        `run ${record.runId} compares two versions of the code, and has no one number for a strategy; leave it out`,
      ]
    : [];

/** For each run the differences from the first one before it that it does not fit. */
export const misfits = (runs: readonly FoundRun[]): readonly string[] =>
  runs.flatMap((run, index) => {
    const found = runs
      .slice(0, index)
      .map((other) => ({ other, differences: differencesOf(other.record, run.record) }))
      .find(({ differences }) => differences.length > 0);
    return (found?.differences ?? []).map(
      ({ what, first, second }) =>
        `run ${found?.other.record.runId} and run ${run.record.runId} differ in their ${what}: ${first} and ${second}; name runs that agree in it`,
    );
  });

/** Said of a run that nobody named: what keeps it from those that were taken; null where nothing does. */
export function passedOver(taken: readonly FoundRun[], run: FoundRun): string | null {
  for (const other of taken) {
    const [difference] = differencesOf(other.record, run.record);
    if (difference !== undefined)
      return `differs from run ${other.record.runId} in its ${difference.what}: ${difference.second} and ${difference.first}`;
  }
  return null;
}
