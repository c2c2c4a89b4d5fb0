/** `npm run report`: makes the reports of a stored run again. */
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ResultsError } from '../../record/write.ts';
import { RunFolderError, writeReports } from '../../reports/index.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { type CommandSpec, flag, parseArguments } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { findRun } from '../cli/stored-runs.ts';

outliveReaders();

const options = {
  out: {
    flags: '--out <DIR>',
    description: "write the files there instead of into the run's own folder",
    schema: z.string().min(1, 'name a folder').optional(),
  },
  json: { flags: '--json', description: 'print summary.json on stdout and nothing else', schema: flag },
};

const spec: CommandSpec<typeof options> = {
  usage: 'npm run report --',
  summary: 'Makes report.html, report.md, summary.json and junit.xml of a stored run again.',
  operand: 'RUN',
  options,
  examples: [
    'npm run report',
    'npm run report -- 20261120-093000-1a2b',
    'npm run report -- results/latest --out /tmp/report',
    'npm run --silent report -- --json',
  ],
  after: 'RUN is an id under results/ or a folder; the newest run unless told.',
};

async function outMistake(out: string | undefined): Promise<string | null> {
  if (out === undefined) return null;
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `--out: "${out}" cannot be written to: ${why}. Name a folder that you may write to.`;
  }
}

function endWith(mistakes: readonly string[]): number {
  const heading = mistakes.length === 1 ? 'There is a mistake:' : `There are ${mistakes.length} mistakes:`;
  process.stderr.write(`${heading}\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}\n`);
  process.stderr.write(`Nothing was written. See "${spec.usage} --help".\n`);
  return exitCode.usage;
}

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseArguments(spec, argv);
  if (parsed.status === 'help') {
    process.stdout.write(parsed.text);
    return exitCode.ok;
  }
  if (parsed.status === 'mistakes') return endWith(parsed.mistakes);
  const { out, json } = parsed.values;
  const found = await findRun(parsed.operand);
  const mistakes = [found.status === 'mistake' ? found.mistake : null, await outMistake(out)].filter(
    (mistake) => mistake !== null,
  );
  if (mistakes.length > 0 || found.status === 'mistake') return endWith(mistakes);
  return report(found.folder, out, json);
}

async function report(folder: string, out: string | undefined, json: boolean): Promise<number> {
  const { summary, document, files } = await writeReports(folder, out === undefined ? {} : { out });
  if (json) {
    process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return exitCode.ok;
  }
  const paths = Object.values(files).map((file) => `${shown(file)}\n`);
  process.stdout.write(`${terminal(document)}\n\n${paths.join('')}`);
  return exitCode.ok;
}

/** Relative where that is shorter to read. */
const shown = (file: string): string => {
  const relative = path.relative('.', file);
  return relative.startsWith('..') ? file : relative;
};

function failure(error: unknown): number {
  if (error instanceof RunFolderError) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.invalid;
  }
  if (error instanceof ResultsError) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.io;
  }
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  return exitCode.internal;
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.ok);
  throw error;
});
process.exitCode = await main(process.argv.slice(2)).catch(failure);
