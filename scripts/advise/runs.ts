/** The stored runs and verifications that an advice rests on: those that are named, or the newest that fit each other. */
import path from 'node:path';
import { differencesOf, serverDifferences } from '../../advice/evidence/fit.ts';
import type { StoredRun } from '../../advice/evidence/from-runs.ts';
import { completedOnPaper } from '../../record/known-on-paper.ts';
import { holdsVerification, readVerification } from '../../record/read/verification.ts';
import { UserError } from '../../record/user-error.ts';
import type { VerificationRecord } from '../../record/verification.ts';
import {
  baseAmong,
  misfits,
  newestOfAll,
  passedOver,
  sidesWords,
  silent,
  surerWords,
  twins,
} from '../cli/fitting-runs.ts';
import { type FoundRun, recordIn } from '../cli/found-run.ts';
import { knownOnPaper } from '../cli/known-on-paper.ts';
import { runIds } from '../cli/stored-runs.ts';
import { storedSummary } from '../cli/stored-summaries.ts';

export interface Grounds {
  readonly runs: readonly StoredRun[];
  readonly verifications: readonly VerificationRecord[];
  /** What a reader should know of the choice of runs, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * @param folders of runs and of verifications, at least one of a run
 * @throws UserError where a run holds two sides, cannot be read, or does not fit the others
 */
export async function namedRuns(folders: readonly string[]): Promise<Grounds> {
  const found: FoundRun[] = [];
  const verifications: VerificationRecord[] = [];
  const unreadable: string[] = [];
  for (const folder of new Set(folders)) {
    const read = await readFolder(folder);
    if (typeof read === 'string') unreadable.push(read);
    else if ('record' in read) found.push(read);
    else verifications.push(read);
  }
  const wrong = [
    ...unreadable,
    ...(found.length + unreadable.length === 0
      ? ['a verification measures nothing; name a run beside it']
      : []),
    ...found.flatMap(sidesWords),
    ...twins(found),
    ...sameVerifications(verifications),
    ...(await silent(found)),
    ...misfits(found),
    ...unverifiable(found, verifications),
  ];
  if (wrong.length > 0)
    throw new UserError(
      'invalid',
      `The runs cannot be taken together:\n${wrong.map((each) => `  - ${each}`).join('\n')}`,
    );
  return { runs: await summarised(found), verifications, remarks: [] };
}

/** A text where it cannot be read: why, and what to do. */
async function readFolder(folder: string): Promise<FoundRun | VerificationRecord | string> {
  if (!(await holdsVerification(folder))) return await recordIn(folder);
  return await readVerification(folder).catch((error: unknown) => {
    if (error instanceof UserError) return error.message;
    throw error;
  });
}

const sameVerifications = (all: readonly VerificationRecord[]): readonly string[] =>
  all.flatMap(({ id }, index) =>
    all.slice(0, index).some((other) => other.id === id)
      ? [`two of the folders hold verification ${id}, which counts once; name one of them`]
      : [],
  );

/** What was verified must be the servers that were measured. */
const unverifiable = (
  found: readonly FoundRun[],
  verifications: readonly VerificationRecord[],
): readonly string[] =>
  verifications.flatMap((verification) =>
    found.flatMap(({ record }) =>
      serverDifferences(record, verification).map(
        ({ what, first, second }) =>
          `run ${record.runId} and verification ${verification.id} differ in their ${what}: ${first} and ${second}; name those that agree in it`,
      ),
    ),
  );

/** Runs that are looked at, and runs of one design that are taken: many of one take no place of another. */
const mostLookedAt = 100;
const mostTaken = 12;

/** The newest run with trials at a rate, and the newest others that fit it. @param results folder that has the runs */
export async function newestRuns(results: string): Promise<Grounds> {
  const { found, remarks } = await newestOfAll(results, mostLookedAt);
  const base = baseAmong(found);
  if (base === undefined)
    throw new UserError(
      'invalid',
      [
        `There is no run under ${results}/ that an advice could rest on. Make one with "npm run bench", or name one with --run.`,
        ...remarks,
      ].join('\n'),
    );
  const others = found.filter((each) => each !== base);
  const fitting = others.filter(({ record }) => differencesOf(base.record, record).length === 0);
  const passed = others.filter((each) => !fitting.includes(each));
  const taken = [base, ...fitting].filter((each, _, all) => placeAmong(each, all) < mostTaken);
  return {
    runs: await summarised(taken),
    verifications: await fittingVerifications(results, taken),
    remarks: [
      ...surerWords(
        base,
        found,
        (runId) => `name it with --run ${runId}, and the others that you want, to count by it`,
      ),
      ...passedWords(base, passed),
      ...remarks,
    ],
  };
}

const placeAmong = (run: FoundRun, all: readonly FoundRun[]): number =>
  all.filter(({ record }) => record.design.kind === run.record.design.kind).indexOf(run);

async function fittingVerifications(
  results: string,
  runs: readonly FoundRun[],
): Promise<readonly VerificationRecord[]> {
  const folder = path.join(results, 'verifications');
  const found: VerificationRecord[] = [];
  for (const id of (await runIds(folder)).slice(0, mostTaken)) {
    const verification = await readVerification(path.join(folder, id)).catch(() => null);
    if (verification !== null && unverifiable(runs, [verification]).length === 0) found.push(verification);
  }
  return found;
}

function passedWords(base: FoundRun, passed: readonly FoundRun[]): readonly string[] {
  const [first] = passed;
  const why = first === undefined ? null : passedOver([base], first);
  if (first === undefined || why === null) return [];
  const others = passed.length === 1 ? '' : ` (and ${passed.length - 1} more)`;
  return [`Run ${first.record.runId}${others} was left out, since it ${why}.`];
}

async function summarised(found: readonly FoundRun[]): Promise<readonly StoredRun[]> {
  const known = await knownOnPaper();
  const runs: StoredRun[] = [];
  for (const run of found)
    runs.push({
      record: completedOnPaper(run.record, known),
      summary: await storedSummary(run, known),
    });
  return runs;
}
