/**
 * What a stored run tells, for commands that take several: by its trials, or by its summary.json where they were not kept. Whichever a
 * command asks first, it goes on to the other; with neither, a run tells nothing, which is no measurement.
 */
import path from 'node:path';
import { completedOnPaper } from '../../record/known-on-paper.ts';
import type { KnownOnPaper } from '../../record/on-paper.ts';
import { mistakes, readJson, versionProblem } from '../../record/read/json.ts';
import { type ReadRun, readTrialsOf } from '../../record/read/run.ts';
import { SUMMARY_VERSION, type Summary, summary } from '../../record/summary.ts';
import { UserError } from '../../record/user-error.ts';
import type { Document } from '../../reports/document/document.ts';
import { reportOf } from '../../reports/report.ts';
import type { FoundRun } from './found-run.ts';

/** The file where it is of this version and of this run, else told anew. @throws UserError where neither can be had */
export async function storedSummary(found: FoundRun, known: KnownOnPaper): Promise<Summary> {
  const kept = await keptSummary(found);
  if (typeof kept !== 'string') return kept;
  const run = await readTrialsOf(found.record, found.folder);
  if (!tells(run)) throw damaged(run, kept);
  return toldOf(run, known).summary;
}

export interface StoredReport {
  readonly summary: Summary;
  /** Null where its trials were not kept: a page is made of them. */
  readonly document: Document | null;
}

/** Told anew, else the file. @throws UserError where neither can be had */
export async function storedReport(found: FoundRun, known: KnownOnPaper): Promise<StoredReport> {
  const run = await readTrialsOf(found.record, found.folder);
  if (tells(run)) return toldOf(run, known);
  const kept = await keptSummary(found);
  if (typeof kept === 'string') throw damaged(run, kept);
  return { summary: kept, document: null };
}

/** Why a run tells nothing, and what to do; null where it tells something. */
export async function silenceOf(found: FoundRun): Promise<string | null> {
  const kept = await keptSummary(found);
  if (typeof kept !== 'string') return null;
  const run = await readTrialsOf(found.record, found.folder);
  return tells(run) ? null : damaged(run, kept).message;
}

const toldOf = (run: ReadRun, known: KnownOnPaper): StoredReport =>
  reportOf({ ...run, record: completedOnPaper(run.record, known) });

/** Whether there is a trial whose record can be read. */
const tells = ({ trials }: ReadRun): boolean =>
  trials.some(({ kind }) => kind === 'valid' || kind === 'invalid');

/** A text where the file cannot be used: why. */
async function keptSummary({ folder, record }: FoundRun): Promise<Summary | string> {
  const content = await readJson(path.join(folder, 'summary.json'));
  if (content.status === 'missing') return 'does not exist';
  if (content.status === 'broken') return `cannot be used: ${content.why}`;
  const version = versionProblem(content.value, [SUMMARY_VERSION]);
  if (version !== null) return `cannot be used: ${version}`;
  const parsed = summary.safeParse(content.value);
  if (!parsed.success) return `was damaged or edited: ${mistakes(parsed.error)}`;
  return parsed.data.runId === record.runId ? parsed.data : `is of another run, ${parsed.data.runId}`;
}

function damaged({ folder, record, trials, problems }: ReadRun, why: string): UserError {
  const about = problems.map(({ message }) => message.replace(/\.$/, '')).slice(0, 3);
  const none = trials.length === 0 ? 'there is no trial under trials/' : 'none of its trials can be read';
  const ofTrials = about.length > 0 ? about.join('; ') : none;
  return new UserError(
    'invalid',
    `Run ${record.runId} tells nothing: ${path.join(folder, 'summary.json')} ${why}, and without it ${ofTrials}. Restore the file, or the trials, from a copy, or leave the run out.`,
  );
}
