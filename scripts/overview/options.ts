/** What may be typed behind `npm run overview`. */
import { stat } from 'node:fs/promises';
import { commandSpec, type OptionTable, type OptionValues } from '../cli/command-spec.ts';
import { good, mistaken, textOrNone, texts } from '../cli/reading.ts';
import { flag } from '../cli/values.ts';
import { chooseRuns } from './runs.ts';
import { markedFile, publishFolder } from './target.ts';

const resultsFolder = textOrNone<string>(async (typed) => {
  if (typed === undefined) return good('results');
  const found = await stat(typed).catch(() => null);
  return found?.isDirectory()
    ? good(typed)
    : mistaken(`there is no folder "${typed}"; name one that has runs`);
});

const options = {
  out: {
    flags: '--out <DIR>',
    description: 'folder that has the runs, as bench was told it. Default: results',
    schema: resultsFolder,
  },
  publish: {
    flags: '--publish <DIR>',
    description:
      'write the overview, its picture and the report of each run there, in place of what was published there before',
    schema: publishFolder.optional(),
  },
  readme: {
    flags: '--readme <FILE>',
    description: 'put answer and picture of what is published between the marks of this page',
    schema: markedFile.optional(),
  },
  markdown: {
    flags: '--markdown',
    description: 'print the overview as Markdown, with every column, and nothing else',
    schema: flag,
  },
  json: {
    flags: '--json',
    description: 'print the overview as JSON, and nothing else',
    schema: flag,
  },
} satisfies OptionTable;

export type OverviewOptions = OptionValues<typeof options>;

export const overviewSpec = commandSpec({
  usage: 'npm run overview --',
  summary:
    'Tells several stored runs together: one table with cost, capacity, size and losses of each strategy.',
  operands: { usage: 'RUN …', most: 40, schema: texts<readonly string[]>((typed) => good(typed)) },
  options,
  async check(typed, { out }, operands) {
    const chosen = out === undefined ? good(null) : await chooseRuns(operands, out);
    return [
      ...(typed.json && typed.markdown ? ['--json and --markdown both say what is printed; keep one'] : []),
      ...(typed.readme !== undefined && typed.publish === undefined
        ? ['--readme shows what is published: say where, with --publish DIR']
        : []),
      ...(chosen.status === 'mistakes' ? chosen.mistakes : []),
    ];
  },
  examples: [
    'npm run overview',
    'npm run overview -- 20261126-210000-1a2b 20261126-220000-3c4d --markdown',
    'npm run overview -- --publish docs/results --readme README.md',
  ],
  after: [
    'RUN is an id under the results folder, or a folder. Default: the newest run that compares strategies at a rate (bench), and the',
    'newest of each other design (--capacity, --footprint, --faults, --distance) that fits it: same machine, runtime and versions.',
    'It measures nothing. What was not measured is a dash, with the command that would add it.',
    'Exit codes: 0 it was told, whatever the runs say; 2 what was to be published is larger than 3 MB, or cannot be read; 64 bad',
    'usage, and runs that do not fit each other; 70 internal fault; 74 files could not be written.',
  ].join('\n'),
});
