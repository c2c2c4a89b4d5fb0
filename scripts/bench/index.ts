/** `npm run bench`: measures strategies and writes a report. */
import path from 'node:path';
import { newRunId, openContext } from '../../experiment/context.ts';
import { estimateSeconds, mostSeconds } from '../../experiment/estimate.ts';
import type { Plan, RateChoice } from '../../experiment/plan.ts';
import { runExperiment } from '../../experiment/run.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { discoverStrategies, strategyFolders } from '../../infra/strategies.ts';
import { ResultsError } from '../../record/write.ts';
import { writeReports } from '../../reports/index.ts';
import { outcomeOf } from '../../reports/outcome.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { environmentMistakes, machineOf, measureAlone } from '../cli/alone.ts';
import { parseArguments } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { whereTimeWent } from '../cli/closing-words.ts';
import { codeOf, exitCode } from '../cli/exit-codes.ts';
import { count, duration } from '../cli/format.ts';
import { outMistake } from '../cli/measuring.ts';
import { endWithMistakes } from '../cli/usage.ts';
import { type BenchOptions, benchSpec, planOf } from './options.ts';

outliveReaders();

function describe(plan: Plan): string {
  const { workload } = plan;
  return [
    `Strategies  ${plan.strategies.map(({ name }) => name).join(', ')}`,
    `Scenario    ${workload.name}: ${workload.title}; ${count(workload.sessions)} sessions of ${count(workload.payloadBytes)} B`,
    `Plan        ${plan.preset}: ${designWords(plan)}`,
    `Seed        ${plan.seed}`,
    `Time        about ${duration(estimateSeconds(plan))}${mostWords(plan)}, once servers are provisioned and k6 is built`,
  ].join('\n');
}

function designWords({ design, measureSeconds, warmupSeconds }: Plan): string {
  const lengths = `${measureSeconds} s after ${warmupSeconds} s of warm-up`;
  return design.kind === 'search'
    ? `the highest rate that keeps ${design.slo.text}, at most ${design.maxTrials} trials of each strategy, each ${lengths}`
    : `${design.blocks} blocks, each strategy ${lengths}, ${rateWords(design.rate)}`;
}

const rateWords = (rate: RateChoice): string =>
  rate.mode === 'auto' ? 'a common rate found first' : `${count(rate.value)} operations/s`;

const mostWords = (plan: Plan): string =>
  plan.design.kind === 'search' ? `, at most ${duration(mostSeconds(plan, plan.design.maxTrials))}` : '';

async function bench(plan: Plan, options: BenchOptions): Promise<number> {
  const { out, json } = options;
  const runId = newRunId();
  return await measureAlone(options, path.resolve(out, runId), async (alone) => {
    const { progress } = alone;
    progress.say(describe(plan));
    const context = await openContext(machineOf(alone, 'bench'), alone.createRuntime, out, runId);
    const record = await runExperiment(plan, context);
    progress.doing('Writing the report');
    const { summary, document, files } = await writeReports(context.results.path);
    progress.close();
    if (json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    const screen = json ? process.stderr : process.stdout;
    screen.write(`\n${terminal(document)}\n`);
    screen.write(`\n${whereTimeWent(record)}\nReport: ${files.html}\n`);
    // A strategy that was named and cannot run is a failure.
    return codeOf[outcomeOf(summary, options.strategies !== undefined)];
  });
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
  const mistakes = [(await outMistake(parsed.values.out)) ?? [], environmentMistakes()].flat();
  if (mistakes.length > 0) endWithMistakes(spec.usage, mistakes);
  return bench(plan, parsed.values);
}

function failure(error: unknown): number {
  if (error instanceof ResultsError) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.io;
  }
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  return exitCode.internal;
}

process.exitCode = await main(process.argv.slice(2)).catch(failure);
