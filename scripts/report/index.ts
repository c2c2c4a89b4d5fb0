/** `npm run report`: makes the reports of a stored run again. */
import path from 'node:path';
import { makeResultsFolder } from '../../record/write.ts';
import { reportFrom, writeReport } from '../../reports/index.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { keepFiles, tellLost } from '../cli/keep-files.ts';
import { runCommand } from '../cli/run-command.ts';
import { storedRun } from '../cli/stored-runs.ts';
import { flag, writableFolder } from '../cli/values.ts';

const spec = commandSpec({
  usage: 'npm run report --',
  summary: 'Makes report.html, report.md, summary.json and junit.xml of a stored run again.',
  operands: { usage: 'RUN', most: 1, schema: storedRun },
  options: {
    out: {
      flags: '--out <DIR>',
      description: "write the files there instead of into the run's own folder",
      schema: writableFolder.optional(),
    },
    json: { flags: '--json', description: 'print summary.json on stdout and nothing else', schema: flag },
  },
  examples: [
    'npm run report',
    'npm run report -- 20261120-093000-1a2b',
    'npm run report -- results/latest --out /tmp/report',
  ],
  after: [
    'RUN is an id under results/ or a folder; the newest run unless one is named.',
    'Exit codes: 0 the files were made, whatever they say of the run: its verdict is the exit code of bench, of compare,',
    'or in junit.xml; 2 the folder holds no run that can be read; 64 bad usage; 70 internal fault;',
    '74 the files could not be written.',
  ].join('\n'),
});

/** Relative where that is shorter to read. */
function shown(file: string): string {
  const relative = path.relative('.', file);
  return relative.startsWith('..') ? file : relative;
}

await runCommand(
  () => spec,
  async ({ values: { out, json }, operands: run }) => {
    const report = await reportFrom(run);
    const folder = path.resolve(out ?? run);
    process.stdout.write(
      json ? `${JSON.stringify(report.summary, null, 2)}\n` : `${terminal(report.document)}\n\n`,
    );
    const kept = await keepFiles(async () => {
      await makeResultsFolder(folder);
      return await writeReport(report, folder);
    });
    if (kept.status === 'lost') return await tellLost(kept.error, folder, null);
    if (!json)
      process.stdout.write(
        Object.values(kept.files)
          .map((file) => `${shown(file)}\n`)
          .join(''),
      );
    return exitCode.ok;
  },
);
