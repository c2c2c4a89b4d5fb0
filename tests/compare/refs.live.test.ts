/** `npm run compare -- --against`: refs that cannot be measured. No server is started for them. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { discoverStrategies } from '../../infra/strategies.ts';
import { isDefault } from '../../infra/variants.ts';
import { throwawayRepository } from '../checkout.ts';
import { emptyCache, startIn, temporaryFolder } from '../command.ts';

/** Temporary folders differ from one command to the next. */
const plain = (text: string): string => text.replaceAll(/\/\S*/g, '…');

test('refs that cannot be measured end with what is wrong, and nothing is left', async (t) => {
  const throwaway = await throwawayRepository(t);
  const { folder } = throwaway;
  const [out, temporary] = [await temporaryFolder(t), await temporaryFolder(t)];
  const tiny = ['--strategy=redis', '--blocks=1', '--duration=1', '--rate=100'];
  const compare = (...args: readonly string[]) =>
    startIn(folder, 'compare', [...args, '--out', out], { TMPDIR: temporary, ...emptyCache }).ended;

  const lockfile = path.join(folder, 'package-lock.json');
  const lock = await readFile(lockfile, 'utf8');
  await writeFile(lockfile, '{ "lockfileVersion": 3,');
  const notInstallable = await throwaway.commit('a lock file that is cut off');

  await writeFile(lockfile, lock);
  await rm(path.join(folder, 'servers/strategies/redis'), { recursive: true });
  const withoutRedis = await throwaway.commit('no redis');
  await throwaway.git('checkout', '--quiet', 'HEAD~2', '--', '.');
  await throwaway.commit('all as it was');

  await t.test('a ref without the strategy that was named', async () => {
    const { exitCode, stderr } = await compare('--against', withoutRedis, '--strategy', 'redis');
    assert.equal(exitCode, 64);
    assert.match(
      stderr,
      /has no strategy redis, so there is nothing to compare with\. It has: memcached, mysql/,
    );
  });

  await t.test('of strategies that were not named, the common ones are taken', async () => {
    const { stdout } = await compare('--against', withoutRedis, '--dry-run');
    const usual = (await discoverStrategies()).filter(isDefault).map(({ name }) => name);
    const common = usual.filter((name) => name !== 'redis');
    const taken = /^Strategies +(.+)$/m.exec(stdout)?.[1] ?? '';
    assert.equal(taken.replaceAll(' (cannot run here)', ''), common.join(', '));
  });

  await t.test('budgets that only the working tree loosens do not hold', async () => {
    const config = path.join(folder, 'session-bench.config.json');
    const budgets = await readFile(config, 'utf8');
    await writeFile(config, budgets.replaceAll('"5%"', '"900%"'));
    const { exitCode, stdout } = await compare('--against', 'main', '--strategy', 'sticky', '--dry-run');
    await writeFile(config, budgets);
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /^Budgets +read\.p50 5 %, .+ \(the stricter ones of session-bench\.config\.json and of main\)$/m,
    );
  });

  await t.test('dependencies that cannot be installed; the dry run says the same', async () => {
    const args = ['--against', notInstallable, ...tiny];
    const [real, dry] = [await compare(...args), await compare(...args, '--dry-run')];
    assert.deepEqual([real.exitCode, dry.exitCode], [2, 2], real.stderr);
    assert.match(
      real.stderr,
      /could not be installed \(npm ci\): .+Check that this commit installs by itself/s,
    );
    assert.equal(plain(dry.stderr), plain(real.stderr));
  });

  assert.deepEqual(await readdir(temporary), []);
  assert.equal(await throwaway.git('status', '--porcelain'), '');
});
