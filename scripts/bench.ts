/** `npm run bench`: measures strategies and writes a report. */
import path from 'node:path';
import { choosePlacement } from '../infra/placement.ts';
import { BudgetError, type BudgetOverrides, readBudgetOverrides } from '../infra/runtimes/docker/budgets.ts';
import { discoverStrategies } from '../infra/strategies.ts';
import { writeReports } from '../reports/index.ts';
import type { RunRecord } from '../reports/schema/run.ts';
import type { Summary } from '../reports/schema/summary.ts';
import { summaryTable } from '../reports/table.ts';
import { type BenchOptions, benchSpec, planOf } from './bench-options.ts';
import { parseArguments } from './cli/arguments.ts';
import { outliveReaders } from './cli/closed-output.ts';
import { surprises, whereTimeWent } from './cli/closing-words.ts';
import { exitCode } from './cli/exit-codes.ts';
import { count, duration } from './cli/format.ts';
import { listenForInterrupt } from './cli/interrupt.ts';
import { busyMessage, chooseProgress, newRunId, outMistake } from './cli/measuring.ts';
import { endWithMistakes } from './cli/usage.ts';
import { chooseRuntime, createRuntime, inWords } from './experiment/choose-runtime.ts';
import { machineLimitMistakes } from './experiment/machine-limits.ts';
import { capacitySeconds, estimateSeconds, type Plan } from './experiment/plan.ts';
import { createResultsFolder, ResultsError } from './experiment/results-folder.ts';
import { runExperiment } from './experiment/run.ts';
import { takeRunLock } from './experiment/run-lock.ts';
import { discoverScenarios } from './experiment/scenarios.ts';
import { strategyFolders } from './experiment/strategy-folders.ts';

outliveReaders();

function budgetsOrMistakes(): BudgetOverrides | string[] {
  try {
    return readBudgetOverrides();
  } catch (error) {
    if (error instanceof BudgetError) return error.message.split('\n');
    throw error;
  }
}

function describe(plan: Plan): string {
  const { workload, capacity } = plan;
  const rate =
    plan.rate.mode === 'auto' ? 'a common rate found first' : `${count(plan.rate.value)} operations/s`;
  return [
    `Strategies  ${plan.strategies.map(({ name }) => name).join(', ')}`,
    `Scenario    ${workload.name}: ${workload.title}; ${count(workload.sessions)} sessions of ${count(workload.payloadBytes)} B`,
    capacity
      ? `Plan        ${plan.preset}: the highest rate that keeps ${capacity.slo.text}, at most ${capacity.maxTrials} trials of each strategy, each ${plan.measureSeconds} s after ${plan.warmupSeconds} s of warm-up`
      : `Plan        ${plan.preset}: ${plan.blocks} blocks, each strategy ${plan.measureSeconds} s after ${plan.warmupSeconds} s of warm-up, ${rate}`,
    `Seed        ${plan.seed}`,
    `Time        about ${duration(estimateSeconds(plan))}${capacity ? `, at most ${duration(capacitySeconds(plan, capacity.maxTrials))}` : ''}, once servers are provisioned and k6 is built`,
  ].join('\n');
}

function resultCode(record: RunRecord, summary: Summary, plan: Plan): number {
  if (record.status === 'interrupted') return exitCode.interrupted;
  if (record.status === 'failed') return exitCode.internal;
  const { strategies } = summary;
  if (strategies.every(({ status }) => status === 'not-measured')) return exitCode.unavailable;
  if (strategies.some(({ violations }) => Object.values(violations).some((each) => each > 0)))
    return exitCode.violations;
  if (plan.capacity && strategies.some(withoutCapacity)) return exitCode.invalid;
  const expected = plan.strategiesNamed
    ? strategies
    : strategies.filter(({ status }) => status !== 'not-measured');
  return expected.every(({ status }) => status === 'valid') ? exitCode.ok : exitCode.invalid;
}

outliveReaders();

/** Measured, and yet no rate is known to be carried. */
const withoutCapacity = ({ status, capacity }: Summary['strategies'][number]): boolean =>
  status !== 'not-measured' && (capacity === null || capacity.low === null);

/** Of the options, what says how to measure and not what. */
interface Means extends Pick<BenchOptions, 'out' | 'json' | 'runtime' | 'images'> {
  readonly budgets: BudgetOverrides;
}

async function bench(plan: Plan, { out, json, runtime: choice, images, budgets }: Means): Promise<number> {
  const runId = newRunId();
  const folder = path.resolve(out, runId);
  const lock = await takeRunLock(folder);
  if (lock.status === 'taken') {
    process.stderr.write(`${busyMessage(lock.by)}\n`);
    return exitCode.busy;
  }
  const chosen = await chooseRuntime(choice);
  if (chosen.status === 'lacking') {
    lock.release();
    const { lack } = chosen;
    process.stderr.write(`--runtime docker: ${inWords(lack)}. ${lack.remedy}\n`);
    return exitCode.unavailable;
  }
  const progress = chooseProgress(json);
  const interruption = listenForInterrupt((line) => progress.say(line));
  try {
    progress.say(`Runtime     ${chosen.status}: ${chosen.why}`);
    progress.say(describe(plan));
    const results = await createResultsFolder(out, runId);
    const runtime = await createRuntime(chosen, {
      images,
      budgets,
      signal: interruption.signal,
      progress: (line) => progress.say(line),
    });
    const placement = await choosePlacement();
    progress.say(`Placement   ${placement.description}`);
    const record = await runExperiment({
      plan,
      runtime,
      placement,
      results,
      runId,
      progress,
      signal: interruption.signal,
    });
    progress.doing('Writing the report');
    const { summary, files } = await writeReports(results.path);
    progress.close();
    if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    const screen = json ? process.stderr : process.stdout;
    screen.write(`\n${summary.answer}\n\n${summaryTable(summary)}\n`);
    for (const surprise of surprises(summary)) screen.write(`${surprise}\n`);
    screen.write(`\n${whereTimeWent(record)}\nReport: ${files.html}\n`);
    return resultCode(record, summary, plan);
  } catch (error) {
    progress.close();
    if (!(error instanceof ResultsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCode.io;
  } finally {
    interruption.dispose();
    lock.release();
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const strategies = await discoverStrategies(strategyFolders());
  const spec = benchSpec(strategies, await discoverScenarios());
  const parsed = parseArguments(spec, argv);
  if (parsed.status === 'help') {
    process.stdout.write(parsed.text);
    return exitCode.ok;
  }
  if (parsed.status === 'mistakes') endWithMistakes(spec.usage, parsed.mistakes);
  const plan = planOf(parsed.values, strategies);
  if (parsed.values.dryRun) {
    process.stdout.write(`${describe(plan)}\nNothing was started: this was a dry run.\n`);
    return exitCode.ok;
  }
  const budgets = budgetsOrMistakes();
  const mistakes = [
    (await outMistake(parsed.values.out)) ?? [],
    machineLimitMistakes(),
    Array.isArray(budgets) ? budgets : [],
  ].flat();
  if (mistakes.length > 0 || Array.isArray(budgets)) endWithMistakes(spec.usage, mistakes);
  return bench(plan, { ...parsed.values, budgets });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = exitCode.internal;
}
