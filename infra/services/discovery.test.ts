import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runOrThrow } from '../machine/run.ts';
import { temporaryFolder } from '../machine/testing/temporary-folder.ts';

const definition = JSON.stringify(pathToFileURL(path.join(import.meta.dirname, 'definition.ts')).href);

const kind = (name: string, tier = 'store') => `
  import { defineService } from ${definition};
  export default defineService({ kind: '${name}', tier: '${tier}', configured: () => assert.fail() });`;

async function folderWith(context: TestContext, kinds: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder(context);
  for (const [name, content] of Object.entries(kinds)) {
    await mkdir(path.join(folder, name));
    await writeFile(path.join(folder, name, 'index.ts'), content);
  }
  return folder;
}

/** What each name gives in a process that is told of the folders: the kind's name, or the error's message. */
async function lookUp(folders: readonly string[], names: readonly string[]): Promise<readonly string[]> {
  const index = JSON.stringify(path.join(import.meta.dirname, 'index.ts'));
  const script = `
    const { serviceKind } = await import(${index});
    const answer = (name) => { try { return serviceKind(name).kind } catch (error) { return error.message } };
    console.log(JSON.stringify(${JSON.stringify(names)}.map(answer)));`;
  const { stdout } = await runOrThrow(process.execPath, ['--input-type=module', '--eval', script], {
    env: { SESSION_BENCH_SERVICES: folders.join(path.delimiter) },
  });
  return JSON.parse(stdout);
}

test('kinds are found in our folder and in those that are named', async (context) => {
  const folder = await folderWith(context, {
    'my-cache': kind('my-cache'),
    'no-kind': 'export const x = 1;',
  });
  const [mine, own, none] = await lookUp([folder], ['my-cache', 'redis', 'no-kind']);
  assert.deepEqual([mine, own], ['my-cache', 'redis']);
  assert.match(none ?? '', /no service kind is named "no-kind"; there are memcached, my-cache, mysql/);
});

test('a kind that is wrong is answered with what is wrong, and the others serve', async (context) => {
  const folder = await folderWith(context, {
    broken: 'export default {',
    misnamed: kind('other'),
    proxy: kind('proxy', 'balancer'),
    plain: 'export default { kind: "plain" };',
    redis: kind('redis'),
    fine: kind('fine'),
  });
  const names = ['broken', 'misnamed', 'proxy', 'plain', 'redis', 'fine', 'nothing'];
  const answers = await lookUp([folder, '/nonexistent'], names);
  const expected = [
    /broken\/index\.ts cannot be read: /,
    /misnamed\/index\.ts describes the kind "other", and its folder must have that name/,
    /proxy\/index\.ts must come from defineService, with the tier "store"/,
    /plain\/index\.ts must come from defineService/,
    /two kinds are named "redis"; rename .*redis/,
    /^fine$/,
    /\/nonexistent, which does not exist/,
  ];
  expected.forEach((pattern, index) => void assert.match(answers[index] ?? '', pattern));
});
