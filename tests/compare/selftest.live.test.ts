/** `npm run selftest` on real servers: what it keeps, and that the slower side is slowed down. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { selftestRecord } from '../../record/selftest.ts';
import { run, temporaryFolder } from '../command.ts';

test('one A/A comparison and one slowdown are measured, judged, counted and kept', async (t) => {
  const out = await temporaryFolder(t);
  const { exitCode, stdout, stderr } = await run('selftest', [
    ...['--comparisons', '1', '--slowed', '1', '--slowdowns', '300', '--slow', 'both', '--blocks', '1'],
    ...['--duration', '1', '--rate', '100', '--seed', '3', '--out', out],
  ]);
  const [id] = await readdir(path.join(out, 'selftests'));
  assert.ok(id);
  const folder = path.join(out, 'selftests', id);
  const record = selftestRecord.parse(JSON.parse(await readFile(path.join(folder, 'selftest.json'), 'utf8')));
  if (record.baselineMicros === null) {
    // On a busy machine no trial is valid, and what a request costs cannot be known.
    assert.equal(exitCode, 2, stdout + stderr);
    assert.match(
      stderr,
      /What a request costs could not be measured: .+ Try again when the machine is quieter/,
    );
    assert.equal(record.status, 'failed');
    return;
  }
  assert.equal(record.status, 'finished', stderr);
  // One pair can be no verdict: nothing is called, so the slowdown is not found either.
  assert.equal(exitCode === 1 || exitCode === 2, true, `${exitCode}`);
  assert.deepEqual(
    record.comparisons.map(({ slow, addedShare, run: name }) => [slow, addedShare, name]),
    [
      ['cpu', 0, 'comparisons/001'],
      ['cpu', 3, 'comparisons/002'],
      ['latency', 3, 'comparisons/003'],
    ],
  );
  const [, slowed, late] = record.comparisons;
  assert.equal(slowed?.addedMicros, 3 * record.baselineMicros);
  assert.equal(late?.addedMicros, 3 * Number(record.baselineReadMicros));
  const ratioOf = (comparison: typeof slowed, wanted: string) =>
    comparison?.results.find(({ metric }) => metric === wanted)?.verdict.ratio;
  const [cpu, read] = [ratioOf(slowed, 'cpuPerRequest'), ratioOf(late, 'read.p50')];
  if (cpu) assert.ok(cpu > 1.5, `three times more work showed as a factor of ${cpu}`);
  if (read) assert.ok(read > 1.5, `a store that answers later showed as a factor of ${read}`);
  assert.match(stdout, /nothing \(A\/A\)/);
  assert.match(
    await readFile(path.join(folder, 'selftest.md'), 'utf8'),
    /\| \+300 % CPU per request \| 1 \|/,
  );
});
