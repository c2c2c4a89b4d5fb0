/** Makes every report of a run again from its folder. */
import path from 'node:path';
import { readRun } from '../record/read/run.ts';
import { type Summary, summary as summarySchema } from '../record/summary.ts';
import { replaceResult } from '../record/write.ts';
import { htmlReport } from './html/page.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { summarise } from './summary.ts';

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

/**
 * Reads a run's folder and writes `summary.json`, `report.html`, `report.md` and `junit.xml`.
 * @throws UserError when the folder holds no run that can be read, or a file cannot be written
 */
export async function writeReports(
  runFolder: string,
  options: WriteReportsOptions = {},
): Promise<{ readonly summary: Summary; readonly files: ReportFiles }> {
  const out = options.out ?? runFolder;
  const run = await readRun(runFolder);
  const summary = summarySchema.parse(summarise(run));
  const files = {
    summary: path.join(out, 'summary.json'),
    html: path.join(out, 'report.html'),
    markdown: path.join(out, 'report.md'),
    junit: path.join(out, 'junit.xml'),
  };
  await replaceResult(files.summary, summary);
  await replaceResult(files.html, await htmlReport(run, summary));
  await replaceResult(files.markdown, markdown(summary));
  await replaceResult(files.junit, junit(summary));
  return { summary, files };
}
