/** However a run in Docker ends, nothing of it is left in the engine, and nothing measured is lost. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
import { readResults } from '../command.ts';
import { assertSameAs, containersOf, contents, docker, needsEngine } from './engine.ts';
import { assertNothingLeft, type Running, startMeasuring, startRun } from './running.ts';

test(
  'after kill -9 the next start removes what was left, and no more; Ctrl-C in its trial ends it cleanly',
  needsEngine,
  async (context) => {
    const killed = await startMeasuring(context, ['--rate=200', '--duration=60']);
    const label = 'session-bench.run=of-nobody';
    const stranger = await docker('network', 'create', '--label', label, `sbt-${process.pid}`);
    context.after(() => docker('network', 'rm', stranger));
    killed.child.kill('SIGKILL');
    await killed.ended;
    assert.ok((await containersOf(killed.pid)).size >= 4, 'the killed run could not clear up');

    const next = await startMeasuring(context, ['--rate=200', '--duration=60'], { TMPDIR: killed.temporary });
    next.child.kill('SIGINT');
    const { exitCode, stdout } = await next.ended;
    assert.equal(exitCode, 130, stdout);
    // Native runs would remove them too: beside this test they know no engine (tests/command.ts).
    const told = new RegExp(
      `Removed \\d+ containers, 1 network that a killed run \\(process ${killed.pid}\\)`,
    );
    assert.match(stdout, told, `${JSON.stringify(await contents(), null, 2)}\n${stdout}`);
    await assertSameAs([...killed.before, { id: stranger, owner: null }]);
    assert.deepEqual(await readdir(killed.temporary), []);
    await assertKept(next);
  },
);

/** What was measured until the interruption. */
async function assertKept({ out }: Running): Promise<void> {
  const { record, trials } = await readResults(out);
  assert.equal(record.status, 'interrupted');
  assert.deepEqual(
    trials.map(({ status, reasons }) => [status, reasons[0]?.code]),
    [['invalid', 'interrupted']],
  );
  assert.ok((trials[0]?.operations.read?.count ?? 0) > 0, 'the operations until then are kept');
}

test('Ctrl-C while containers are started ends a run cleanly', needsEngine, async (context) => {
  const running = await startRun(context, ['--rate=200', '--duration=60']);
  await until('containers are started', 120_000, () => assert.match(running.stdout(), /Starting redis/));
  running.child.kill('SIGINT');
  const { exitCode, stdout } = await running.ended;
  assert.equal(exitCode, 130, stdout);
  await assertNothingLeft(running);
});
