import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { GoTally } from './go-tests.ts';
import type { Kind } from './kinds.ts';
import type { NodeTests } from './node-tests.ts';
import { selectTests } from './select.ts';
import { describeTotals } from './totals.ts';

/** @param files texts by path */
async function temporaryRepository(
  context: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rm(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  return root;
}

/** Node's runner refuses to run within itself, and so gets a process that does not know of this one. */
async function runNested(root: string, ...files: string[]): Promise<NodeTests & { readonly shown: string }> {
  const runner = path.join(import.meta.dirname, 'node-tests.ts');
  const paths = files.map((file) => path.join(root, file));
  const script = path.join(root, 'nested.mjs');
  await writeFile(
    script,
    `import { runNodeTests } from ${JSON.stringify(runner)};
    console.error(JSON.stringify(await runNodeTests(${JSON.stringify(paths)}, 'fast')));`,
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { env });
  return { ...JSON.parse(stderr), shown: stdout };
}

test('tests are chosen by file and folder, and told apart by their names', async (context) => {
  const names = ['a/one.test.ts', 'ab/two.live.test.ts', 'a/code.ts', 'tests/bench.alone.test.ts'];
  const others = ['node_modules/x/no.test.ts', 'results/no.test.ts', 'go/go.mod'];
  const root = await temporaryRepository(
    context,
    Object.fromEntries([...names, ...others].map((name) => [name, ''])),
  );
  const select = async (...wanted: string[]) => {
    const { files, go, unknown } = await selectTests(root, wanted, path.join(root, 'go'));
    const relative = (kind: Kind) => files[kind].map((file) => path.relative(root, file));
    return { fast: relative('fast'), live: relative('live'), alone: relative('alone'), go, unknown };
  };
  const none = { fast: [], live: [], alone: [], go: false, unknown: [] };
  const [one = '', two = '', , bench = ''] = names;
  assert.deepEqual(await select(), { fast: [one], live: [two], alone: [bench], go: true, unknown: [] });
  assert.deepEqual(await select('a'), { ...none, fast: [one] });
  assert.deepEqual(await select('a/', 'go/x.go'), { ...none, fast: [one], go: true });
  assert.deepEqual(await select('tests', 'b'), { ...none, alone: [bench], unknown: ['b'] });
});

const brokenFile = "throw new Error('cannot be loaded');";
const mixedFile = `
  import { test } from 'node:test';
  test('passes', async (t) => { await t.test('and so does a part of it', () => {}); });
  test('fails', () => { throw new Error('on purpose'); });
  test('has a part', async (t) => { await t.test('that hangs', { timeout: 1 }, () => new Promise(() => {})); });
  test('is skipped', { skip: true }, () => {});
  test('is to be written', { todo: true }, () => {});`;

test('totals are over tests and their parts; what was cancelled or cannot be loaded has failed', async (context) => {
  const root = await temporaryRepository(context, { 'mixed.test.ts': mixedFile, 'b.test.ts': brokenFile });
  const { totals, times, shown } = await runNested(root, 'mixed.test.ts', 'b.test.ts');
  assert.deepEqual(totals, { passed: 2, failed: 4, skipped: 2 });
  assert.ok(times.some(({ file, seconds }) => file.endsWith('mixed.test.ts') && seconds > 0));
  assert.match(shown, /on purpose/);
  assert.match(shown, /cannot be loaded/);
});

test('a fast test that starts a server after all fails, and says why', async (context) => {
  const program = path.resolve(import.meta.dirname, '../../infra/runtimes/index.ts');
  const strategies = path.resolve(import.meta.dirname, '../../infra/strategies.ts');
  const file = `
    import { test } from 'node:test';
    import { createNativeRuntime } from ${JSON.stringify(program)};
    import { discoverStrategies } from ${JSON.stringify(strategies)};
    test('forgot its name', async () => {
      const runtime = await createNativeRuntime({ signal: new AbortController().signal, progress() {} });
      const [given] = await runtime.provision(await discoverStrategies(), () => {});
      if (given.status !== 'available') throw new Error(JSON.stringify(given.lacks));
    });`;
  const root = await temporaryRepository(context, { 'a.test.ts': file });
  const { totals, shown } = await runNested(root, 'a.test.ts');
  assert.deepEqual(totals, { passed: 0, failed: 1, skipped: 0 });
  assert.match(shown, /fast-tests-start-no-servers/);
});

test('the last line names what was skipped only where something was', () => {
  assert.equal(describeTotals({ passed: 3, failed: 3, skipped: 2 }), '3 passed, 3 failed, 2 skipped');
  assert.equal(describeTotals({ passed: 1, failed: 0, skipped: 0 }), '1 passed, 0 failed');
});

function tally(...events: readonly object[]) {
  const said: string[] = [];
  const reader = new GoTally((line) => said.push(line));
  for (const event of events) reader.read(JSON.stringify(event));
  return { totals: reader.totals, said: said.join('\n') };
}

test('Go tests are counted, and what a failing one printed is shown', () => {
  const { totals, said } = tally(
    { Action: 'output', Package: 'p', Test: 'TestA', Output: 'fine\n' },
    { Action: 'pass', Package: 'p', Test: 'TestA' },
    { Action: 'output', Package: 'p', Test: 'TestB', Output: 'wanted 1, got 2\n' },
    { Action: 'fail', Package: 'p', Test: 'TestB' },
    { Action: 'skip', Package: 'p', Test: 'TestC' },
    { Action: 'fail', Package: 'p', Elapsed: 1 },
  );
  assert.deepEqual(totals, { passed: 1, failed: 1, skipped: 1 });
  assert.match(said, /wanted 1, got 2/);
  assert.doesNotMatch(said, /fine/);
});

test('a Go package that does not build, or dies without a failing test, is one failure', () => {
  const broken = tally(
    { Action: 'build-output', ImportPath: 'p', Output: 'x.go:1: syntax error\n' },
    { Action: 'build-fail', ImportPath: 'p' },
    { Action: 'fail', Package: 'p', Elapsed: 0 },
  );
  assert.deepEqual(broken.totals, { passed: 0, failed: 1, skipped: 0 });
  assert.match(broken.said, /syntax error/);
  const died = tally(
    { Action: 'output', Package: 'q', Test: 'TestA', Output: 'panic: test timed out\n' },
    { Action: 'fail', Package: 'q', Elapsed: 600 },
  );
  assert.deepEqual(died.totals, { passed: 0, failed: 1, skipped: 0 });
  assert.match(died.said, /timed out/);
});
