import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { ownEnvironment } from '../../infra/machine/environment.ts';
import { summary as summarySchema } from '../../record/summary.ts';
import { fixtures } from '../../reports/fixtures/index.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';

const script = path.join(import.meta.dirname, '../start.mjs');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function report(cwd: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [script, 'report', ...args],
      { cwd, maxBuffer: 1 << 26, env: ownEnvironment() },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** A folder with results of two runs, `latest` pointing at the newer one. */
async function withRuns(context: TestContext): Promise<string> {
  const cwd = await temporaryFolder(context);
  await mkdir(path.join(cwd, 'results'));
  await fixtures.single(path.join(cwd, 'results/20261119-080000-aaaa'));
  await fixtures.single(path.join(cwd, 'results/20261120-080000-bbbb'));
  await symlink('20261120-080000-bbbb', path.join(cwd, 'results/latest'));
  return cwd;
}

test('the newest run, a run by id, and a run by its folder', async (context) => {
  const cwd = await withRuns(context);
  const latest = await report(cwd);
  assert.equal(latest.code, 0, latest.stderr);
  assert.match(latest.stdout, /^At 900 requests\/s, Redis used/);
  assert.match(latest.stdout, /results\/20261120-080000-bbbb\/report\.html\n/);
  const byId = await report(cwd, '20261119-080000-aaaa');
  assert.match(byId.stdout, /results\/20261119-080000-aaaa\/report\.html\n/);
  const byFolder = await report('/', path.join(cwd, 'results/latest'), '--out', path.join(cwd, 'out'));
  assert.equal(byFolder.code, 0, byFolder.stderr);
  assert.equal((await readdir(path.join(cwd, 'out'))).length, 4);
});

test('the newest run where latest is a folder of its own, a file with an id, or leads nowhere', async (context) => {
  const cwd = await withRuns(context);
  const latest = path.join(cwd, 'results/latest');
  const reported = async (...args: string[]): Promise<string | undefined> =>
    /results\/(.+)\/report\.html\n/.exec((await report(cwd, ...args)).stdout)?.[1];
  await rm(latest);
  await writeFile(latest, '20261119-080000-aaaa\n');
  assert.equal(await reported(), '20261119-080000-aaaa');
  assert.equal(await reported('results/latest'), '20261119-080000-aaaa');
  await rm(latest);
  await symlink('gone', latest);
  await mkdir(path.join(cwd, 'results/20261121-080000-cccc'));
  assert.equal(await reported(), '20261120-080000-bbbb', 'a run without a trial has nothing to show');
  await rm(latest);
  await fixtures.single(latest);
  assert.equal(await reported(), '20261120-080000-bbbb');
  assert.equal(await reported('results/latest'), 'latest');
});

test('--json prints the summary and nothing else', async (context) => {
  const { code, stdout } = await report(await withRuns(context), '--json');
  assert.equal(code, 0);
  assert.equal(summarySchema.parse(JSON.parse(stdout)).runId, '20261120-080000-bbbb');
});

test('mistakes are reported together, with what to do next, and end with 64', async (context) => {
  const cwd = await withRuns(context);
  const unknown = await report(cwd, '20261120-080000-bbbc', '--out', '/dev/null/x');
  assert.equal(unknown.code, 64);
  assert.match(unknown.stderr, /There are 2 mistakes/);
  assert.match(
    unknown.stderr,
    /no run "20261120-080000-bbbc".*Did you mean "20261120-080000-bbbb"\? The newest runs:\n +20261120-080000-bbbb\n +20261119/,
  );
  assert.match(unknown.stderr, /--out: results cannot be written to "\/dev\/null\/x"/);
  const option = await report(cwd, '--jsn', '--out');
  assert.equal(option.code, 64);
  assert.match(option.stderr, /Did you mean "--json"\?[\s\S]*--out needs a value/);
  const nothing = await report(await temporaryFolder(context));
  assert.equal(nothing.code, 64);
  assert.match(nothing.stderr, /there are no runs under results\/ yet. Make one with "npm run bench"/);
});

test('a folder that holds no readable run ends with 2 and says which file', async (context) => {
  const { code, stderr } = await report('/', await temporaryFolder(context));
  assert.equal(code, 2);
  assert.match(stderr, /run\.json does not exist, so this folder holds no run/);
});

test('--help shows the options and examples', async () => {
  const { code, stdout } = await report('/', '--help');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /Usage: npm run report -- \[RUN\][\s\S]*--out <DIR>[\s\S]*Examples:[\s\S]*Exit codes: 0 [\s\S]*64 bad usage/,
  );
});
