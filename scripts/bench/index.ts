/** `npm run bench`: measures strategies and writes a report. */
import path from 'node:path';
import { newRunId, openContext } from '../../experiment/context.ts';
import { runExperiment } from '../../experiment/run.ts';
import type { RunRecord } from '../../record/run.ts';
import type { Summary } from '../../record/summary.ts';
import { writeReports } from '../../reports/index.ts';
import { summaryTable } from '../../reports/table.ts';
import { surprises, whereTimeWent } from '../cli/closing-words.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { measureAlone } from '../cli/measure-alone.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { describePlan } from './describe.ts';
import { benchSpec, planOf } from './options.ts';

await runCommand(
  async (environment) => benchSpec(await discover(environment)),
  async (request) => {
    const { out, json, strategies } = request.values;
    const plan = planOf(request.values);
    const runId = newRunId();
    const intent = { description: describePlan(plan), folder: path.resolve(out, runId) };
    return await measureAlone(request, intent, async (machine) => {
      const context = await openContext(machine, out, runId);
      const record = await runExperiment(plan, context);
      machine.progress.doing('Writing the report');
      const { summary, files } = await writeReports(context.results.path);
      machine.progress.close();
      if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
      const screen = json ? process.stderr : process.stdout;
      screen.write(`\n${summary.answer}\n\n${summaryTable(summary)}\n`);
      for (const surprise of surprises(summary)) screen.write(`${surprise}\n`);
      screen.write(`\n${whereTimeWent(record)}\nReport: ${files.html}\n`);
      return codeOf(record, summary, strategies.named);
    });
  },
);

/** @param named whether the person named the strategies: one that cannot run then is a failure */
function codeOf(record: RunRecord, summary: Summary, named: boolean): number {
  if (record.status === 'interrupted') return exitCode.interrupted;
  if (record.status === 'failed') return exitCode.internal;
  const { strategies } = summary;
  if (strategies.every(({ status }) => status === 'not-measured')) return exitCode.unavailable;
  if (strategies.some(({ violations }) => Object.values(violations).some((each) => each > 0)))
    return exitCode.violations;
  if (strategies.some((each) => lacksCapacity(each, summary.design))) return exitCode.invalid;
  const expected = named ? strategies : strategies.filter(({ status }) => status !== 'not-measured');
  return expected.every(({ status }) => status === 'valid') ? exitCode.ok : exitCode.invalid;
}

/** Searched for, and yet no rate is known to be carried. */
function lacksCapacity({ name, status }: Summary['strategies'][number], design: Summary['design']): boolean {
  if (design.kind !== 'search' || status === 'not-measured') return false;
  const answer = design.answers.find(({ strategy }) => strategy === name);
  return answer === undefined || answer.low === null;
}
