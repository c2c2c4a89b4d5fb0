/** `npm run bench`: measures strategies and writes a report. */
import path from 'node:path';
import { newRunId, openContext } from '../../experiment/context.ts';
import { runExperiment } from '../../experiment/run.ts';
import { writeReports } from '../../reports/index.ts';
import { outcomeOf } from '../../reports/outcome.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { codeOf } from '../cli/exit-codes.ts';
import { measureAlone } from '../cli/measure-alone.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { whereTimeWent } from '../cli/time-spent.ts';
import { describePlan } from './describe.ts';
import { benchSpec, planOf } from './options.ts';

await runCommand(
  async (environment) => benchSpec(await discover(environment)),
  async (request) => {
    const { out, json, strategies } = request.values;
    const plan = planOf(request.values);
    const runId = newRunId();
    const intent = { description: describePlan(plan), folder: path.resolve(out, runId), strategies };
    return await measureAlone(request, intent, async (machine) => {
      const context = await openContext(machine, out, runId);
      const record = await runExperiment(plan, context);
      machine.progress.doing('Writing the report');
      const { summary, document, files } = await writeReports(context.results.path);
      machine.progress.close();
      if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
      const screen = json ? process.stderr : process.stdout;
      screen.write(`\n${terminal(document)}\n`);
      screen.write(`\n${whereTimeWent(record)}\nReport: ${files.html}\n`);
      // A strategy that was named and cannot run is a failure.
      return codeOf[outcomeOf(summary, strategies.named)];
    });
  },
);
