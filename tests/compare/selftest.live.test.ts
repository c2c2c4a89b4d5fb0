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
    ...['--comparisons', '1', '--slowed', '1', '--slowdowns', '300', '--blocks', '1'],
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
    record.comparisons.map(({ addedShare, run: name }) => [addedShare, name]),
    [
      [0, 'comparisons/001'],
      [3, 'comparisons/001'],
    ],
  );
  assert.equal(record.comparisons[1]?.addedMicros, 3 * record.baselineMicros);
  const [, slowed] = record.comparisons;
  const cpu = slowed?.results.find(({ metric }) => metric === 'cpuPerRequest')?.verdict;
  if (cpu?.ratio) assert.ok(cpu.ratio > 1.5, `three times more work showed as a factor of ${cpu.ratio}`);
  assert.match(stdout, /nothing \(A\/A\)/);
  assert.match(
    await readFile(path.join(folder, 'selftest.md'), 'utf8'),
    /\| \+300 % CPU per request \| 1 \|/,
  );
});
