/**
 * Results that are kept in a repository: the overview, its picture, and the report of each run, as text that is the same for the
 * same runs. Charts are drawn and not live, since the scripts that make them so are larger than all results.
 */
import { type Overview, overview as overviewShape } from '../../record/overview.ts';
import { summary as summaryShape } from '../../record/summary.ts';
import { UserError } from '../../record/user-error.ts';
import type { Document } from '../document/document.ts';
import { html } from '../render/html/index.ts';
import { escaped, markdown } from '../render/markdown.ts';
import { svg } from '../render/svg.ts';
import type { Report } from '../report.ts';
import { formatCount, listed } from '../words/format.ts';
import type { ToldOverview } from './index.ts';
import { settingOf } from './page.ts';
import { overviewChart } from './picture.ts';
import { designTitles, type Source } from './source.ts';

/** Content by path within the folder, with `/`. */
export type PublishedFiles = ReadonlyMap<string, string>;

const page = 'README.md';
const data = 'overview.json';
const picture = 'picture.svg';
const ofRun = ['report.html', 'report.md', 'summary.json'] as const;

/** A run with its report. */
export interface PublishedRun extends Source {
  readonly document: Report['document'];
}

/** Of all files together, in bytes. */
export const mostPublishedBytes = 3_000_000;

/** @throws the system's error where the packages' files for browsers cannot be read */
export async function publishedFiles(
  { overview, document }: ToldOverview,
  runs: readonly PublishedRun[],
): Promise<PublishedFiles> {
  const chart = overviewChart(overview);
  const files = new Map<string, string>([
    [page, pageOf(overview, document, chart?.description ?? null)],
    [data, `${JSON.stringify(overviewShape.parse(overview), null, 1)}\n`],
  ]);
  if (chart !== null) files.set(picture, await svg(chart));
  for (const { record, summary, document: report } of runs) {
    files.set(`${record.runId}/report.html`, await html(report, { charts: 'drawn' }));
    files.set(`${record.runId}/report.md`, markdown(report));
    files.set(`${record.runId}/summary.json`, `${JSON.stringify(summaryShape.parse(summary))}\n`);
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** @throws UserError where they are larger together than a repository should carry, with the largest */
export function assertFits(files: PublishedFiles, most = mostPublishedBytes): void {
  const sizes = [...files].map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) }));
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all <= most) return;
  const largest = sizes
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 4)
    .map(({ name, bytes }) => `${name} ${formatCount(bytes)} B`);
  throw new UserError(
    'invalid',
    `Nothing was published: the files take ${formatCount(all)} B together, and ${formatCount(most)} B is the most. The largest: ${listed(largest)}. Name fewer runs, or runs of fewer strategies or blocks.`,
  );
}

/** Whether something that lies in the folder was published with this overview. @param name path within the folder, with `/` */
export const isPublished = ({ runs }: Overview, name: string): boolean =>
  [page, data, picture].includes(name) ||
  runs.some(({ id }) => name === id || ofRun.some((file) => name === `${id}/${file}`));

/** The overview that lies in a folder of published results, read from its `overview.json`; null where that is none. */
export function publishedOverview(text: string): Overview | null {
  try {
    return overviewShape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
export const publishedData = data;

const image = (description: string, folder: string): string =>
  `![${escaped(description)}](${folder}${picture})`;

/** The overview as a page, with its picture behind the answer and the reports at the end. */
function pageOf(overview: Overview, document: Document, description: string | null): string {
  const [title = '', answer = '', ...rest] = markdown({ ...document, title: 'Results' })
    .trimEnd()
    .split('\n\n');
  const reports = overview.runs.map(
    ({ id, design, answer: own }) =>
      `- [${escaped(designTitles[design])}](${id}/report.md): ${escaped(own)} ([page](${id}/report.html), [data](${id}/summary.json))`,
  );
  return `${[
    title,
    answer,
    ...(description === null ? [] : [image(description, '')]),
    ...rest,
    '## Reports',
    reports.join('\n'),
    `All of this page as data: [${data}](${data}). Pages are whole files: download them to open them.`,
  ].join('\n\n')}\n`;
}

/** What a first screen elsewhere says of published results. @param folder where they lie from there, with `/` at its end */
export function firstScreen(overview: Overview, folder: string): string {
  const chart = overviewChart(overview);
  return [
    `**${escaped(overview.answer)}**`,
    ...(chart === null ? [] : [image(chart.description, folder)]),
    `${escaped(settingOf(overview))}. [Every strategy, what each loses when things break, and the runs behind it](${folder}${page}).`,
  ].join('\n\n');
}
