import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { diskTrouble } from './unwritable.ts';
import { UserError } from './user-error.ts';
import { createResultsFolder, makeResultsFolder, replaceResult } from './write.ts';

const system = (code: string, cause?: unknown): Error =>
  Object.assign(new Error(`${code}: as the system says it`, { cause }), { code, path: '/tmp/sb-1/2' });

test('what only a disk says ends as such from wherever it comes; what has other causes does not', () => {
  for (const code of ['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO']) {
    const direct = diskTrouble(system(code));
    assert.equal(direct?.kind, 'unwritable');
    assert.match(direct?.message ?? '', /^\/tmp\/sb-1\/2 could not be written: .+\. Make room or/);
    assert.doesNotMatch(direct?.message ?? '', /as the system says it/);
    assert.equal(diskTrouble(new Error('redis did not start', { cause: system(code) }))?.kind, 'unwritable');
  }
  assert.equal(diskTrouble(system('EACCES')), null);
  assert.equal(diskTrouble(new Error('a fault of ours')), null);
  assert.equal(diskTrouble('text'), null);
});

/** Root may write anywhere, and no disk is full on purpose: these are the ways that work for every user. */
test('each way that a file or folder cannot be written is told with its cause, and leaves nothing half', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'file'), 'whole');
  await mkdir(path.join(folder, 'summary.json'));
  const long = 'x'.repeat(300);
  const ways: readonly [RegExp, () => Promise<unknown>][] = [
    [/a folder of that name is there/, () => replaceResult(path.join(folder, 'summary.json'), {})],
    [/a part of the path is no folder/, () => replaceResult(path.join(folder, 'file', 'x'), {})],
    [/its folder is gone/, () => replaceResult(path.join(folder, 'gone', 'x'), {})],
    [/the path is too long/, () => replaceResult(path.join(folder, long), {})],
    [/a file of that name is there/, () => makeResultsFolder(path.join(folder, 'file'))],
    [/a part of the path is no folder/, () => createResultsFolder(path.join(folder, 'file'), 'run')],
    [/the path is too long/, () => createResultsFolder(folder, long)],
  ];
  for (const [why, write] of ways)
    await assert.rejects(write, (error: unknown) => {
      assert.ok(error instanceof UserError && error.kind === 'unwritable', String(error));
      assert.match(error.message, why);
      return true;
    });
  assert.deepEqual((await readdir(folder)).sort(), ['file', 'summary.json']);
});
