/** Makes every report of a run again from its folder. */
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readRun } from '../record/read/run.ts';
import { type Summary, summary as summarySchema } from '../record/summary.ts';
import { htmlReport } from './html/page.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { summarise } from './summary.ts';

export { RunFolderError } from '../record/read/run.ts';

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
 * @throws RunFolderError when the folder holds no run that can be read; the system's error when a file cannot be written.
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
  await replaceFile(files.summary, `${JSON.stringify(summary, null, 2)}\n`);
  await replaceFile(files.html, await htmlReport(run, summary));
  await replaceFile(files.markdown, markdown(summary));
  await replaceFile(files.junit, junit(summary));
  return { summary, files };
}

/** A reader never sees half a file: it is written beside and renamed. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
