/** `npm run compare`: is the working tree slower than a git ref? Or: how do two stored runs differ? */
import path from 'node:path';
import { workingTree } from '../../experiment/repository.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { CheckoutError } from '../../experiment/sides/checkout.ts';
import { discoverStrategies, strategyFolders } from '../../infra/strategies.ts';
import type { Comparison } from '../../record/gate.ts';
import type { RunRecord } from '../../record/run.ts';
import { ResultsError } from '../../record/write.ts';
import { gateExitCode } from '../../reports/gate/decide.ts';
import { writeComparison } from '../../reports/gate/index.ts';
import { NoComparisonError } from '../../reports/gate/one-run.ts';
import { comparisonPage } from '../../reports/gate/page.ts';
import { RunFolderError } from '../../reports/index.ts';
import { terminal } from '../../reports/render/terminal.ts';
import { type Means, measureAlone } from '../cli/alone.ts';
import { parseArguments } from '../cli/arguments.ts';
import { outliveReaders } from '../cli/closed-output.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { endWithMistakes } from '../cli/usage.ts';
import { type Against, compareAgainst, describe } from './against.ts';
import { compareSpec } from './options.ts';
import { type Question, questionOf } from './question.ts';
import { compareStored } from './stored.ts';

outliveReaders();

interface Manner extends Means {
  readonly inconclusive: 'fail' | 'pass';
}

async function tell(
  comparison: Comparison,
  folder: string,
  name: string,
  { json, inconclusive }: Manner,
  notes: readonly string[] = [],
): Promise<number> {
  const files = await writeComparison(comparison, folder, name);
  if (json) process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
  const screen = json ? process.stderr : process.stdout;
  const code = gateExitCode(comparison.outcome, inconclusive);
  screen.write(`\n${terminal(comparisonPage(comparison))}\n${notes.map((note) => `\n${note}`).join('')}\n`);
  screen.write(`${Object.values(files).join('\n')}\n`);
  if (comparison.outcome === 'inconclusive' && inconclusive === 'pass')
    screen.write('Inconclusive, which --inconclusive pass takes for no failure.\n');
  return code;
}

/** This machine lacks what every side needs; a side that does not start is another matter. */
const nothingRunsHere = ({ strategies }: RunRecord): boolean =>
  strategies.every(({ reasons }) => reasons.some(({ code }) => code === 'missing'));

async function measure(against: Against, origin: string, manner: Manner): Promise<number> {
  return await measureAlone(manner, path.resolve(against.out), async (alone) => {
    const { progress, signal } = alone;
    progress.say(describe(against, origin, await workingTree()));
    try {
      const { comparison, record, folder, notes } = await compareAgainst(against, alone);
      progress.close();
      const code = await tell(comparison, folder, 'comparison', manner, notes);
      if (record.status === 'interrupted') return exitCode.interrupted;
      if (record.status === 'failed') return exitCode.internal;
      return nothingRunsHere(record) ? exitCode.unavailable : code;
    } catch (error) {
      if (signal.aborted && error instanceof CheckoutError) return exitCode.interrupted;
      throw error;
    }
  });
}

async function answer(question: Question, manner: Manner): Promise<number> {
  if (question.kind === 'stored') {
    const { comparison, folder, name } = await compareStored(
      question.folders,
      question.budgets,
      question.only,
    );
    return tell(comparison, question.out ?? folder, name, manner);
  }
  if (!question.dryRun) return measure(question.against, question.origin, manner);
  process.stdout.write(
    `${describe(question.against, question.origin, await workingTree())}\nNothing was started: this was a dry run.\n`,
  );
  return exitCode.ok;
}

async function main(argv: readonly string[]): Promise<number> {
  const [strategies, scenarios] = [await discoverStrategies(strategyFolders()), await discoverScenarios()];
  const spec = compareSpec(strategies, scenarios);
  const parsed = parseArguments(spec, argv);
  if (parsed.status === 'help') {
    process.stdout.write(parsed.text);
    return exitCode.ok;
  }
  const typed = parsed.status === 'mistakes' ? parsed.mistakes : [];
  const found = await questionOf(parsed.values, parsed.operands, { strategies, scenarios });
  if (found.status === 'mistakes' || typed.length > 0)
    endWithMistakes(spec.usage, [...typed, ...(found.status === 'mistakes' ? found.mistakes : [])]);
  const { json = false, inconclusive = 'fail', runtime, images = new Map() } = parsed.values;
  return answer(found.question, { runtime, images, json, inconclusive });
}

/** The run or the ref cannot be judged: told, and no fault of ours. */
function failure(error: unknown): number {
  if (
    error instanceof CheckoutError ||
    error instanceof RunFolderError ||
    error instanceof NoComparisonError
  ) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.invalid;
  }
  if (error instanceof ResultsError) {
    process.stderr.write(`${error.message}\n`);
    return exitCode.io;
  }
  if (error instanceof Error && 'syscall' in error) {
    process.stderr.write(
      `The comparison could not be written: ${error.message}. Make room, or name another folder with --out.\n`,
    );
    return exitCode.io;
  }
  process.stderr.write(`session-bench itself failed: ${error instanceof Error ? error.stack : error}\n`);
  return exitCode.internal;
}

process.exitCode = await main(process.argv.slice(2)).catch(failure);
