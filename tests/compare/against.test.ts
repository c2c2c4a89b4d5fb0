/** `npm run compare -- --against`: refs that cannot be measured, and one that is, on real servers. */
import assert from 'node:assert/strict';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { discoverStrategies } from '../../infra/strategies.ts';
import { comparison as schema } from '../../record/gate.ts';
import { readResults, temporaryFolder } from '../bench/command.ts';
import { alive, descendants, eventually } from '../bench/processes.ts';
import { type Throwaway, throwawayRepository } from './throwaway.ts';

const tiny = ['--strategy', 'redis', '--blocks', '1', '--duration', '1', '--rate', '100'] as const;

/** Nothing of a comparison may stay: no checkout, and no word of it in the repository. */
async function assertNothingLeft({ folder }: Throwaway, temporary: string): Promise<void> {
  assert.deepEqual(await readdir(temporary), []);
  const { stdout } = await execa('git', ['-C', folder, 'worktree', 'list']);
  assert.equal(stdout.split('\n').length, 1, stdout);
  assert.equal((await execa('git', ['-C', folder, 'status', '--porcelain'])).stdout, '');
}

async function places(t: TestContext): Promise<{ readonly out: string; readonly temporary: string }> {
  const [out, temporary] = [await temporaryFolder(t), await temporaryFolder(t)];
  // As root, servers run as somebody else, who must get through to the run's folder.
  await chmod(temporary, 0o711);
  return { out, temporary };
}

test('refs that cannot be measured end with what is wrong, and nothing is left', async (t) => {
  const throwaway = await throwawayRepository(t);
  const { folder } = throwaway;
  const { out, temporary } = await places(t);
  const compare = (...args: readonly string[]) =>
    throwaway.start('compare', [...args, '--out', out], { TMPDIR: temporary });

  await t.test('no such ref', async () => {
    const { exitCode, stderr } = await compare('--against', 'mian');
    assert.equal(exitCode, 64);
    assert.match(stderr, /git knows no commit "mian" here\. Did you mean "main"\?/);
  });

  const store = path.join(folder, 'servers/strategies/redis/store.ts');
  const original = await readFile(store, 'utf8');
  await writeFile(store, `throw new Error('this store is broken on purpose');\n`);
  const broken = await throwaway.commit('a store that cannot be loaded');

  const lockfile = path.join(folder, 'package-lock.json');
  const lock = await readFile(lockfile, 'utf8');
  await writeFile(store, original);
  await writeFile(lockfile, '{ "lockfileVersion": 3,');
  const notInstallable = await throwaway.commit('a lock file that is cut off');

  await writeFile(lockfile, lock);
  await rm(path.dirname(store), { recursive: true });
  const withoutRedis = await throwaway.commit('no redis');
  await rm(path.join(folder, 'servers/app'), { recursive: true });
  const withoutApp = await throwaway.commit('no app');
  await execa('git', ['-C', folder, 'checkout', '--quiet', 'HEAD~4', '--', '.']);
  await throwaway.commit('all as it was');

  await t.test('a ref without the app', async () => {
    const { exitCode, stderr } = await compare('--against', withoutApp);
    assert.equal(exitCode, 64);
    assert.match(stderr, /has no servers\/app\/main\.ts, so there is no app to measure/);
  });

  await t.test('a ref without the strategy that was named', async () => {
    const { exitCode, stderr } = await compare('--against', withoutRedis, '--strategy', 'redis');
    assert.equal(exitCode, 64);
    assert.match(
      stderr,
      /has no strategy redis, so there is nothing to compare with\. It has: memcached, mysql/,
    );
  });

  await t.test('of strategies that were not named, the common ones are taken', async () => {
    const { exitCode, stdout } = await compare('--against', withoutRedis, '--dry-run');
    assert.equal(exitCode, 0);
    const common = (await discoverStrategies()).map(({ name }) => name).filter((name) => name !== 'redis');
    assert.equal(/^Strategies +(.+)$/m.exec(stdout)?.[1], common.join(', '));
  });

  await t.test('dependencies that cannot be installed', async () => {
    const { exitCode, stderr } = await compare('--against', notInstallable, ...tiny);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /could not be installed \(npm ci\): .+Check that this commit installs by itself/s);
  });

  await t.test('a store that cannot be loaded: no verdict, with the reason', async () => {
    const { exitCode, stdout, stderr } = await compare('--against', broken, ...tiny);
    assert.equal(exitCode, 2, stdout + stderr);
    assert.match(stdout, /No verdict: redis-baseline did not start: .*this store is broken on purpose/s);
    assert.match(stdout, /redis +read p50 .*invalid|redis, read p50: invalid/);
  });

  await assertNothingLeft(throwaway, temporary);
});

test('a ref and a changed working tree are measured in turns, and judged', async (t) => {
  const throwaway = await throwawayRepository(t);
  const { out, temporary } = await places(t);
  const note = path.join(throwaway.folder, 'a-change');
  await writeFile(note, 'in no commit\n');
  const { exitCode, stdout, stderr } = await throwaway.start(
    'compare',
    [
      '--against',
      'main',
      '--strategy',
      'redis',
      '--blocks',
      '2',
      '--duration',
      '1',
      '--rate',
      '150',
      '--out',
      out,
      '--json',
    ],
    { TMPDIR: temporary },
  );
  // Two blocks cannot be conclusive; on a busy machine none may be valid.
  assert.ok(exitCode === 2 || exitCode === 3, `${exitCode}\n${stderr}`);
  const comparison = schema.parse(JSON.parse(stdout));
  assert.equal(comparison.outcome, exitCode === 2 ? 'invalid' : 'inconclusive');
  assert.deepEqual([comparison.baseline.label, comparison.candidate.dirty], ['main', true]);
  assert.match(stderr, /the working tree .*against main/);

  const { record, trials, folder } = await readResults(out);
  assert.ok(record.design.kind === 'sides');
  assert.deepEqual(record.design.pairs, [
    { strategy: 'redis', baseline: 'redis-baseline', candidate: 'redis-candidate', addedMicros: 0 },
  ]);
  for (const block of [1, 2]) {
    const sides = trials.filter((trial) => trial.block === block).map(({ strategy }) => strategy);
    assert.deepEqual([...new Set(sides)].sort(), ['redis-baseline', 'redis-candidate']);
  }
  for (const trial of trials) {
    assert.ok((trial.operations.read?.count ?? 0) > 50, 'both sides were measured');
    for (const { violations } of Object.values(trial.operations))
      assert.deepEqual(violations, { lost: 0, stale: 0, resurrected: 0, crossed: 0 });
  }
  const files = await readdir(folder);
  for (const name of [
    'comparison.json',
    'comparison.md',
    'comparison.junit.xml',
    'summary.json',
    'report.html',
  ])
    assert.ok(files.includes(name), name);

  const again = await throwaway.start('compare', [folder, '--json', '--out', await temporaryFolder(t)]);
  assert.equal(again.exitCode, exitCode);
  assert.deepEqual(schema.parse(JSON.parse(again.stdout)).results, comparison.results);
  await rm(note);
  await assertNothingLeft(throwaway, temporary);
});

test('Ctrl-C keeps what was measured and leaves nothing else', async (t) => {
  const throwaway = await throwawayRepository(t);
  const { out, temporary } = await places(t);
  const child = throwaway.start(
    'compare',
    [
      '--against',
      'main',
      '--strategy',
      'redis',
      '--blocks',
      '2',
      '--duration',
      '30',
      '--rate',
      '100',
      '--out',
      out,
    ],
    { TMPDIR: temporary },
  );
  assert.ok(child.pid);
  const { pid } = child;
  await eventually('a first second of measuring', 120, async () => {
    if (child.exitCode !== null) assert.fail(`the run ended before it measured: ${(await child).stdout}`);
    const [trial] = await readdir(path.join(out, 'latest', 'trials')).catch(() => []);
    const file = trial && path.join(out, 'latest', 'trials', trial, 'histograms.jsonl');
    return file && (await readFile(file, 'utf8').catch(() => '')).includes('"phase":"measure"');
  });
  const family = await descendants(pid);
  child.kill('SIGINT');
  const { exitCode, stdout } = await child;
  assert.equal(exitCode, 130, stdout);
  assert.match(stdout, /stopping, and keeping what was measured/);
  for (const each of family)
    await eventually(`the end of process ${each.pid}`, 5, async () => !(await alive(each.pid)));
  const { record, trials, folder } = await readResults(out);
  assert.equal(record.status, 'interrupted');
  assert.equal(trials.length, 1);
  const comparison = schema.parse(JSON.parse(await readFile(path.join(folder, 'comparison.json'), 'utf8')));
  assert.equal(comparison.status, 'interrupted');
  await assertNothingLeft(throwaway, temporary);
});
