/** `npm run selftest`: does the gate cry wolf, and does it sleep? */
import path from 'node:path';
import { type Machine, newRunId } from '../../experiment/context.ts';
import { nothingToPrepare } from '../../experiment/preparation.ts';
import { freshSeed } from '../../experiment/random.ts';
import { runSelftest, type SelftestReports } from '../../experiment/selftest/run.ts';
import type { SelftestRecord } from '../../record/selftest.ts';
import { makeResultsFolder } from '../../record/write.ts';
import type { Budget } from '../../reports/gate/budgets.ts';
import { failureOf } from '../../reports/gate/failed.ts';
import { judge } from '../../reports/gate/judge.ts';
import { asCompared } from '../../reports/gate/one-run.ts';
import { overall } from '../../reports/gate/sides.ts';
import { markdown } from '../../reports/render/markdown.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { outcomeOf } from '../../reports/selftest/outcome.ts';
import { selftestPage } from '../../reports/selftest/page.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { tellLost } from '../cli/keep-files.ts';
import { measureAlone } from '../cli/measure-alone.ts';
import { discover } from '../cli/measuring-options.ts';
import { runCommand } from '../cli/run-command.ts';
import { describeOutcome, describeSelftest } from './describe.ts';
import { countedWith } from './earlier.ts';
import { selftestSpec } from './options.ts';

const codes = {
  ok: exitCode.ok,
  wrong: 1,
  invalid: exitCode.invalid,
  interrupted: exitCode.interrupted,
} as const;

/** @param earlierOf self-tests whose comparisons are counted with those of a record */
const reportsOf = (
  budgets: readonly Budget[],
  earlierOf: (record: SelftestRecord) => Promise<readonly SelftestRecord[]>,
): SelftestReports => ({
  baselineOf(run, name) {
    const side = { run, name };
    if (failureOf(side) !== null) return null;
    const [cpu, latency] = [overall(side, 'cpuPerRequest'), overall(side, 'read.p50')];
    return typeof cpu === 'number' && typeof latency === 'number' ? { cpu, latency } : null;
  },
  judge(run, pair) {
    const { outcome, results } = judge([asCompared(run, pair)], budgets, pair);
    return { outcome, results };
  },
  page: async (record) => markdown(selftestPage(record, await earlierOf(record))),
});

await runCommand(
  async (environment) => selftestSpec(await discover(environment)),
  async (request) => {
    const { values: wishes } = request;
    const [seed, id] = [wishes.seed ?? freshSeed(), newRunId()];
    const folder = path.resolve(wishes.out, 'selftests', id);
    const strategies = { things: [wishes.strategy], named: true };
    const intent = { describe: () => describeSelftest(wishes, seed), folder, strategies };
    const measure = async (machine: Machine) => {
      await makeResultsFolder(folder);
      const { budgets } = wishes.config;
      // Looked for once: what becomes of the folder meanwhile changes no table.
      let earlier: Promise<readonly SelftestRecord[]> | null = null;
      const earlierOf = (record: SelftestRecord): Promise<readonly SelftestRecord[]> => {
        earlier ??= countedWith(record, wishes.add, path.resolve(wishes.out), machine.progress.say);
        return earlier;
      };
      const { record, unwritten } = await runSelftest(
        {
          wishes,
          budgets: [...budgets],
          id,
          seed,
          machine,
          reports: reportsOf(budgets, earlierOf),
          onComparison: (comparison) => machine.progress.say(describeOutcome(comparison)),
        },
        folder,
      );
      machine.progress.close();
      if (wishes.json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      const screen = wishes.json ? process.stderr : process.stdout;
      screen.write(`\n${terminal(selftestPage(record, await earlierOf(record)))}\n\n`);
      if (unwritten) return await tellLost(unwritten, folder, null);
      screen.write(`${path.join(folder, 'selftest.md')}\n`);
      return codes[outcomeOf(record)];
    };
    return await measureAlone(request, intent, { prepare: nothingToPrepare, measure });
  },
);
