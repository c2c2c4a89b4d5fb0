import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { replaceFolder } from './replace-folder.ts';
import { temporaryPlace } from './testing/temporary.ts';

async function place(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(temporaryPlace, 'sb-replace-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const filesOf = (text: string) =>
  new Map([
    ['a.md', text],
    ['run/b.md', text],
  ]);

const left = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).toSorted();

test('a folder is made with those above it, and replaced whole', async (context) => {
  const top = await place(context);
  const folder = path.join(top, 'docs', 'results');
  await replaceFolder(folder, filesOf('old'));
  await writeFile(path.join(folder, 'gone.md'), 'gone');
  await replaceFolder(folder, filesOf('new'));
  assert.deepEqual(await left(path.join(top, 'docs')), [
    'results',
    'results/a.md',
    'results/run',
    'results/run/b.md',
  ]);
  assert.equal(await readFile(path.join(folder, 'run/b.md'), 'utf8'), 'new');
});

test('what was there stays whole where something fails, and nothing lies beside it', async (context) => {
  const top = await place(context);
  const folder = path.join(top, 'results');
  await replaceFolder(folder, filesOf('old'));
  // A file and a folder of one name.
  const broken = new Map([...filesOf('new'), ['a.md/c.md', 'new']]);
  await assert.rejects(replaceFolder(folder, broken), /results could not be written/);
  assert.deepEqual(await left(top), ['results', 'results/a.md', 'results/run', 'results/run/b.md']);
  assert.equal(await readFile(path.join(folder, 'a.md'), 'utf8'), 'old');
});

test('what a killed command left half way is put right by the next one', async (context) => {
  const top = await place(context);
  const folder = path.join(top, 'results');
  await replaceFolder(folder, filesOf('old'));
  // As between its two renames.
  await rename(folder, path.join(top, '.results.session-bench-before'));
  await mkdir(path.join(top, '.results.session-bench-new'));
  const broken = new Map([...filesOf('new'), ['a.md/c.md', 'new']]);
  await assert.rejects(replaceFolder(folder, broken));
  assert.equal(await readFile(path.join(folder, 'a.md'), 'utf8'), 'old');
  // As behind both of them.
  await mkdir(path.join(top, '.results.session-bench-before', 'run'), { recursive: true });
  await replaceFolder(folder, filesOf('new'));
  assert.deepEqual(await left(top), ['results', 'results/a.md', 'results/run', 'results/run/b.md']);
});
