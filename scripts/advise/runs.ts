/** The stored runs that an advice rests on: those that are named, or the newest that fit each other. */
import path from 'node:path';
import { differencesOf } from '../../advice/evidence/fit.ts';
import type { StoredRun } from '../../advice/evidence/from-runs.ts';
import { completedOnPaper } from '../../record/known-on-paper.ts';
import type { KnownOnPaper } from '../../record/on-paper.ts';
import { readJson } from '../../record/read/json.ts';
import { readRunRecord } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { type Summary, summary } from '../../record/summary.ts';
import { UserError } from '../../record/user-error.ts';
import { reportFrom } from '../../reports/index.ts';
import { knownOnPaper } from '../cli/known-on-paper.ts';
import { runIds } from '../cli/stored-runs.ts';

export interface Grounds {
  readonly runs: readonly StoredRun[];
  /** What a reader should know of the choice of runs, a sentence each. */
  readonly remarks: readonly string[];
}

interface Found {
  readonly folder: string;
  readonly record: RunRecord;
}

/** @throws UserError where a run holds two sides, cannot be read, or does not fit the others */
export async function namedRuns(folders: readonly string[]): Promise<Grounds> {
  const found: Found[] = [];
  for (const folder of new Set(folders)) found.push({ folder, record: await readRunRecord(folder) });
  const wrong = [...found.flatMap(sidesWords), ...misfits(found)];
  if (wrong.length > 0)
    throw new UserError(
      'invalid',
      `The runs cannot be taken together:\n${wrong.map((each) => `  - ${each}`).join('\n')}`,
    );
  return { runs: await summarised(found), remarks: [] };
}

const sidesWords = ({ record }: Found): readonly string[] =>
  record.design.kind === 'sides'
    ? [
        `run ${record.runId} compares two versions of the code, and has no one number for a strategy; leave it out`,
      ]
    : [];

function misfits([first, ...others]: readonly Found[]): readonly string[] {
  if (first === undefined) return [];
  return others.flatMap((other) =>
    differencesOf(first.record, other.record).map(
      ({ what, first: own, second }) =>
        `run ${first.record.runId} and run ${other.record.runId} differ in their ${what}: ${own} and ${second}; name runs that agree in it`,
    ),
  );
}

/** Runs that are looked at, and runs that are taken. */
const mostLookedAt = 40;
const mostTaken = 12;

/** The newest run with trials at a rate, and the newest others that fit it. @param results folder that has the runs */
export async function newestRuns(results: string): Promise<Grounds> {
  const found: Found[] = [];
  for (const id of (await runIds(results)).slice(0, mostLookedAt)) {
    const folder = path.join(results, id);
    const record = await readRunRecord(folder).catch(() => null);
    if (record !== null && record.design.kind !== 'sides' && record.status !== 'running')
      found.push({ folder, record });
  }
  const base = found.find(({ record }) => record.design.kind === 'blocks') ?? found[0];
  if (base === undefined)
    throw new UserError(
      'invalid',
      `There is no run under ${results}/ that an advice could rest on. Make one with "npm run bench", or name one with --run.`,
    );
  const others = found.filter((each) => each !== base);
  const fitting = others.filter(({ record }) => differencesOf(base.record, record).length === 0);
  const passed = others.filter((each) => !fitting.includes(each));
  return {
    runs: await summarised([base, ...fitting].slice(0, mostTaken)),
    remarks: passedWords(base, passed),
  };
}

function passedWords(base: Found, passed: readonly Found[]): readonly string[] {
  const [first] = passed;
  const [difference] = first === undefined ? [] : differencesOf(base.record, first.record);
  if (first === undefined || difference === undefined) return [];
  const others = passed.length === 1 ? '' : ` (and ${passed.length - 1} more)`;
  return [
    `Run ${first.record.runId}${others} was left out, since it differs from run ${base.record.runId} in its ${difference.what}: ${difference.second} and ${difference.first}.`,
  ];
}

async function summarised(found: readonly Found[]): Promise<readonly StoredRun[]> {
  const known = await knownOnPaper();
  const runs: StoredRun[] = [];
  for (const { folder, record } of found)
    runs.push({ record: completedOnPaper(record, known), summary: await summaryIn(folder, known) });
  return runs;
}

/** The file where it is of this version, else told anew. */
async function summaryIn(folder: string, known: KnownOnPaper): Promise<Summary> {
  const content = await readJson(path.join(folder, 'summary.json'));
  const parsed = content.status === 'read' ? summary.safeParse(content.value) : null;
  return parsed?.success ? parsed.data : (await reportFrom(folder, known)).summary;
}
