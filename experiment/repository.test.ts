/** Whether a working tree is what its commit says, in a small repository. */
import assert from 'node:assert/strict';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { runOrThrow } from '../infra/machine/run.ts';
import { workingTree } from './repository.ts';
import { temporaryFolder } from './testing/fake-run.ts';

test('a working tree is dirty with any change, unknown where git was told not to look, else clean', async (t) => {
  const folder = await temporaryFolder(t);
  const me = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];
  const git = async (...args: readonly string[]) =>
    (await runOrThrow('git', ['-C', folder, ...me, ...args])).stdout;
  const at = (file: string) => path.join(folder, file);
  assert.deepEqual(await workingTree(folder), { commit: null, dirty: null }, 'no repository');
  await git('init', '--quiet', '--initial-branch', 'main');
  await writeFile(at('.gitignore'), 'ignored\n');
  await writeFile(at('store.ts'), '');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'all');
  const commit = await git('rev-parse', 'HEAD');
  const edit = () => appendFile(at('store.ts'), '// edited\n');
  const cases: readonly (readonly [what: string, change: () => Promise<unknown>, dirty: boolean | null])[] = [
    ['nothing', async () => {}, false],
    ['an ignored file', () => writeFile(at('ignored'), ''), false],
    ['an edit', edit, true],
    ['an edit that is staged', () => edit().then(() => git('add', '--all')), true],
    ['a file that is gone', () => rm(at('store.ts')), true],
    ['a new file', () => writeFile(at('new.ts'), ''), true],
    [
      'a new file where a person wants to see none',
      async () => {
        await git('config', 'status.showUntrackedFiles', 'no');
        await writeFile(at('new.ts'), '');
      },
      true,
    ],
    [
      'an edit that git does not see',
      () => git('update-index', '--assume-unchanged', 'store.ts').then(edit),
      null,
    ],
    [
      'an edit of a file that is not to be there',
      () => git('update-index', '--skip-worktree', 'store.ts').then(edit),
      null,
    ],
    [
      'a file that is not there and not to be there',
      async () => {
        await git('update-index', '--skip-worktree', 'store.ts');
        await rm(at('store.ts'));
      },
      false,
    ],
  ];
  for (const [what, change, dirty] of cases) {
    await change();
    assert.deepEqual(await workingTree(folder), { commit, dirty }, what);
    await git('update-index', '--no-assume-unchanged', '--no-skip-worktree', 'store.ts').catch(() => {});
    await git('reset', '--quiet', '--hard', commit);
    await git('clean', '--quiet', '--force', '-x');
  }
});
