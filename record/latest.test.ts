import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Link, pointLatest, readLatest } from './latest.ts';
import { createResultsFolder } from './write.ts';

const [OLD, NEW] = ['20261119-080000-aaaa', '20261120-080000-bbbb'];

/** Two runs, side by side. */
async function results(context: TestContext): Promise<string> {
  const out = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rm(out, { recursive: true, force: true }));
  for (const id of [OLD, NEW]) await mkdir(path.join(out, id));
  return out;
}

const refused = (code: string) => Object.assign(new Error(code), { code });
/** As FAT and some network drives answer. */
const noLinks: Link = async () => {
  throw refused('EPERM');
};

interface Case {
  readonly name: string;
  put(latest: string): Promise<void>;
  readonly link?: Link;
  readonly moves: boolean;
}

const cases: readonly Case[] = [
  { name: 'nothing', put: async () => {}, moves: true },
  { name: 'a link to an older run', put: (latest) => symlink(OLD, latest), moves: true },
  { name: 'a link to what is gone', put: (latest) => symlink('20261101-080000-gone', latest), moves: true },
  { name: 'a file of ours', put: (latest) => writeFile(latest, `${OLD}\n`), moves: true },
  { name: 'nothing, without links', put: async () => {}, link: noLinks, moves: true },
  {
    name: 'a file of ours, without links',
    put: (latest) => writeFile(latest, `${OLD}\n`),
    link: noLinks,
    moves: true,
  },
  {
    name: 'a folder with files',
    async put(latest) {
      await mkdir(latest);
      await writeFile(path.join(latest, 'run.json'), '{}');
    },
    moves: false,
  },
  { name: 'an empty folder', put: async (latest) => void (await mkdir(latest)), moves: false },
  { name: "somebody's file", put: (latest) => writeFile(latest, 'notes of mine\nand more\n'), moves: false },
];

for (const { name, put, link, moves } of cases)
  test(`latest is ${name}: ${moves ? 'it moves' : 'it stays, and the run is told'}`, async (context) => {
    const out = await results(context);
    const latest = path.join(out, 'latest');
    await put(latest);
    const before = moves ? null : await lstat(latest);
    const told = await pointLatest(out, NEW, link);
    if (moves) {
      assert.equal(told, null);
      assert.equal(await readLatest(out), path.join(out, NEW));
    } else {
      assert.equal((await lstat(latest)).ino, before?.ino);
      assert.match(told ?? '', /left alone/);
      assert.ok(told?.includes(path.join(out, NEW)));
      assert.equal(await readLatest(out), null);
    }
    assert.deepEqual((await readdir(out)).sort(), [OLD, NEW, 'latest']);
  });

test('where nothing can be written beside the runs, that is told and nothing is left', async (context) => {
  const out = await results(context);
  const told = await pointLatest(path.join(out, 'gone'), NEW);
  assert.match(told ?? '', /could not be pointed at this run \(ENOENT\)/);
  if (process.getuid?.() === 0) return;
  await chmod(out, 0o555);
  assert.match((await pointLatest(out, NEW)) ?? '', /\(EACCES\)/);
  await chmod(out, 0o755);
});

test('a new run takes latest only where it leads nowhere, and is made whatever stands there', async (context) => {
  const out = await results(context);
  await createResultsFolder(out, 'first');
  assert.equal(await readLatest(out), path.join(out, 'first'));
  const second = await createResultsFolder(out, 'second');
  assert.equal(await readLatest(out), path.join(out, 'first'), 'it has nothing to show yet');
  assert.equal(await second.pointLatest(), null);
  assert.equal(await readLatest(out), second.path);
  await rm(path.join(out, 'latest'));
  await mkdir(path.join(out, 'latest'));
  const third = await createResultsFolder(out, 'third');
  assert.deepEqual(await readdir(third.path), ['trials']);
  await rm(path.join(out, 'latest'), { recursive: true });
  await pointLatest(out, 'third', noLinks);
  assert.equal(await readFile(path.join(out, 'latest'), 'utf8'), 'third\n');
});
