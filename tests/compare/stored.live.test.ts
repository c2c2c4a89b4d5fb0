/** `npm run compare` on what is on the disk: exit codes, damaged runs, files. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { comparison as schema } from '../../record/gate.ts';
import { RUN_VERSION } from '../../record/run.ts';
import { UserError } from '../../record/user-error.ts';
import { writeComparedRun } from '../../reports/fixtures/compared-run.ts';
import { fixtures } from '../../reports/fixtures/index.ts';
import {
  inventedStrategies,
  type RunFolderOptions,
  writeRunFolder,
} from '../../reports/fixtures/run-folder.ts';
import type { Budget } from '../../reports/gate/budgets.ts';
import { compareStored } from '../../reports/gate/stored.ts';
import { run, temporaryFolder } from '../command.ts';

const redis = inventedStrategies.filter(({ name }) => name === 'redis');
const stored = (folder: string, seed: number, options: RunFolderOptions = {}): Promise<string> =>
  writeRunFolder(folder, { strategies: redis, blocks: 12, measureSeconds: 1, rate: 900, seed, ...options });

test('two runs: a regression ends with 1, and an inconclusive end that may pass with 0', async (t) => {
  const parent = await temporaryFolder(t);
  const slower = redis.map((each) => ({ ...each, readMicros: each.readMicros * 1.4 }));
  const a = await stored(path.join(parent, 'run-a'), 1);
  const b = await stored(path.join(parent, 'run-b'), 2, { strategies: slower });
  const short = await stored(path.join(parent, 'run-short'), 3, { blocks: 3 });

  const regression = await run('compare', [a, b]);
  assert.equal(regression.exitCode, 1, regression.stderr);
  assert.match(regression.stdout, /^\nRegression: redis: run run-b's read p50 is \d+–\d+ % higher/);
  assert.match(regression.stdout, /measured? .*different times|made .* apart/);
  assert.ok((await readdir(b)).includes('comparison-with-run-a.junit.xml'));

  const passed = await run('compare', [a, short, '--inconclusive', 'pass']);
  assert.equal(passed.exitCode, 0);
  assert.match(passed.stdout, /3 blocks are too few/);
  assert.match(passed.stdout, /--inconclusive pass takes for no failure/);
});

test('wrong answers that are surely more frequent end with 1, though the baseline has some', async (t) => {
  const parent = await temporaryFolder(t);
  const losing = (lost: number): RunFolderOptions => ({
    trial(record) {
      const { read } = record.operations;
      if (!read) return record;
      // Spread over all 12 blocks: a trial that loses half of its sessions has no median.
      const each = Math.floor(lost / 12) + (record.block <= lost % 12 ? 1 : 0);
      const violations = { ...read.violations, lost: each };
      return { ...record, operations: { ...record.operations, read: { ...read, violations } } };
    },
  });
  const one = await stored(path.join(parent, 'one'), 1, losing(1));
  const many = await stored(path.join(parent, 'many'), 1, losing(400));
  const worse = await run('compare', [one, many]);
  assert.equal(worse.exitCode, 1, worse.stderr);
  assert.match(worse.stdout, /^\nRegression: redis: run many gives wrong answers more often: 400 lost of/);
  const junit = await readFile(path.join(many, 'comparison-with-one.junit.xml'), 'utf8');
  assert.match(junit, /<failure message="redis: run many gives wrong answers more often/);
  const better = await run('compare', [many, one]);
  assert.equal(better.exitCode, 0, better.stdout);
  assert.match(better.stdout, /^\nNo regression, but redis: run one gives wrong answers, no more often/);
});

test('--json is the comparison and nothing else; --out takes the files', async (t) => {
  const parent = await temporaryFolder(t);
  const compared = await writeComparedRun(path.join(parent, 'run'), { cpu: 1.3 });
  const out = path.join(parent, 'out');
  const { exitCode, stdout } = await run('compare', [compared, '--json', '--out', out]);
  assert.equal(exitCode, 1);
  const comparison = schema.parse(JSON.parse(stdout));
  assert.equal(comparison.outcome, 'regression');
  assert.deepEqual((await readdir(out)).sort(), [
    'comparison.html',
    'comparison.json',
    'comparison.junit.xml',
    'comparison.md',
  ]);
  assert.deepEqual(JSON.parse(await readFile(path.join(out, 'comparison.json'), 'utf8')), comparison);
});

const budgets: readonly Budget[] = [{ metric: 'read.p50', share: 0.05 }];
/** The same whatever the baseline's own budgets. */
const held = async () => ({ budgets, findings: [] });

test('runs that cannot be read end with 2 and say which file and why', async (t) => {
  const parent = await temporaryFolder(t);
  const good = await stored(path.join(parent, 'good'), 1);
  const future = await stored(path.join(parent, 'future'), 2, {
    // What a later version would write.
    run: (record) => ({ ...record, schemaVersion: RUN_VERSION + 1 }) as unknown as typeof record,
  });
  const cut = await stored(path.join(parent, 'cut'), 3);
  const file = path.join(cut, 'run.json');
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 200));
  const isOfInput = (message: RegExp) => (error: unknown) =>
    error instanceof UserError && error.kind === 'invalid' && message.test(error.message);
  await assert.rejects(
    compareStored([good, future], held, null),
    isOfInput(new RegExp(`future/run\\.json: its schemaVersion is ${RUN_VERSION + 1}`)),
  );
  await assert.rejects(
    compareStored([good], held, null),
    isOfInput(/compares nothing: it was made by "npm run bench"/),
  );
  const truncated = await run('compare', [cut, good]);
  assert.equal(truncated.exitCode, 2);
  assert.match(truncated.stderr, /cut\/run\.json: it is cut off or no JSON/);
});

test('damaged trials are told, and what is valid is still compared', async (t) => {
  const parent = await temporaryFolder(t);
  const good = await stored(path.join(parent, 'good'), 1, { rate: 1000 });
  const damaged = await fixtures.damaged(path.join(parent, 'damaged'));
  const { comparison: refused } = await compareStored([good, damaged], held, null);
  assert.equal(refused.outcome, 'invalid');
  assert.match(refused.answer, /^No verdict: The runs differ in /);
  const again = await fixtures.damaged(path.join(parent, 'again'));
  const { comparison } = await compareStored([damaged, again], held, ['sticky']);
  assert.ok(comparison.findings.some(({ code }) => code === 'unreadable-trial'));
  assert.ok(comparison.results.every(({ strategy }) => strategy === 'sticky'));
  assert.ok(comparison.results.some(({ verdict }) => verdict.pairs > 0));
});
