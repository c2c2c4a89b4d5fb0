import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { GoTally } from './go-tests.ts';
import { failedFilesOf, parseTap } from './node-tests.ts';
import { selectTests } from './select.ts';
import { afterSecondRun, describeTotals } from './totals.ts';

async function temporaryRepository(context: TestContext, files: readonly string[]): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rm(root, { recursive: true, force: true }));
  for (const file of files) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
  return root;
}

test('tests are chosen by file and folder; those that need the machine run alone', async (context) => {
  const root = await temporaryRepository(context, [
    'a/one.test.ts',
    'ab/two.test.ts',
    'a/code.ts',
    'tests/bench.test.ts',
    'node_modules/x/no.test.ts',
    'results/no.test.ts',
    'go/go.mod',
  ]);
  const select = async (...wanted: string[]) => {
    const { together, alone, ...rest } = await selectTests(root, wanted, path.join(root, 'go'));
    const names = (files: readonly string[]) => files.map((file) => path.relative(root, file));
    return { together: names(together), alone: names(alone), ...rest };
  };
  const none = { together: [], alone: [], go: false, unknown: [] };
  assert.deepEqual(await select(), {
    ...none,
    together: ['a/one.test.ts', 'ab/two.test.ts'],
    alone: ['tests/bench.test.ts'],
    go: true,
  });
  assert.deepEqual(await select('a'), { ...none, together: ['a/one.test.ts'] });
  assert.deepEqual(await select('a/', 'go/x.go'), { ...none, together: ['a/one.test.ts'], go: true });
  assert.deepEqual(await select('tests', 'b'), { ...none, alone: ['tests/bench.test.ts'], unknown: ['b'] });
});

test("the totals of Node's runner are read, and what was cancelled has failed", () => {
  const report =
    'TAP version 13\n# Subtest: x\nok 1 - x # SKIP\n1..1\n# tests 9\n# suites 0\n# pass 3\n# fail 2\n# cancelled 1\n# skipped 2\n# todo 1\n';
  const totals = parseTap(report);
  assert.deepEqual(totals, { passed: 3, failed: 3, skipped: 3 });
  assert.equal(describeTotals(totals), '3 passed, 3 failed, 3 skipped');
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

test('the files of failing tests are read from a TAP report', () => {
  const report = [
    'ok 1 - fine',
    '  ---',
    "  location: '/a/fine.test.ts:3:1'",
    '  ...',
    '# Subtest: outer',
    '    not ok 1 - inner',
    '      ---',
    "      location: '/a/bad.test.ts:9:5'",
    '      ...',
    'not ok 2 - outer',
    '  ---',
    "  location: '/a/bad.test.ts:7:1'",
    '  ...',
    'ok 3 - fine too',
    '  ---',
    "  location: '/a/other.test.ts:3:1'",
    '  ...',
  ].join('\n');
  assert.deepEqual(failedFilesOf(report), ['/a/bad.test.ts']);
  assert.deepEqual(failedFilesOf('ok 1 - fine\n'), []);
});

test('a test that passes alone has passed, and that is told; one that fails again has failed', () => {
  const said: string[] = [];
  const totals = (first: number, second: number, passedThen = 5) =>
    afterSecondRun(
      { passed: 10, failed: first, skipped: 1 },
      { passed: passedThen, failed: second, skipped: 0 },
      (line) => said.push(line),
    );
  assert.deepEqual(totals(2, 0), { passed: 12, failed: 0, skipped: 1 });
  assert.match(said.join(), /2 tests failed at first/);
  assert.deepEqual(totals(2, 1), { passed: 11, failed: 1, skipped: 1 });
  assert.deepEqual(totals(2, 2), { passed: 10, failed: 2, skipped: 1 });
  assert.deepEqual(totals(1, 0, 0), { passed: 10, failed: 1, skipped: 1 });
});
