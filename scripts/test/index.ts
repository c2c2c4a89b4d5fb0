/** `npm test`: runs all tests, or those of the files and folders that are named. */

import path from 'node:path';
import { provisionChromium } from '../../infra/machine/programs/chromium.ts';
import { findGo, k6Sources } from '../../infra/machine/programs/k6-build.ts';
import { createNativeRuntime } from '../../infra/runtimes/index.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { counted } from '../../record/counted.ts';
import { commandSpec } from '../cli/command-spec.ts';
import { exitCode } from '../cli/exit-codes.ts';
import { good, mistaken, texts } from '../cli/reading.ts';
import { runCommand } from '../cli/run-command.ts';
import { flag } from '../cli/values.ts';
import { compileGoTests, runGoTests } from './go-tests.ts';
import type { Kind } from './kinds.ts';
import { type FileTime, runNodeTests } from './node-tests.ts';
import { type Selection, selectTests } from './select.ts';
import { addTotals, describeTotals, noTests, type Totals } from './totals.ts';

const root = path.resolve(import.meta.dirname, '../..');
const say = (line: string) => process.stdout.write(`${line}\n`);

const selection = texts<Selection>(async (wanted) => {
  const selected = await selectTests(root, wanted, k6Sources);
  return selected.unknown.length === 0
    ? good(selected)
    : mistaken(
        ...selected.unknown.map(
          (name) => `there are no tests in "${name}". Name a *.test.ts file or a folder.`,
        ),
      );
});

const spec = commandSpec({
  usage: 'npm test --',
  summary: 'Runs all tests, or those of the files and folders that are named.',
  operands: { usage: 'PATH...', most: Number.POSITIVE_INFINITY, schema: selection },
  options: {
    fast: {
      flags: '--fast',
      description: 'only tests that start no servers, containers or browsers: within a minute',
      schema: flag,
    },
  },
  examples: ['npm test', 'npm test -- --fast', 'npm test -- servers/strategies/redis infra/k6'],
  after: 'How a file is run follows from its name: see scripts/test/kinds.ts.',
});

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

/** While tests leave some of the machine unused; those that run alone need all of it. */
async function compileGo(): Promise<void> {
  const go = await findGo();
  if (go.status === 'ready') await compileGoTests(go.path, k6Sources);
}

async function runTests({ files, go }: Selection, fast: boolean): Promise<Totals> {
  let totals = noTests;
  const times: FileTime[] = [];
  const run = async (kind: Kind) => {
    const ended = await runNodeTests(files[kind], kind);
    totals = addTotals(totals, ended.totals);
    times.push(...ended.times);
  };
  if (fast) {
    await run('fast');
    say(
      `Left out: ${counted(files.live.length + files.alone.length, 'file')} with servers${go ? ', and infra/k6' : ''}.`,
    );
  } else {
    if (files.live.length + files.alone.length > 0) await prepare();
    const compiling = go ? compileGo() : undefined;
    await run('live');
    await run('fast');
    await compiling;
    await run('alone');
    if (go) totals = addTotals(totals, await testGo());
  }
  showSlowest(times);
  return totals;
}

function showSlowest(times: readonly FileTime[]): void {
  const slowest = times.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10);
  say(`\nThe longest files:`);
  for (const { file, seconds } of slowest)
    say(`${seconds.toFixed(1).padStart(6)} s  ${path.relative(root, file)}`);
}

await runCommand(
  () => spec,
  async ({ values: { fast }, operands: selected }) => {
    const totals = await runTests(selected, fast);
    say(`\n${describeTotals(totals)}`);
    return totals.failed > 0 || totals.passed === 0 ? 1 : exitCode.ok;
  },
);
