/** Budgets bite: what goes beyond them is seen for what it is. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { readResults, run, temporaryFolder } from '../command.ts';
import { assertSameAs, contents, needsEngine } from './engine.ts';

test('a store that grows beyond its memory is shown as out of memory', needsEngine, async (context) => {
  const [out, before] = [await temporaryFolder(context), await contents()];
  const load = ['--preset=smoke', '--rate=100', '--duration=2'];
  // 96 MB of sessions, for which a limit of 40 MiB has no room.
  const tooMuch = ['--sessions=3000', '--payload=32000'];
  const { stdout, stderr } = await run(
    'bench',
    ['--runtime=docker', '--strategy=redis', ...load, ...tooMuch, `--out=${out}`],
    { SESSION_BENCH_BUDGETS: 'store.memory=40' },
  );
  const { record, trials, folder } = await readResults(out);
  assert.equal(record.status, 'finished', stdout + stderr);
  assert.equal(trials[0]?.status, 'invalid');
  const [reason] = trials[0]?.reasons ?? [];
  assert.equal(reason?.code, 'server-died');
  assert.match(
    reason?.message ?? '',
    /cache-1 \(store\) .*out of memory: the kernel killed it at its limit of 40 MiB/,
  );
  for (const report of ['report.md', 'report.html'])
    assert.match(await readFile(path.join(folder, report), 'utf8'), /out of memory/, report);
  const budget = record.strategies[0]?.budgets?.find(({ service }) => service === 'cache');
  assert.equal(budget?.memoryMiB, 40);
  await assertSameAs(before);
});

test('a quota of processor time shows in what is measured', needsEngine, async (context) => {
  const out = await temporaryFolder(context);
  // Small enough for the load, and not so small that Node.js takes half a minute to start.
  const quota = 0.3;
  // Far more than apps of a third of a core can answer.
  const load = ['--preset=smoke', '--duration=4', '--rate=3000', '--sessions=200'];
  const { stdout, stderr } = await run(
    'bench',
    ['--runtime=docker', '--strategy=sticky', ...load, `--out=${out}`],
    { SESSION_BENCH_BUDGETS: `app.cpus=${quota}` },
  );
  const { trials, record } = await readResults(out);
  const [trial] = trials;
  const used = (trial?.usage.app?.cpuMicros ?? 0) / 1e6;
  const allowed = 2 * quota * (trial?.measuredSeconds ?? 0);
  assert.ok(used > 0, stdout + stderr);
  // The kernel gives time by periods of 100 ms, of which the first and the last are cut by measuring.
  assert.ok(used <= allowed + 2 * quota * 0.5, `${used} s used of ${allowed} s`);
  assert.ok(used > allowed * 0.5, `${used} s used of ${allowed} s, though there was work for more`);
  assert.equal(record.strategies[0]?.budgets?.find(({ tier }) => tier === 'app')?.cpus, quota);
});
