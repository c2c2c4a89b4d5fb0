import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { findRun } from './stored-runs.ts';

const id = '20261119-080000-aaaa';

/** A folder with one run, a file beside it, a link to nowhere, and one to itself. */
async function place(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, 'results', id), { recursive: true });
  await writeFile(path.join(folder, 'results', id, 'run.json'), '{}');
  await symlink('gone', path.join(folder, 'nowhere'));
  await symlink('loop', path.join(folder, 'loop'));
  return folder;
}

async function mistakeOf(run: string | undefined, results: string): Promise<string> {
  const found = await findRun(run, results);
  return found.status === 'mistakes' ? found.mistakes.join('\n') : assert.fail(`found ${found.value}`);
}

test('what is typed and leads to no run is told by what it is, whether or not there are runs', async (t) => {
  const folder = await place(t);
  const long = 'x'.repeat(5000);
  const cases = [
    [path.join(folder, 'nosuch'), 'there is no folder "'],
    [path.join(folder, 'nowhere'), 'there is no folder "'],
    [path.join(folder, 'results', id, 'run.json', 'x'), 'there is no folder "'],
    [path.join(folder, 'results', id, 'run.json'), '" is a file, and a run is a folder'],
    ['/dev/null', '" is a file, and a run is a folder'],
    [path.join(folder, 'loop'), '" cannot be looked at (ELOOP)'],
    [long, '" cannot be looked at (ENAMETOOLONG)'],
    ['20261119-080000-aaab', 'there is no run "20261119-080000-aaab" under '],
    ['', 'name a run: its id or its folder'],
    [' ', 'name a run: its id or its folder'],
  ] as const;
  for (const [typed, expected] of cases)
    for (const results of ['results', 'empty'].map((name) => path.join(folder, name))) {
      const mistake = await mistakeOf(typed, results);
      assert.ok(mistake.includes(expected), mistake);
      const there = results.endsWith('empty') ? 'no runs under' : id;
      assert.ok(typed.trim() === '' || mistake.includes(there), mistake);
    }
  assert.match(await mistakeOf(undefined, path.join(folder, 'empty')), /^there are no runs under/);
});

test('a run by its id and by its folder', async (t) => {
  const results = path.join(await place(t), 'results');
  for (const typed of [id, path.join(results, id), undefined]) {
    const found = await findRun(typed, results);
    assert.ok(found.status === 'ok' && path.basename(found.value) === id, `${typed}`);
  }
});
