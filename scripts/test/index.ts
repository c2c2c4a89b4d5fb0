/** `npm test`: runs all tests, or those of the files and folders that are named. */
import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { provisionChromium } from '../../infra/machine/programs/chromium.ts';
import { findGo, k6Sources } from '../../infra/machine/programs/k6-build.ts';
import { createNativeRuntime } from '../../infra/runtimes/index.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { endWithMistakes } from '../cli/usage.ts';
import { compileGoTests, runGoTests } from './go-tests.ts';
import { runNodeTests } from './node-tests.ts';
import { selectTests } from './select.ts';
import { addTotals, afterSecondRun, describeTotals, noTests, type Totals } from './totals.ts';

const root = path.resolve(import.meta.dirname, '../..');
const say = (line: string) => process.stdout.write(`${line}\n`);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 64) return value;
  throw new InvalidArgumentError('Give a whole number from 1 to 64.');
}

const command = new Command()
  .name('npm test --')
  .description('Runs all tests, or those of the files and folders that are named.')
  .argument('[paths...]', 'files and folders, for example servers/strategies/redis')
  .option(
    '--concurrency <N>',
    'test files at a time; those under tests/ always run alone',
    wholeNumber,
    os.availableParallelism(),
  )
  .addHelpText(
    'after',
    '\nExamples:\n  npm test\n  npm test -- servers/strategies/redis\n  npm test -- infra/k6 reports',
  )
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.usage))
  .parse();

const { concurrency } = command.opts<{ concurrency: number }>();
const wanted = command.args;
const selection = await selectTests(root, wanted, k6Sources);
if (selection.unknown.length > 0) {
  endWithMistakes(
    command.name(),
    selection.unknown.map((name) => `there are no tests in "${name}". Name a *.test.ts file or a folder.`),
  );
}

/** Done before the tests, none of them runs into its own time limit while k6 is built or servers are fetched. */
async function prepare(): Promise<void> {
  const runtime = await createNativeRuntime({ signal: new AbortController().signal, progress: say });
  const browser = provisionChromium({ progress: say });
  const availability = await runtime.provision(await discoverStrategies(), say);
  await Promise.all([browser, runtime.close()]);
  const lacks = availability.flatMap((each) => (each.status === 'available' ? [] : each.lacks));
  const lines = new Set(lacks.map(({ what, why, remedy }) => `${what} is missing: ${why}. ${remedy}`));
  for (const line of lines) say(`${line} Tests that need it fail.`);
}

async function testGo(): Promise<Totals> {
  const go = await findGo();
  if (go.status === 'ready') return await runGoTests(go.path, k6Sources, say);
  say(`✖ infra/k6: ${go.lack.why}. ${go.lack.remedy}`);
  return { ...noTests, failed: 1 };
}

/** While the tests that share the machine leave some of it unused; those after them need all of it. */
async function compileGo(): Promise<void> {
  const go = await findGo();
  if (go.status === 'ready') await compileGoTests(go.path, k6Sources);
}

/** In CI nobody can look whether the machine was disturbed: what failed is run once more, and that is told. */
const twice = process.env.CI === 'true';

/** The longest test of those that run alone measures all strategies. */
const hangsAfterMs = { together: 4 * 60_000, alone: 12 * 60_000 };

async function testNode(files: readonly string[], together: number, timeoutMs: number): Promise<Totals> {
  const { totals, failedFiles } = await runNodeTests(files, together, timeoutMs);
  if (!twice || failedFiles.length === 0) return totals;
  say(`\nOnce more, a file at a time: ${failedFiles.map((file) => path.relative(root, file)).join(', ')}`);
  const again = await runNodeTests(failedFiles, 1, timeoutMs);
  return afterSecondRun(totals, again.totals, say);
}

async function testGoModule(): Promise<Totals> {
  const totals = await testGo();
  if (!twice || totals.failed === 0) return totals;
  say('\nOnce more: infra/k6');
  return afterSecondRun(totals, await testGo(), say);
}

if (wanted.length === 0) await prepare();
const compiling = selection.go && selection.together.length > 0 ? compileGo() : undefined;
let totals = await testNode(selection.together, concurrency, hangsAfterMs.together);
await compiling;
totals = addTotals(totals, await testNode(selection.alone, 1, hangsAfterMs.alone));
if (selection.go) totals = addTotals(totals, await testGoModule());

say('');
say(describeTotals(totals));
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : exitCode.ok;
