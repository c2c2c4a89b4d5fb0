/** Makes every report of a run again from its folder. */
import path from 'node:path';
import { completedOnPaper, nobodyKnown } from '../record/known-on-paper.ts';
import type { KnownOnPaper } from '../record/on-paper.ts';
import { readRun } from '../record/read/run.ts';
import { type Summary, summary as summarySchema } from '../record/summary.ts';
import { replaceResult } from '../record/write.ts';
import { html } from './render/html/index.ts';
import { junit } from './render/junit.ts';
import { markdown } from './render/markdown.ts';
import { type Report, reportOf } from './report.ts';

export interface ReportFiles {
  readonly summary: string;
  readonly html: string;
  readonly markdown: string;
  readonly junit: string;
}

export interface WrittenReport extends Report {
  readonly files: ReportFiles;
}

/**
 * A stored run told.
 * @param known what its strategies have on paper, for a run that is older than the record of it
 * @throws UserError when the folder holds no run that can be read
 */
export async function reportFrom(runFolder: string, known: KnownOnPaper = nobodyKnown): Promise<Report> {
  const run = await readRun(runFolder);
  return reportOf({ ...run, record: completedOnPaper(run.record, known) });
}

/**
 * Writes `summary.json`, `report.html`, `report.md` and `junit.xml`.
 * @param out a folder that exists
 * @throws UserError when a file cannot be written
 */
export async function writeReport({ summary: told, document }: Report, out: string): Promise<ReportFiles> {
  const summary: Summary = summarySchema.parse(told);
  const files = {
    summary: path.join(out, 'summary.json'),
    html: path.join(out, 'report.html'),
    markdown: path.join(out, 'report.md'),
    junit: path.join(out, 'junit.xml'),
  };
  await replaceResult(files.summary, summary);
  // The small ones first: they may fit where the page does not.
  await replaceResult(files.markdown, markdown(document));
  await replaceResult(files.junit, junit(document));
  await replaceResult(files.html, await html(document));
  return files;
}

/**
 * Reads a run's folder and writes its reports.
 * @param out where to write; the run's own folder unless told. It must exist.
 * @throws UserError when the folder holds no run that can be read, or a file cannot be written
 */
export async function writeReports(runFolder: string, { out = runFolder } = {}): Promise<WrittenReport> {
  const report = await reportFrom(runFolder);
  return { ...report, files: await writeReport(report, out) };
}
