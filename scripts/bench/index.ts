/** `npm run bench`: measures strategies and writes a report. */
import path from 'node:path';
import { type Machine, newRunId, openContext } from '../../experiment/context.ts';
import { nothingToPrepare, type Prepared } from '../../experiment/preparation.ts';
import { freshSeed } from '../../experiment/random.ts';
import { runExperiment } from '../../experiment/run.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { readTrialsOf } from '../../record/read/run.ts';
import { writeReport } from '../../reports/index.ts';
import { outcomeOf } from '../../reports/outcome.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { reportOf } from '../../reports/report.ts';
import { inRows } from '../cli/describe.ts';
import { codeOf } from '../cli/exit-codes.ts';
import { keepFiles, tellLost } from '../cli/keep-files.ts';
import { measureAlone } from '../cli/measure-alone.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { whereTimeWent } from '../cli/time-spent.ts';
import { appsRows } from './apps-rows.ts';
import { describePlan } from './describe.ts';
import { benchSpec, chosenStrategies, planOf } from './options.ts';
import { outlookOf } from './outlook.ts';

await runCommand(
  async (environment) => benchSpec(await discover(environment)),
  async (request) => {
    const { out, json, minutes } = request.values;
    const strategies = chosenStrategies(request.values);
    // What is described is what is measured.
    const options = { ...request.values, seed: request.values.seed ?? freshSeed() };
    const runId = newRunId();
    const describe = async (able: readonly Strategy[]) => {
      const plan = planOf(options, able);
      const { design } = plan;
      const finds = design.kind === 'blocks' ? await outlookOf({ ...plan, design }, able, out) : null;
      const told = describePlan(plan, { able, finds, minutes }, request.environment.limits);
      return [told, ...appsRows(plan, await choosePlacement()).map((row) => inRows([row]))].join('\n');
    };
    const intent = { describe, folder: path.resolve(out, runId), strategies };
    const measure = async (machine: Machine, _ready: Prepared, able: readonly Strategy[]) => {
      const plan = planOf(options, able);
      const context = await openContext(machine, out, runId);
      const { record, unwritten } = await runExperiment(plan, context);
      const folder = context.results.path;
      machine.progress.doing('Making the report');
      const report = reportOf(await readTrialsOf(record, folder));
      machine.progress.close();
      const { summary, document } = report;
      if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
      const screen = json ? process.stderr : process.stdout;
      screen.write(`\n${terminal(document)}\n\n${whereTimeWent(record)}\n`);
      const kept = await keepFiles(() => writeReport(report, folder));
      const lost = unwritten ?? (kept.status === 'lost' ? kept.error : null);
      if (lost) return await tellLost(lost, folder, 'npm run report');
      if (kept.status === 'kept') screen.write(`Report: ${kept.files.html}\n`);
      // A strategy that was named and cannot run is a failure.
      return codeOf[outcomeOf(summary, strategies.named)];
    };
    return await measureAlone(request, intent, { prepare: nothingToPrepare, measure });
  },
);
