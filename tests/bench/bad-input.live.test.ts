/** Bad input ends with 64 before anything is started, and every mistake is told. */
import assert from 'node:assert/strict';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { emptyCache, run, temporaryFolder } from '../command.ts';

test('wrong words and numbers are told together', async (context) => {
  const out = await temporaryFolder(context);
  const words = ['--strategy', 'rediss', '--scenario', 'stedy', '--preset', 'fast'];
  const numbers = ['--rate', '0', '--durration', '3'];
  const { exitCode, stdout, stderr } = await run('bench', [...words, ...numbers, '--out', out]);
  assert.equal(exitCode, 64);
  assert.equal(stdout, '');
  assert.match(stderr, /There are 5 mistakes/);
  assert.match(stderr, /Did you mean "redis"/);
  assert.match(stderr, /Did you mean "steady"/);
  assert.match(stderr, /unknown preset "fast".*Known: smoke, quick, standard/);
  assert.match(stderr, /"0" is not a rate/);
  assert.match(stderr, /Did you mean "--duration"/);
  assert.match(stderr, /Nothing was started/);
  assert.deepEqual(await readdir(out), []);
});

test('a results folder that cannot be written is a mistake', async (context) => {
  const parent = await temporaryFolder(context);
  const file = path.join(parent, 'a-file');
  await writeFile(file, '');
  await chmod(file, 0o444);
  const { exitCode, stderr } = await run('bench', ['--strategy', 'redis', '--out', path.join(file, 'below')]);
  assert.equal(exitCode, 64);
  assert.match(stderr, /--out: results cannot be written to .*a-file/);
});

test('a dry run prints the plan and leaves nothing', async (context) => {
  const out = path.join(await temporaryFolder(context), 'not-made');
  const args = ['--dry-run', '--strategy', 'redis', '--seed', '5', '--out', out];
  const { exitCode, stdout } = await run('bench', args, emptyCache);
  assert.equal(exitCode, 0);
  assert.match(stdout, /Strategies\s+redis\n/);
  assert.match(stdout, /Seed\s+5\n/);
  assert.match(stdout, /Time\s+about \d+:\d\d/);
  await assert.rejects(readdir(out));
});
