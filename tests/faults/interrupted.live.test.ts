/** A run that is interrupted in the middle of a fault leaves nothing: nobody frozen, and nobody who was to be started again. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { readProcess } from '../../infra/machine/process-table.ts';
import { until } from '../../infra/machine/until.ts';
import { endWith, readResults, start, temporaryFolder, untilMeasuring } from '../command.ts';
import { assertEnded, family } from '../processes.ts';

test('Ctrl-C while the store is frozen ends the run cleanly, and the trial is no survival', async (t) => {
  const [out, temporary] = [await temporaryFolder(t), await temporaryFolder(t)];
  const command = start(
    'bench',
    [
      ...['--faults', 'store-freeze', '--strategy', 'redis', '--preset', 'smoke'],
      ...['--sessions', '100', '--rate', '50', '--out', out],
    ],
    { TMPDIR: temporary },
  );
  endWith(t, command);
  await untilMeasuring(command, out);
  await until('Redis is frozen', 30_000, () => {
    const redis = family(command.pid).find((each) => each.command.includes('redis-server'));
    assert.equal(redis && readProcess(redis.pid)?.state, 'T');
  });
  const all = family(command.pid);
  command.child.kill('SIGINT');
  const { exitCode, stdout } = await command.ended;
  assert.equal(exitCode, 130, stdout);
  await assertEnded(all);
  assert.deepEqual(await readdir(temporary), []);
  const { trials, summary } = await readResults(out);
  assert.deepEqual(
    trials.map(({ status, fault }) => [status, fault?.name]),
    [['invalid', 'store-freeze']],
  );
  assert.ok(summary.design.kind === 'faults');
  assert.deepEqual(
    summary.design.results.map(({ survival }) => survival),
    ['unknown'],
  );
});
