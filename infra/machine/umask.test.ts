/** What servers under another user read, and pass through on their way, is open to them even where the umask keeps others out. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from './programs/cache.ts';
import { findProgram, systemFolders } from './programs/find.ts';
import { findGo, provisionK6 } from './programs/k6-build.ts';
import { buildRoot } from './programs/unpack.ts';
import { runOrThrow } from './run.ts';
import { RunFolder } from './run-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

process.umask(0o077);

const CLOSED = 0o700;
const PASSABLE = 0o711;
const READABLE = 0o755;

async function assertMode(file: string, least: number): Promise<void> {
  const mode = (await stat(file)).mode & 0o777;
  assert.equal(mode & least, least, `${file} has mode ${mode.toString(8)}`);
}

test('the umask of these tests keeps others out', async (context) => {
  const folder = path.join(temporaryFolder(context), 'plain');
  await mkdir(folder);
  assert.equal((await stat(folder)).mode & 0o777, CLOSED);
});

test('folders of the cache, each that is made on the way', async (context) => {
  const cache = path.join(temporaryFolder(context), 'a');
  await makeFolder(path.join(cache, 'b/c'));
  for (const each of ['', 'b', 'b/c']) await assertMode(path.join(cache, each), READABLE);
});

test('the folder of a run, and of each server in it', async () => {
  const run = new RunFolder();
  try {
    for (const each of [run.folder, run.subfolder()]) await assertMode(each, PASSABLE);
  } finally {
    await run.remove();
  }
});

/** A Debian package is an archive of `ar`, whose heads are columns of text (deb(5), ar(5)). */
const arMember = (name: string, content: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`),
    Buffer.from(`${String(content.length).padEnd(10)}\`\n`),
    content,
  ]);

/** Of one program, and of none of the folders to it, so that they are made as the umask says. */
async function smallPackage(folder: string): Promise<string> {
  const write = async (name: string, content: string | Buffer, mode = 0o644) => {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
    await chmod(path.join(folder, name), mode);
  };
  const tarOf = async (name: string) => {
    const file = path.join(folder, 'made.tar');
    await runOrThrow('tar', ['-cf', file, '-C', folder, name]);
    return await readFile(file);
  };
  await write(
    'control',
    'Package: made\nVersion: 1\nArchitecture: all\nMaintainer: Test\nDescription: made\n',
  );
  await write('usr/bin/made', '#!/bin/sh\n', READABLE);
  const members = [
    arMember('debian-binary', Buffer.from('2.0\n')),
    arMember('control.tar', await tarOf('control')),
    arMember('data.tar', await tarOf('usr/bin/made')),
  ];
  await write('made.deb', Buffer.concat([Buffer.from('!<arch>\n'), ...members]));
  return path.join(folder, 'made.deb');
}

test('packages that are unpacked, with what is in them', async (context) => {
  if (!(await findProgram(['dpkg-deb'], await systemFolders()))) return context.skip('packages are Debian’s');
  const root = path.join(temporaryFolder(context), 'root');
  await buildRoot(root, [await smallPackage(temporaryFolder(context))], []);
  for (const each of ['', 'usr', 'usr/bin', 'usr/bin/made'])
    await assertMode(path.join(root, each), READABLE);
});

test('k6, and the folders to it', async (context) => {
  if ((await findGo()).status === 'lacking') return context.skip('there is no Go here');
  const folder = temporaryFolder(context);
  const [sources, cache] = [path.join(folder, 'module'), path.join(folder, 'cache')];
  await mkdir(sources);
  await writeFile(path.join(sources, 'go.mod'), 'module hello\n\ngo 1.21\n');
  await writeFile(path.join(sources, 'main.go'), 'package main\n\nfunc main() {}\n');
  const k6 = await provisionK6({ sources, cache, progress: () => {} });
  if (k6.status !== 'ready') assert.fail(k6.lack.why);
  for (let each = path.dirname(k6.path); each !== folder; each = path.dirname(each))
    await assertMode(each, READABLE);
});
