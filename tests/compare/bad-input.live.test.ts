/** Bad input of `compare` and `selftest` ends with 64, and every mistake is told. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { emptyCache, run, temporaryFolder } from '../command.ts';

test('compare: every mistake at once', async (t) => {
  const config = path.join(await temporaryFolder(t), 'gate.json');
  await writeFile(config, JSON.stringify({ gates: {}, gate: { 'reed.p50': '5%', cpuPerRequest: 5 } }));
  const { exitCode, stdout, stderr } = await run('compare', [
    ...['--against', 'no-such-ref-anywhere', '--strategy', 'rediss', '--blocks', '0', '--rate', 'fast'],
    ...['--inconclusive', 'maybe', '--config', config, '--out', '/dev/null/below', '--againts', 'x'],
  ]);
  assert.equal(exitCode, 64);
  assert.equal(stdout, '');
  for (const mistake of [
    /unknown option "--againts"\. Did you mean "--against"/,
    /Did you mean "redis"/,
    /--blocks: "0" is not a number of blocks/,
    /"fast" is not a rate/,
    /unknown choice "maybe".*Known: fail, pass/,
    /gate\.json: gates: unknown key; did you mean "gate"/,
    /gate\.json: gate: reed\.p50: unknown key; did you mean "read\.p50"/,
    /gate\.json: gate: cpuPerRequest: write a budget as a percentage/,
    /--out: results cannot be written/,
    /git knows no commit "no-such-ref-anywhere"/,
  ])
    assert.match(stderr, mistake);
  assert.match(stderr, /Nothing was started/);
});

test('compare: budgets of a file, in a dry run that leaves nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const config = path.join(folder, 'budgets.json');
  await writeFile(config, JSON.stringify({ gate: { 'write.p50': '7.5%' } }));
  const out = path.join(folder, 'not-made');
  const args = ['--against', 'HEAD', '--strategy', 'redis', '--config', config, '--seed', '9', '--out', out];
  const { exitCode, stdout, stderr } = await run('compare', [...args, '--dry-run'], emptyCache);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /Budgets +write\.p50 7\.5 % \(.*budgets\.json\)/);
  assert.match(stdout, /Seed +9\n/);
  assert.match(stdout, /Time +about [0-9]:\d\d,/, 'a strategy takes less than ten minutes');
  await assert.rejects(readdir(out));
});

test('selftest: every mistake at once, and a dry run', async () => {
  const wrong = await run('selftest', [
    '--comparisons',
    '0',
    '--slowdowns',
    '5,lots',
    '--strategy',
    'redsi',
    '--slow',
    '3',
  ]);
  assert.equal(wrong.exitCode, 64);
  assert.match(wrong.stderr, /There are 4 mistakes/);
  assert.match(wrong.stderr, /"5,lots" is no list of slowdowns/);
  assert.match(wrong.stderr, /Did you mean "redis"/);
  const dry = await run('selftest', ['--dry-run', '--slowdowns', '20,2,20', '--seed', '4'], emptyCache);
  assert.equal(dry.exitCode, 0);
  assert.match(
    dry.stdout,
    /30 A\/A comparisons, and 5 each with \+2 %, \+20 % CPU per request; 20 pairs of 1\.2 s/,
  );
});
