/** `npm run compare`: is the working tree slower than a git ref? Or: how do two stored runs differ? */
import path from 'node:path';
import type { Machine } from '../../experiment/context.ts';
import { workingTree } from '../../experiment/repository.ts';
import { measureSides, prepareSides, type ReadySides } from '../../experiment/sides/measure.ts';
import { comparisonOf } from '../../experiment/sides/plan.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { Comparison } from '../../record/gate.ts';
import { readTrialsOf } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import type { UserError } from '../../record/user-error.ts';
import { makeResultsFolder } from '../../record/write.ts';
import { writeComparison } from '../../reports/gate/index.ts';
import { compareWithin } from '../../reports/gate/one-run.ts';
import { comparisonPage } from '../../reports/gate/page.ts';
import { compareStored } from '../../reports/gate/stored.ts';
import { writeReport } from '../../reports/index.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { reportOf } from '../../reports/report.ts';
import { exitCode, gateCodeOf } from '../cli/exit-codes.ts';
import { keepFiles, tellLost } from '../cli/keep-files.ts';
import { measureAlone } from '../cli/measure-alone.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { whereTimeWent } from '../cli/time-spent.ts';
import { describeComparison } from './describe.ts';
import { heldBudgets } from './held-budgets.ts';
import { type CompareOptions, compareSpec, mayHave } from './options.ts';

await runCommand(
  async (environment) => compareSpec(await discover(environment)),
  async (request) => {
    const { values, operands } = request;
    const { against, strategies, config } = values;
    if (against === undefined) {
      const only = strategies.named ? strategies.things.map(({ name }) => name) : null;
      const { comparison, folder, name } = await compareStored(
        operands,
        (baseline) => heldBudgets(config, baseline),
        only,
      );
      return await present(comparison, values.out ?? folder, name, values, { notes: [], before: null });
    }
    const out = path.resolve(values.out ?? 'results');
    const onBothSides = strategies.things.filter((each) => mayHave(against, each));
    const wanted = comparisonOf(values, onBothSides);
    const held = await heldBudgets(config, against);
    const sides = { baseline: against, candidate: await workingTree() };
    const intent = {
      describe: (able: readonly Strategy[]) =>
        describeComparison(wanted, able, sides, held, out, request.environment.limits),
      folder: out,
      // Whether or not they were named: one that cannot be judged is no pass.
      strategies: { things: onBothSides, named: true },
    };
    const prepare = prepareSides(wanted, against);
    const measure = async (machine: Machine, ready: ReadySides) => {
      const { run, folder } = await measureSides(wanted, ready, machine, out);
      machine.progress.doing('Judging');
      const read = await readTrialsOf(run.record, folder);
      const report = await keepFiles(() => writeReport(reportOf(read), folder));
      const comparison = compareWithin(read, held.budgets, held.findings);
      machine.progress.close();
      const notes = [whereTimeWent(run.record)];
      const before = run.unwritten ?? (report.status === 'lost' ? report.error : null);
      const code = await present(comparison, folder, 'comparison', values, { notes, before });
      return code === exitCode.io ? code : (codeOfUnfinished(run.record) ?? code);
    };
    return await measureAlone(request, intent, { prepare, measure });
  },
);

/** What measuring leaves to be said. */
interface Measured {
  readonly notes: readonly string[];
  /** Why something was not written already. */
  readonly before: UserError | null;
}

/** @returns the exit code of the judgement */
async function present(
  comparison: Comparison,
  folder: string,
  name: string,
  { json, inconclusive }: Pick<CompareOptions, 'json' | 'inconclusive'>,
  { notes, before }: Measured,
): Promise<number> {
  if (json) process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
  const screen = json ? process.stderr : process.stdout;
  screen.write(`\n${terminal(comparisonPage(comparison))}\n${notes.map((note) => `\n${note}`).join('')}\n`);
  const kept = await keepFiles(async () => {
    await makeResultsFolder(folder);
    return await writeComparison(comparison, folder, name);
  });
  const lost = before ?? (kept.status === 'lost' ? kept.error : null);
  // Only what holds both sides is judged again by its folder alone.
  if (lost) return await tellLost(lost, folder, comparison.kind === 'one-run' ? 'npm run compare' : null);
  if (kept.status === 'kept') screen.write(`${Object.values(kept.files).join('\n')}\n`);
  if (comparison.outcome !== 'inconclusive' || inconclusive === 'fail') return gateCodeOf[comparison.outcome];
  screen.write('Inconclusive, which --inconclusive pass takes for no failure.\n');
  return exitCode.ok;
}

/** Null where the run was finished and its judgement counts. */
function codeOfUnfinished({ status, strategies }: RunRecord): number | null {
  if (status === 'interrupted') return exitCode.interrupted;
  if (status === 'failed') return exitCode.internal;
  // This machine lacks what every side needs; a side that does not start is another matter.
  const nothingRunsHere = strategies.every(({ reasons }) => reasons.some(({ code }) => code === 'missing'));
  return nothingRunsHere ? exitCode.unavailable : null;
}
