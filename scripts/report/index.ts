/** `npm run report`: makes the reports of a stored run again. */
import path from 'node:path';
import { holdsVerification, readVerification } from '../../record/read/verification.ts';
import { makeResultsFolder } from '../../record/write.ts';
import type { Document } from '../../reports/document/document.ts';
import { reportFrom, writeReport } from '../../reports/index.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { verificationPage } from '../../reports/verification/page.ts';
import { writeVerification } from '../../reports/verification/write.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { keepFiles, tellLost } from '../cli/keep-files.ts';
import { knownOnPaper } from '../cli/known-on-paper.ts';
import { runCommand } from '../cli/run-command.ts';
import { storedResult } from '../cli/stored-runs.ts';
import { flag, writableFolder } from '../cli/values.ts';

const spec = commandSpec({
  usage: 'npm run report --',
  summary:
    'Makes report.html, report.md, summary.json and junit.xml of a stored run again, or the files of a stored verification.',
  operands: { usage: 'RUN', most: 1, schema: storedResult },
  options: {
    out: {
      flags: '--out <DIR>',
      description: "write the files there instead of into the run's own folder",
      schema: writableFolder.optional(),
    },
    json: {
      flags: '--json',
      description: 'print summary.json (of a verification, verification.json) on stdout and nothing else',
      schema: flag,
    },
  },
  examples: [
    'npm run report',
    'npm run report -- 20261120-093000-1a2b',
    'npm run report -- results/latest --out /tmp/report',
  ],
  after: [
    'RUN is an id under results/ or results/verifications/, or a folder; the newest run unless one is named.',
    'Exit codes: 0 the files were made, whatever they say of the run: its verdict is the exit code of bench, of compare,',
    'or in junit.xml; 2 the folder holds no run that can be read; 64 bad usage; 70 internal fault;',
    '74 the files could not be written.',
  ].join('\n'),
});

/** What a folder holds, told. */
interface Told {
  /** For scripts. */
  readonly data: object;
  readonly document: Document;
  /** @returns absolute paths of the files */
  write(out: string): Promise<readonly string[]>;
}

/** @throws UserError when it holds nothing that can be read */
async function toldOf(folder: string): Promise<Told> {
  if (await holdsVerification(folder)) {
    const record = await readVerification(folder);
    return {
      data: record,
      document: verificationPage(record),
      write: async (out) => Object.values(await writeVerification(record, out)),
    };
  }
  const report = await reportFrom(folder, await knownOnPaper());
  return {
    data: report.summary,
    document: report.document,
    write: async (out) => Object.values(await writeReport(report, out)),
  };
}

/** Relative where that is shorter to read. */
function shown(file: string): string {
  const relative = path.relative('.', file);
  return relative.startsWith('..') ? file : relative;
}

await runCommand(
  () => spec,
  async ({ values: { out, json }, operands: run }) => {
    const told = await toldOf(run);
    const folder = path.resolve(out ?? run);
    process.stdout.write(json ? `${JSON.stringify(told.data, null, 2)}\n` : `${terminal(told.document)}\n\n`);
    const kept = await keepFiles(async () => {
      await makeResultsFolder(folder);
      return await told.write(folder);
    });
    if (kept.status === 'lost') return await tellLost(kept.error, folder, null);
    if (!json) process.stdout.write(kept.files.map((file) => `${shown(file)}\n`).join(''));
    return exitCode.ok;
  },
);
