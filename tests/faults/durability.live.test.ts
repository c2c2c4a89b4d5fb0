/** Real servers that are killed under load: what is not on a disk is gone, and what is acknowledged there is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultResult } from '../../record/faults.ts';
import { assertRan, readResults, run, temporaryFolder } from '../command.ts';

test('a kill of Redis loses every session, and none with a file that is flushed at each write', async (t) => {
  const out = await temporaryFolder(t);
  const ended = await run('bench', [
    ...['--faults', 'store-kill', '--strategy', 'redis,redis@aof-always'],
    ...['--preset', 'smoke', '--sessions', '200', '--rate', '100', '--seed', '7', '--out', out],
  ]);
  assertRan(ended);
  const { summary, trials } = await readResults(out);
  assert.ok(summary.design.kind === 'faults');
  const of = (name: string): FaultResult =>
    (summary.design.kind === 'faults' ? summary.design.results : []).find(
      ({ strategy, trial }) => strategy === name && trial !== null,
    ) ?? assert.fail(`no valid trial of ${name}: ${JSON.stringify(trials.map(({ reasons }) => reasons))}`);
  const [plain, flushed] = [of('redis'), of('redis@aof-always')];
  assert.equal(plain.survival, 'harmed');
  assert.ok(plain.sessions && plain.sessions.lost >= 0.9 * plain.sessions.of, JSON.stringify(plain.sessions));
  assert.deepEqual([flushed.survival, flushed.why], ['survived', []]);
  assert.deepEqual([plain.asExpected, flushed.asExpected], [true, true]);
  assert.equal(ended.exitCode, 0);
});
