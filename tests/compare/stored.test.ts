/** `npm run compare` on what is on the disk: exit codes, damaged runs, files. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { comparison as schema } from '../../record/gate.ts';
import { RUN_VERSION } from '../../record/run.ts';
import { writeComparedRun } from '../../reports/fixtures/compared-run.ts';
import { fixtures } from '../../reports/fixtures/index.ts';
import {
  inventedStrategies,
  type RunFolderOptions,
  writeRunFolder,
} from '../../reports/fixtures/run-folder.ts';
import { run, temporaryFolder } from '../command.ts';

const redis = inventedStrategies.filter(({ name }) => name === 'redis');
const stored = (folder: string, seed: number, options: RunFolderOptions = {}): Promise<string> =>
  writeRunFolder(folder, { strategies: redis, blocks: 12, measureSeconds: 1, rate: 900, seed, ...options });

test('exit codes of two runs: no regression, regression, inconclusive, not comparable', async (t) => {
  const parent = await temporaryFolder(t);
  const slower = redis.map((each) => ({ ...each, readMicros: each.readMicros * 1.4 }));
  const a = await stored(path.join(parent, 'run-a'), 1);
  const b = await stored(path.join(parent, 'run-b'), 2, { strategies: slower });
  const short = await stored(path.join(parent, 'run-short'), 3, { blocks: 3 });
  const other = await stored(path.join(parent, 'run-other'), 4, { rate: 1000 });

  const regression = await run('compare', [a, b]);
  assert.equal(regression.exitCode, 1, regression.stderr);
  assert.match(regression.stdout, /^\nRegression: redis: run run-b's read p50 is \d+–\d+ % higher/);
  assert.match(regression.stdout, /measured? .*different times|made .* apart/);
  assert.ok((await readdir(b)).includes('comparison-with-run-a.junit.xml'));

  assert.equal((await run('compare', [b, a])).exitCode, 0);
  const open = await run('compare', [a, short]);
  assert.equal(open.exitCode, 3, open.stdout);
  assert.match(open.stdout, /3 blocks are too few/);
  const passed = await run('compare', [a, short, '--inconclusive', 'pass']);
  assert.equal(passed.exitCode, 0);
  assert.match(passed.stdout, /--inconclusive pass takes for no failure/);

  const refused = await run('compare', [a, other]);
  assert.equal(refused.exitCode, 2);
  assert.match(refused.stdout, /No verdict: The runs differ in their rate \(operations\/s\): 900 and 1000/);
});

test('wrong answers that are surely more frequent end with 1, though the baseline has some', async (t) => {
  const parent = await temporaryFolder(t);
  const losing = (lost: number): RunFolderOptions => ({
    trial(record) {
      const { read } = record.operations;
      if (record.block !== 1 || !read) return record;
      const violations = { ...read.violations, lost };
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
  const newer = await run('compare', [good, future]);
  assert.equal(newer.exitCode, 2);
  assert.match(newer.stderr, new RegExp(`future/run\\.json: its schemaVersion is ${RUN_VERSION + 1}`));
  const truncated = await run('compare', [cut, good]);
  assert.equal(truncated.exitCode, 2);
  assert.match(truncated.stderr, /cut\/run\.json: it is cut off or no JSON/);
  const alone = await run('compare', [good]);
  assert.equal(alone.exitCode, 2);
  assert.match(alone.stderr, /compares nothing: it was made by "npm run bench"/);
  const same = await run('compare', [good, good]);
  assert.equal(same.exitCode, 64);
  assert.match(same.stderr, /both names are of one run/);
});

test('damaged trials are told, and what is valid is still compared', async (t) => {
  const parent = await temporaryFolder(t);
  const good = await fixtures.good(path.join(parent, 'good'));
  const damaged = await fixtures.damaged(path.join(parent, 'damaged'));
  const { exitCode, stdout } = await run('compare', [good, damaged]);
  // The fixtures were made at different rates.
  assert.equal(exitCode, 2);
  assert.match(stdout, /No verdict: The runs differ in their rate/);
  const again = await fixtures.damaged(path.join(parent, 'again'));
  const both = await run('compare', [damaged, again, '--strategy', 'sticky', '--json']);
  const comparison = schema.parse(JSON.parse(both.stdout));
  assert.ok(comparison.findings.some(({ code }) => code === 'unreadable-trial'));
  assert.ok(comparison.results.every(({ strategy }) => strategy === 'sticky'));
  assert.ok(
    comparison.results.some(({ verdict }) => verdict.pairs > 0),
    both.stderr,
  );
});
