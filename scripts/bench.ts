/** `npm run bench`: measures strategies and writes a report. */
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
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
import { surprises, whereTimeWent } from './cli/closing-words.ts';
import { exitCode } from './cli/exit-codes.ts';
import { count, duration } from './cli/format.ts';
import { listenForInterrupt } from './cli/interrupt.ts';
import { plainProgress, terminalProgress } from './cli/progress.ts';
import { endWithMistakes } from './cli/usage.ts';
import { chooseRuntime, createRuntime, inWords } from './experiment/choose-runtime.ts';
import { estimateSeconds, type Plan } from './experiment/plan.ts';
import type { Progress } from './experiment/progress.ts';
import { createResultsFolder, ResultsError } from './experiment/results-folder.ts';
import { runExperiment } from './experiment/run.ts';
import { takeRunLock } from './experiment/run-lock.ts';
import { discoverScenarios } from './experiment/scenarios.ts';
import { strategyFolders } from './experiment/strategy-folders.ts';

function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/** A mistake when the folder cannot be made or written; null when it can. */
async function outMistake(out: string): Promise<string | null> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `--out: results cannot be written to "${out}": ${why}. Name a folder that you may write to.`;
  }
}

function budgetsOrMistakes(): BudgetOverrides | string[] {
  try {
    return readBudgetOverrides();
  } catch (error) {
    if (error instanceof BudgetError) return error.message.split('\n');
    throw error;
  }
}

function describe(plan: Plan): string {
  const { workload } = plan;
  const rate =
    plan.rate.mode === 'auto' ? 'a common rate found first' : `${count(plan.rate.value)} operations/s`;
  return [
    `Strategies  ${plan.strategies.map(({ name }) => name).join(', ')}`,
    `Scenario    ${workload.name}: ${workload.title}; ${count(workload.sessions)} sessions of ${count(workload.payloadBytes)} B`,
    `Plan        ${plan.preset}: ${plan.blocks} blocks, each strategy ${plan.measureSeconds} s after ${plan.warmupSeconds} s of warm-up, ${rate}`,
    `Seed        ${plan.seed}`,
    `Time        about ${duration(estimateSeconds(plan))}, once servers are provisioned and k6 is built`,
  ].join('\n');
}

function resultCode(record: RunRecord, summary: Summary, plan: Plan): number {
  if (record.status === 'interrupted') return exitCode.interrupted;
  if (record.status === 'failed') return exitCode.internal;
  const { strategies } = summary;
  if (strategies.every(({ status }) => status === 'not-measured')) return exitCode.unavailable;
  if (strategies.some(({ violations }) => Object.values(violations).some((each) => each > 0)))
    return exitCode.violations;
  const expected = plan.strategiesNamed
    ? strategies
    : strategies.filter(({ status }) => status !== 'not-measured');
  return expected.every(({ status }) => status === 'valid') ? exitCode.ok : exitCode.invalid;
}

function chooseProgress(json: boolean): Progress {
  const stream = json ? process.stderr : process.stdout;
  return stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
}

/** Of the options, what says how to measure and not what. */
interface Means extends Pick<BenchOptions, 'out' | 'json' | 'runtime' | 'images'> {
  readonly budgets: BudgetOverrides;
}

async function bench(plan: Plan, { out, json, runtime: choice, images, budgets }: Means): Promise<number> {
  const runId = newRunId();
  const folder = path.resolve(out, runId);
  const lock = await takeRunLock(folder);
  if (lock.status === 'taken') {
    const by = lock.by
      ? `process ${lock.by.pid}, since ${lock.by.since}, into ${lock.by.results}`
      : 'another process';
    process.stderr.write(
      `Another run is measuring on this machine (${by}). Two at once would spoil each other's numbers. Wait for it to end, then start again.\n`,
    );
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
  const mistake = await outMistake(parsed.values.out);
  const budgets = budgetsOrMistakes();
  const mistakes = [mistake ?? [], Array.isArray(budgets) ? budgets : []].flat();
  if (mistakes.length > 0 || Array.isArray(budgets)) endWithMistakes(spec.usage, mistakes);
  return bench(plan, { ...parsed.values, budgets });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = exitCode.internal;
}
