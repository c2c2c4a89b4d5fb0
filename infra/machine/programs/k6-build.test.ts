import assert from 'node:assert/strict';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { runOrThrow } from '../run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { findK6, type K6Provision, provisionK6 } from './k6-build.ts';

/** A Go module that is built in a second in place of k6, and a cache of its own. */
async function temporaryModule(context: TestContext) {
  const folder = temporaryFolder(context);
  const sources = path.join(folder, 'module');
  await mkdir(sources);
  const write = (name: string, text: string) => writeFile(path.join(sources, name), text);
  await write('go.mod', 'module hello\n\ngo 1.21\n');
  await write('main.go', programThatPrints('first'));
  const lines: string[] = [];
  const options = {
    sources,
    cache: path.join(folder, 'cache'),
    progress: (line: string) => lines.push(line),
  };
  return { write, lines, options };
}

const programThatPrints = (text: string) => `package main\n\nfunc main() { println("${text}") }\n`;

function ready(provision: K6Provision) {
  if (provision.status !== 'ready') assert.fail(provision.lack.why);
  return provision;
}

function whyLacking(provision: K6Provision): string {
  if (provision.status !== 'lacking') assert.fail(`found ${provision.path}`);
  assert.ok(provision.lack.remedy.length > 0);
  return provision.lack.why;
}

const printed = async (file: string) => (await runOrThrow(file, [])).stderr;

test('built once, found again, and built anew when a source changes', async (context) => {
  const { write, options } = await temporaryModule(context);
  assert.equal(await findK6(options), null);
  const first = ready(await provisionK6(options));
  assert.equal(first.origin, 'built');
  assert.equal(await printed(first.path), 'first');
  assert.deepEqual(await provisionK6(options), { ...first, origin: 'cache' });
  assert.equal(await findK6(options), first.path);

  await write('main_test.go', 'package main\n');
  assert.equal(ready(await provisionK6(options)).origin, 'cache', 'tests are no part of the program');

  await write('main.go', programThatPrints('second'));
  assert.equal(await findK6(options), null);
  const second = ready(await provisionK6(options));
  assert.equal(await printed(second.path), 'second');
  assert.notEqual(second.path, first.path);
});

test('a binary that was cut off is built again', async (context) => {
  const { options } = await temporaryModule(context);
  const { path: file } = ready(await provisionK6(options));
  await truncate(file, 10);
  assert.equal(ready(await provisionK6(options)).origin, 'built');
  assert.equal(await printed(file), 'first');
});

test('who asks at the same time waits for the one build', async (context) => {
  const { lines, options } = await temporaryModule(context);
  const provisions = await Promise.all([provisionK6(options), provisionK6(options), provisionK6(options)]);
  assert.deepEqual(provisions.map((each) => ready(each).origin).sort(), ['built', 'cache', 'cache']);
  assert.equal(lines.filter((line) => line.startsWith('Building k6 with')).length, 1, lines.join('\n'));
});

test('a build that fails shows what Go said, and leaves nothing', async (context) => {
  const { write, options } = await temporaryModule(context);
  await write('main.go', 'package main\n\nfunc main() { undefinedThing() }\n');
  assert.match(whyLacking(await provisionK6(options)), /go build failed:[\s\S]*undefined: undefinedThing/);
  assert.deepEqual(await readdir(path.join(options.cache, 'k6')), []);
});

test('no Go, too old a Go, no sources, and a cache that cannot be written are told apart', async (context) => {
  const { write, options } = await temporaryModule(context);
  assert.match(whyLacking(await provisionK6({ ...options, folders: ['/nonexistent'] })), /Go, .*not on PATH/);
  assert.match(whyLacking(await provisionK6({ ...options, sources: '/nonexistent' })), /sources are missing/);
  const file = path.join(options.sources, 'go.mod');
  assert.match(whyLacking(await provisionK6({ ...options, cache: file })), /cannot be put into the cache/);
  await write('go.mod', 'module hello\n\ngo 9.99\n');
  assert.match(whyLacking(await provisionK6(options)), /Go cannot build it: .*9\.99/);
});
