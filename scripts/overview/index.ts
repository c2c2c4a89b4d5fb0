/** `npm run overview`: several stored runs in one table, and how such results are published. */
import path from 'node:path';
import { completedOnPaper } from '../../record/known-on-paper.ts';
import { replaceFolder } from '../../record/replace-folder.ts';
import { UserError } from '../../record/user-error.ts';
import { replaceResult } from '../../record/write.ts';
import { overviewOf, type ToldOverview } from '../../reports/overview/index.ts';
import { withMarked } from '../../reports/overview/marked.ts';
import {
  assertFits,
  firstScreen,
  type PublishedRun,
  publishedFiles,
} from '../../reports/overview/published.ts';
import type { Source } from '../../reports/overview/source.ts';
import { markdown } from '../../reports/render/markdown.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { listed } from '../../reports/words/format.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { keepFiles, tellLost } from '../cli/keep-files.ts';
import { knownOnPaper } from '../cli/known-on-paper.ts';
import { runCommand } from '../cli/run-command.ts';
import { type StoredReport, storedReport } from '../cli/stored-summaries.ts';
import { type OverviewOptions, overviewSpec } from './options.ts';
import { type Chosen, chooseRuns } from './runs.ts';

await runCommand(
  () => overviewSpec,
  async ({ values, operands }) => {
    const { runs: found, remarks } = await chosen(operands, values.out);
    const known = await knownOnPaper();
    const sources: StoredSource[] = [];
    for (const run of found)
      sources.push({
        record: completedOnPaper(run.record, known),
        ...(await storedReport(run, known)),
      });
    const told = overviewOf(sources);
    const { publish } = values;
    // Before anything is printed, so that what is too large is refused by itself.
    const files = publish === undefined ? null : await publishedFiles(told, withPages(sources));
    if (files !== null) assertFits(files);
    // Not in what is told: that is the same for the same runs, whatever else lies beside them.
    process.stderr.write(remarks.map((remark) => `${remark}\n`).join(''));
    process.stdout.write(printed(told, values));
    if (publish === undefined || files === null) return exitCode.ok;
    const kept = await keepFiles(async () => {
      await replaceFolder(publish, files);
      const readme = await fillReadme(told, publish, values);
      return [...[...files.keys()].map((name) => path.join(publish, name)), ...readme];
    });
    if (kept.status === 'lost') return await tellLost(kept.error, publish, null);
    process.stderr.write(kept.files.map((file) => `${path.relative('.', file)}\n`).join(''));
    return exitCode.ok;
  },
);

type StoredSource = Source & StoredReport;

/** @throws UserError where trials were not kept: the report of a run is made of them */
function withPages(sources: readonly StoredSource[]): readonly PublishedRun[] {
  const bare = sources.filter(({ document }) => document === null).map(({ record }) => record.runId);
  if (bare.length > 0)
    throw new UserError(
      'invalid',
      `Nothing was published: the report of a run is made of its trials, and none are under trials/ of ${listed(bare)}. Restore them from a copy, or name runs that have theirs.`,
    );
  return sources.flatMap(({ document, ...run }) => (document === null ? [] : [{ ...run, document }]));
}

/** The options were checked with the same question; what has changed since is told all the same. */
async function chosen(named: readonly string[], out: string): Promise<Chosen> {
  const found = await chooseRuns(named, out);
  if (found.status === 'ok') return found.value;
  throw new UserError('invalid', found.mistakes.join('\n'));
}

function printed(
  { overview, document }: ToldOverview,
  { json, markdown: asMarkdown }: OverviewOptions,
): string {
  if (json) return `${JSON.stringify(overview, null, 2)}\n`;
  return asMarkdown ? `${markdown(document).trimEnd()}\n` : `${terminal(document)}\n\n`;
}

/** @returns the page, where one is to be filled */
async function fillReadme(
  { overview }: ToldOverview,
  publish: string,
  { readme }: OverviewOptions,
): Promise<readonly string[]> {
  if (readme === undefined) return [];
  const folder = path.relative(path.dirname(readme.file), publish).split(path.sep).join('/');
  await replaceResult(readme.file, withMarked(readme.text, firstScreen(overview, `${folder}/`)));
  return [readme.file];
}
