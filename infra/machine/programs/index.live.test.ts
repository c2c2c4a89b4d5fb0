import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { environmentFor } from '../environment.ts';
import { type ProgramOptions, runOrThrow, runProgram } from '../run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { hasApt, openApt, parseSimulation } from './apt.ts';
import { cacheFolder } from './cache.ts';
import { type Provision, provisionPrograms } from './index.ts';
import type { Executable, ProgramNeed } from './program.ts';
import { readRoot } from './unpack.ts';

/** Small. */
const memcached: ProgramNeed = {
  name: 'memcached',
  candidates: ['memcached'],
  debianPackages: ['memcached'],
  remedies: { debian: 'sudo apt-get install memcached', other: 'install memcached' },
};
/** Needs libraries that machines without it lack. */
const haproxy: ProgramNeed = {
  name: 'haproxy',
  candidates: ['haproxy'],
  debianPackages: ['haproxy'],
  remedies: { debian: 'sudo apt-get install haproxy', other: 'install haproxy' },
};
const nonesuch: ProgramNeed = {
  name: 'nonesuch',
  candidates: ['nonesuchd', 'nonesuch-server'],
  debianPackages: ['nonesuch-server'],
  remedies: { debian: 'sudo apt-get install nonesuch', other: 'install nonesuch' },
};

const onDebian = (await hasApt()) ? {} : { skip: 'packages are fetched on Debian and systems made from it' };
const silent = () => {};

async function openFolder(context: TestContext): Promise<string> {
  const folder = temporaryFolder(context);
  await chmod(folder, 0o755);
  return folder;
}

async function writeProgram(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(file, '#!/bin/sh\n', { mode: 0o755 });
  return file;
}

/** Fetches memcached into a cache though the machine may have it. */
async function fetchMemcached(cache: string, progress: (line: string) => void = silent): Promise<Executable> {
  const answers = await provisionPrograms([memcached], { progress, cache, folders: [] });
  return executableOf(answers.get('memcached'));
}

function executableOf(answer: Provision | undefined): Executable {
  if (answer?.status !== 'ready') assert.fail(JSON.stringify(answer));
  return answer.executable;
}

async function assertRuns({ path: file, env }: Executable): Promise<void> {
  const { stdout } = await runOrThrow(file, ['--version'], { env: { ...environmentFor('program'), ...env } });
  assert.match(stdout, /^memcached \d/);
}

test('a program of the machine is preferred, the first candidate first, and nothing is fetched', async (context) => {
  const folder = await openFolder(context);
  const cache = path.join(folder, 'cache');
  await writeProgram(path.join(folder, 'early'), 'second');
  const first = await writeProgram(path.join(folder, 'late'), 'first');
  const need: ProgramNeed = { ...nonesuch, candidates: ['first', 'second'] };
  const folders = [path.join(folder, 'early'), path.join(folder, 'late')];
  const answers = await provisionPrograms([need], { progress: silent, cache, folders });
  const expected = { path: first, env: {}, origin: 'system', root: null, version: null };
  assert.deepEqual(executableOf(answers.get('nonesuch')), expected);
  await assert.rejects(stat(cache), { code: 'ENOENT' });
});

test('two programs that want one name are refused', async () => {
  const other = { ...memcached, candidates: ['other'] };
  await assert.rejects(
    provisionPrograms([memcached, other], { progress: silent }),
    /"memcached"; rename one/,
  );
});

test(
  'a missing program is fetched into an empty cache, runs from there, and is found again',
  onDebian,
  async (context) => {
    const cache = path.join(await openFolder(context), 'a', 'cache');
    const lines: string[] = [];
    const fetched = await fetchMemcached(cache, (line) => lines.push(line));
    assert.ok(fetched.root?.startsWith(cache) && fetched.path.startsWith(fetched.root));
    assert.equal(fetched.origin, 'cache');
    await assertRuns(fetched);
    assert.equal(lines.filter((line) => /^Fetching memcached/.test(line)).length, 1, lines.join('\n'));
    assert.equal((await stat(path.dirname(fetched.root ?? ''))).mode & 0o777, 0o755);
    assert.deepEqual(await fetchMemcached(cache, (line) => assert.fail(line)), fetched);
  },
);

test(
  'what is missing on the index is told with a remedy, and the rest is fetched all the same',
  onDebian,
  async (context) => {
    const cache = await openFolder(context);
    const answers = await provisionPrograms([nonesuch, memcached], { progress: silent, cache, folders: [] });
    await assertRuns(executableOf(answers.get('memcached')));
    const answer = answers.get('nonesuch');
    assert.equal(answer?.status, 'lacking');
    if (answer?.status !== 'lacking') return;
    assert.equal(answer.lack.what, 'nonesuchd or nonesuch-server');
    assert.match(answer.lack.why, /not on PATH.*Unable to locate package nonesuch-server/);
    assert.equal(answer.lack.remedy, 'sudo apt-get install nonesuch');
  },
);

test('a cache that cannot be written is told, not thrown', onDebian, async (context) => {
  const file = path.join(await openFolder(context), 'file');
  await writeFile(file, '');
  const answers = await provisionPrograms([memcached], { progress: silent, cache: file, folders: [] });
  const answer = answers.get('memcached');
  assert.ok(answer?.status === 'lacking' && answer.lack.why.includes(file), JSON.stringify(answer));
});

test(
  'a damaged cache is seen, whatever the damage, and repaired; what a killed run left is removed',
  onDebian,
  async (context) => {
    const cache = await openFolder(context);
    const manifest = 'session-bench.json';
    const damages: Readonly<Record<string, (root: string, program: string) => Promise<void>>> = {
      'a file that was cut off': (root, program) => truncate(path.join(root, program), 100),
      'a file that is gone': (root, program) => rm(path.join(root, program)),
      'a folder without its list of files': (root) => rm(path.join(root, manifest)),
      'a list of files that is no list': (root) => writeFile(path.join(root, manifest), '{'),
    };
    const fetched = await fetchMemcached(cache);
    const root = fetched.root ?? assert.fail('it is of the system');
    const program = path.relative(root, fetched.path);
    for (const [title, damage] of Object.entries(damages)) {
      const copy = path.join(await openFolder(context), 'copy');
      // With the times of all files, which are part of what is known of them.
      await runOrThrow('cp', ['-a', root, copy]);
      assert.notEqual(await readRoot(copy), null, 'a copy is as good');
      await damage(copy, program);
      assert.equal(await readRoot(copy), null, title);
    }
    const programs = path.join(cache, 'programs');
    await truncate(fetched.path, 100);
    await mkdir(path.join(programs, '.unfinished-abcdef', 'usr'), { recursive: true });
    await assertRuns(await fetchMemcached(cache));
    const names = await readdir(programs);
    assert.equal(names.length, 1, names.join(' '));
  },
);

/** A process of its own that fetches memcached and prints what it said and found. */
function fetchInProcess(cache: string, options: Pick<ProgramOptions, 'user'> = {}) {
  const module = pathToFileURL(path.join(import.meta.dirname, 'index.ts')).href;
  const script = `
    const { provisionPrograms } = await import(${JSON.stringify(module)});
    const lines = [];
    const answers = await provisionPrograms([${JSON.stringify(memcached)}], {
      progress: (line) => lines.push(line), cache: ${JSON.stringify(cache)}, folders: [],
    });
    console.log(JSON.stringify({ lines, answer: answers.get('memcached') }));`;
  const env = { ...process.env, HOME: path.dirname(cache) };
  return runOrThrow(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: '/',
    env,
    ...options,
  });
}

test('processes that fetch at the same time fetch once', onDebian, async (context) => {
  const cache = path.join(await openFolder(context), 'cache');
  const results = await Promise.all([1, 2, 3].map(() => fetchInProcess(cache)));
  const outcomes = results.map(({ stdout }) => JSON.parse(stdout));
  const lines = outcomes.flatMap((outcome) => outcome.lines);
  for (const { answer } of outcomes) await assertRuns(executableOf(answer));
  assert.equal(lines.filter((line) => line.startsWith('Fetching memcached')).length, 1, lines.join('\n'));
});

test('a user without rights fetches too', onDebian, async (context) => {
  if (process.getuid?.() !== 0) return context.skip('this whole test run is such a user');
  const nobody = { uid: 65_534, gid: 65_534 };
  const here = path.join(import.meta.dirname, 'index.ts');
  const mayRead = await runProgram('test', ['-r', here], { user: nobody, cwd: '/' });
  if (mayRead.exitCode !== 0) return context.skip(`${here} is closed to other users`);
  const folder = await openFolder(context);
  const home = path.join(folder, 'home');
  await runOrThrow('install', ['-d', '-o', '65534', '-g', '65534', home]);
  const { stdout } = await fetchInProcess(path.join(home, 'cache'), { user: nobody });
  await assertRuns(executableOf(JSON.parse(stdout).answer));
});

test('lists of packages of its own serve where the system has none', onDebian, async (context) => {
  const folder = await openFolder(context);
  const apt = await openApt({ folder, lists: 'own', notInstalled: new Set(['memcached']) });
  const packages = await apt.closure(['memcached']);
  const own = packages.filter(({ name }) => name === 'memcached');
  assert.equal(own.length, 1);
  const [file = ''] = await apt.download(own);
  assert.match(path.basename(file), /^memcached_.*\.deb$/);
});

test('the output of a simulation is read, and the C library left out', () => {
  const output = `Reading package lists...
Inst libc6 [2.36-9] (2.36-10 Debian:12/stable [amd64])
Inst libfoo:i386 (1:1.0-1 Debian:12/stable [i386])
Inst redis-server [5:6] (5:7.0.15-1~deb12u10 Debian:12.15/oldstable [amd64]) []
Conf redis-server (5:7.0.15-1~deb12u10 Debian:12.15/oldstable [amd64])`;
  assert.deepEqual(parseSimulation(output), [
    { name: 'libfoo:i386', version: '1:1.0-1' },
    { name: 'redis-server', version: '5:7.0.15-1~deb12u10' },
  ]);
});

test('the cache folder is the one that was named, and otherwise one that servers under another user can reach', () => {
  assert.equal(cacheFolder({ SESSION_BENCH_CACHE: '/somewhere', XDG_CACHE_HOME: '/xdg' }), '/somewhere');
  const isRoot = process.getuid?.() === 0;
  assert.equal(
    cacheFolder({ XDG_CACHE_HOME: '/xdg' }),
    isRoot ? '/var/cache/session-bench' : '/xdg/session-bench',
  );
});

test(
  'several programs come in one download, each with the libraries that the machine lacks',
  onDebian,
  async (context) => {
    const cache = await openFolder(context);
    const lines: string[] = [];
    const answers = await provisionPrograms([haproxy, memcached], {
      progress: (line) => lines.push(line),
      cache,
      folders: [],
    });
    await assertRuns(executableOf(answers.get('memcached')));
    const { path: file, env } = executableOf(answers.get('haproxy'));
    assert.match(
      (await runOrThrow(file, ['-v'], { env: { ...environmentFor('program'), ...env } })).stdout,
      /^HAProxy version/,
    );
    assert.equal(lines.length, 1, lines.join('\n'));
  },
);
