/** Makes every report of a run again from its folder. */
import path from 'node:path';
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

export interface WriteReportsOptions {
  /** Where to write; the run's own folder unless told. It must exist. */
  readonly out?: string;
}

export interface WrittenReport extends Report {
  readonly files: ReportFiles;
}

/**
 * Reads a run's folder and writes `summary.json`, `report.html`, `report.md` and `junit.xml`.
 * @throws UserError when the folder holds no run that can be read, or a file cannot be written
 */
export async function writeReports(
  runFolder: string,
  options: WriteReportsOptions = {},
): Promise<WrittenReport> {
  const out = options.out ?? runFolder;
  const { document, summary: told } = reportOf(await readRun(runFolder));
  const summary: Summary = summarySchema.parse(told);
  const files = {
    summary: path.join(out, 'summary.json'),
    html: path.join(out, 'report.html'),
    markdown: path.join(out, 'report.md'),
    junit: path.join(out, 'junit.xml'),
  };
  await replaceResult(files.summary, summary);
  await replaceResult(files.html, await html(document));
  await replaceResult(files.markdown, markdown(document));
  await replaceResult(files.junit, junit(document));
  return { summary, document, files };
}
