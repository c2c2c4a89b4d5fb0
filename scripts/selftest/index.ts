/** `npm run selftest`: does the gate cry wolf, and does it sleep? */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { newRunId } from '../../experiment/context.ts';
import { freshSeed } from '../../experiment/random.ts';
import { repository } from '../../experiment/repository.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { estimateSelftestSeconds } from '../../experiment/selftest/plan.ts';
import { runSelftest, SelftestError, type SelftestReports } from '../../experiment/selftest/run.ts';
import { discoverStrategies, strategyFolders } from '../../infra/strategies.ts';
import type { SelftestComparison, SelftestRecord } from '../../record/selftest.ts';
import { ResultsError } from '../../record/write.ts';
import type { Budget } from '../../reports/gate/budgets.ts';
import { judge } from '../../reports/gate/judge.ts';
import { asCompared } from '../../reports/gate/one-run.ts';
import { overall } from '../../reports/gate/sides.ts';
import { markdown } from '../../reports/render/markdown.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { addedWords, selftestPage } from '../../reports/selftest/page.ts';
import { tallies } from '../../reports/selftest/tally.ts';
import { environmentMistakes, machineOf, measureAlone } from '../cli/alone.ts';

import { parseArguments } from '../cli/arguments.ts';
import { findBudgets } from '../cli/budgets-file.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { duration } from '../cli/format.ts';
import { outMistake } from '../cli/measuring.ts';
import { endWithMistakes } from '../cli/usage.ts';
import { type SelftestOptions, selftestSpec } from './options.ts';

outliveReaders();

function describe(options: SelftestOptions, seed: number, budgets: readonly Budget[]): string {
  const slowdowns = options.slowdowns.map((share) => `+${Number((share * 100).toFixed(2))} %`).join(', ');
  return [
    `Strategy    ${options.strategy.name}, ${options.scenario.workload.name}`,
    `Plan        ${options.comparisons} A/A comparisons${slowdowns ? `, and ${Math.min(options.slowed, options.comparisons)} each with ${slowdowns} CPU per request` : ''}; ${options.blocks} pairs of ${options.duration} s each`,
    `Budgets     ${budgets.map(({ metric, share }) => `${metric} ${Number((share * 100).toFixed(3))} %`).join(', ')}`,
    `Seed        ${seed}`,
    `Time        about ${duration(estimateSelftestSeconds(options))}, once servers are provisioned and k6 is built`,
  ].join('\n');
}

function lineOf({ number, addedShare, outcome, results }: SelftestComparison): string {
  const changes = results.map(({ metric, verdict }) =>
    verdict.ratio === null ? `${metric} unknown` : `${metric} ${((verdict.ratio - 1) * 100).toFixed(1)} %`,
  );
  return `Comparison ${number}, candidate has ${addedWords(addedShare)}: ${outcome} (${changes.join(', ')})`;
}

/** A slowdown of so many budgets is one that the gate promises to find. */
const SURELY_FOUND = 4;

function resultCode(record: SelftestRecord): number {
  if (record.status === 'interrupted') return exitCode.interrupted;
  const floor = Math.min(...record.budgets.map(({ share }) => share));
  const all = tallies(record);
  const wrong = all.some(({ addedShare, called, judged }) => {
    if (addedShare === 0) return called > 0;
    return addedShare >= SURELY_FOUND * floor - 1e-9 && called < judged;
  });
  if (wrong) return 1;
  return all.every(({ invalid }) => invalid === 0) ? exitCode.ok : exitCode.invalid;
}

async function selftest(options: SelftestOptions, budgets: readonly Budget[]): Promise<number> {
  const seed = options.seed ?? freshSeed();
  if (options.dryRun) {
    process.stdout.write(`${describe(options, seed, budgets)}\nNothing was started: this was a dry run.\n`);
    return exitCode.ok;
  }
  const id = newRunId();
  return await measureAlone(options, path.resolve(options.out, id), async (alone) => {
    const { progress } = alone;
    progress.say(describe(options, seed, budgets));
    const folder = await makeFolder(options.out, id);
    const onComparison = (comparison: SelftestComparison) => progress.say(lineOf(comparison));
    const machine = {
      ...machineOf(alone, 'selftest'),
      runtime: alone.runtime,
      createRuntime: alone.createRuntime,
    };
    const reports = reportsFor(budgets);
    const record = await runSelftest(
      { wishes: options, budgets: [...budgets], id, seed, machine, reports, onComparison },
      folder,
    );
    progress.close();
    if (options.json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
    const screen = options.json ? process.stderr : process.stdout;
    screen.write(`\n${terminal(selftestPage(record))}\n\n${path.join(folder, 'selftest.md')}\n`);
    return resultCode(record);
  });
}

const reportsFor = (budgets: readonly Budget[]): SelftestReports => ({
  costOfRequest: (run, name) => overall({ run, name }, 'cpuPerRequest'),
  judge(run, pair) {
    const { outcome, results } = judge([asCompared(run, pair)], budgets, pair);
    return { outcome, results };
  },
  page: (record) => markdown(selftestPage(record)),
});

async function makeFolder(out: string, id: string): Promise<string> {
  const folder = path.resolve(out, 'selftests', id);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ResultsError(folder, error);
  }
  return folder;
}

async function main(argv: readonly string[]): Promise<number> {
  const spec = selftestSpec(await discoverStrategies(strategyFolders()), await discoverScenarios());
  const parsed = parseArguments(spec, argv);
  if (parsed.status === 'help') {
    process.stdout.write(parsed.text);
    return exitCode.ok;
  }
  const { config, out, dryRun } = parsed.values;
  const budgets = await findBudgets(config, repository);
  const place = out === undefined || dryRun === true ? null : await outMistake(out);
  const mistakes = [
    ...(parsed.status === 'mistakes' ? parsed.mistakes : []),
    ...(budgets.status === 'mistakes' ? budgets.mistakes : []),
    ...(place === null ? [] : [place]),
    ...(dryRun === true ? [] : environmentMistakes()),
  ];
  if (parsed.status === 'mistakes' || budgets.status === 'mistakes' || mistakes.length > 0)
    endWithMistakes(spec.usage, mistakes);
  return selftest(parsed.values, budgets.budgets);
}

function failure(error: unknown): number {
  if (error instanceof ResultsError) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.io;
  }
  if (error instanceof SelftestError) {
    process.stderr.write(`${error.message}\n`);
    return error.unavailable ? exitCode.unavailable : exitCode.invalid;
  }
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  return exitCode.internal;
}

process.exitCode = await main(process.argv.slice(2)).catch(failure);
