/** Two that measure at once would spoil each other's numbers: the second is refused before it starts anything. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { takeRunLock } from '../../infra/machine/run-lock.ts';
import { run, temporaryFolder } from '../command.ts';

test('a second run is told who measures, and leaves nothing', async (context) => {
  const SESSION_BENCH_LOCK = `busy-${process.pid}`;
  const lock = await takeRunLock(SESSION_BENCH_LOCK, '/results/first');
  assert.ok(lock.status === 'held');
  context.after(() => lock.release());
  const out = await temporaryFolder(context);
  const args = ['--strategy', 'sticky', '--preset', 'smoke', '--out', out];
  const second = await run('bench', args, { SESSION_BENCH_LOCK });
  assert.equal(second.exitCode, 75, second.stdout);
  assert.match(
    second.stderr,
    new RegExp(
      `Another run is measuring on this machine \\(process ${process.pid}, since .*, into /results/first\\)`,
    ),
  );
  assert.deepEqual(await readdir(out), []);
});
