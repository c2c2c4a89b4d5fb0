/** Budgets bite: what goes beyond them is seen for what it is. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { assertRan, readResults, run, temporaryFolder } from '../command.ts';
import { assertSameAs, containersOf, contents, docker, needsEngine } from './engine.ts';
import { assertNothingLeft, startMeasuring } from './running.ts';

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
  const reason = trials[0]?.reasons.find(({ code }) => code === 'server-died');
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

test(
  'a container that dies makes its trial invalid, the run goes on, and a quota of processor time holds',
  needsEngine,
  async (context) => {
    // Small enough for the load, and not so small that Node.js takes half a minute to start.
    const quota = 0.3;
    // Far more than apps of a third of a core can answer.
    const load = ['--blocks=2', '--duration=3', '--rate=1500', '--sessions=200'];
    const running = await startMeasuring(context, load, { SESSION_BENCH_BUDGETS: `app.cpus=${quota}` });
    const containers = await containersOf(running.pid);
    const app = containers.get('app-1') ?? assert.fail('there is no app');
    assert.equal(await docker('inspect', '--format', '{{.HostConfig.NanoCpus}}', app), String(quota * 1e9));
    await docker('kill', containers.get('cache-1') ?? assert.fail('there is no store'));
    assertRan(await running.ended);
    const { trials, record } = await readResults(running.out);
    assert.equal(record.status, 'finished');
    const [first, second] = trials;
    const deaths = (trial = first) => trial?.reasons.filter(({ code }) => code === 'server-killed') ?? [];
    assert.equal(first?.status, 'invalid');
    assert.match(deaths()[0]?.message ?? '', /cache-1 .*SIGKILL.*last log lines: .+/);
    assert.deepEqual(second && deaths(second), []);
    const used = (second?.usage.app?.cpuMicros ?? 0) / 1e6;
    const allowed = 2 * quota * (second?.measuredSeconds ?? 0);
    // The kernel gives time by periods of 100 ms, of which the first and the last are cut by measuring.
    assert.ok(used > 0 && used <= allowed + 2 * quota * 0.5, `${used} s used of ${allowed} s`);
    assert.equal(record.strategies[0]?.budgets?.find(({ tier }) => tier === 'app')?.cpus, quota);
    await assertNothingLeft(running);
  },
);
