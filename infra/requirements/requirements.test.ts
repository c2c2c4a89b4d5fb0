import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { nothingSaid } from '../../servers/contract/topology.ts';
import type { Strategy } from '../runtimes/runtime.ts';
import { twoCores } from './benchmark.ts';
import { askTemporary, folderRequirements } from './folders.ts';
import { askLeftovers } from './leftovers.ts';
import { limitsAnswer } from './limits.ts';
import { coresAnswer } from './machine.ts';
import { examinePrograms } from './programs.ts';
import { examine } from './requirement.ts';

test('a folder that cannot be made is in the way, with another way out', async () => {
  const findings = await examine(folderRequirements('/proc/nonesuch/results', Promise.resolve(true)));
  const results = findings.find(({ name }) => name === 'results folder');
  assert.equal(results?.status, 'bad');
  assert.match(results?.remedy ?? '', /--out/);
});

test('a temporary folder that servers cannot work in is in the way, whatever is wrong with it', async (context) => {
  const own = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  const before = process.env.TMPDIR;
  context.after(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(own, { recursive: true, force: true });
  });
  await chmod(own, 0o711);
  const made = async (name: string) => {
    await mkdir(path.join(own, name), { mode: 0o755 });
    return path.join(own, name);
  };
  const file = path.join(own, 'file');
  await writeFile(file, '');
  const unfit = [
    ...[await made('a b'), await made("it's"), await made('50%'), await made('a#b'), await made('a:b')],
    ...[
      await made('größe'),
      await made('x'.repeat(60)),
      path.join(own, 'missing'),
      'tmp',
      '.',
      file,
      '/proc',
    ],
  ];
  for (const folder of unfit) {
    process.env.TMPDIR = folder;
    const { status, remedy } = await askTemporary();
    assert.equal(status, 'bad', folder);
    assert.match(remedy ?? '', /TMPDIR/);
  }
  process.env.TMPDIR = await made('fit');
  assert.equal((await askTemporary()).status, 'good');
});

test('a question that fails by itself is an answer, and no crash', async () => {
  const ask = () => Promise.reject(new Error('out of luck'));
  const [finding] = await examine([{ name: 'luck', means: 'runs need some', ask }]);
  assert.equal(finding?.status, 'bad');
  assert.match(finding.detail, /out of luck; runs need some/);
});

test('a strategy whose topology asks for what there is not cannot run; others can', async () => {
  const strategy = (name: string, kind: string): Strategy => ({
    name,
    folder: `/strategies/${name}`,
    topology: {
      title: name,
      description: name,
      services: [{ name: 'cache', kind, count: 1, memoryMiB: 64 }],
      balancer: { affinity: 'none' },
      outlasts: nothingSaid,
      traits: null,
      commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
    },
  });
  const { strategies, programs } = await examinePrograms([
    strategy('good', 'redis'),
    strategy('odd', 'nonesuch'),
  ]);
  const [good, odd] = strategies;
  assert.doesNotMatch(good?.detail ?? '', /nonesuch/);
  assert.equal(odd?.status, 'bad');
  assert.match(odd?.detail ?? '', /nonesuch/);
  assert.ok(programs.some(({ name }) => name === 'redis-server'));
});

test('the generator and its target need a core each', async () => {
  const statusOn = async (...cores: number[]) => (await examine([twoCores(async () => cores)]))[0];
  assert.equal((await statusOn(3))?.status, 'bad');
  const found = await statusOn(2, 5, 7);
  assert.deepEqual([found?.status, found?.detail], ['good', '2 for the generator, 5 for its target']);
});

test('what a killed run left is seen, and what belongs to a live one is not', async (context) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  assert.equal((await askLeftovers(folder)).status, 'good');
  const run = path.join(folder, 'sb-1-2-abc');
  await mkdir(run);
  // No process has started before the machine did.
  const owner = { pid: process.pid, startTicks: -1, bootId: 'b', pidNamespace: 'n' };
  await writeFile(path.join(run, 'owner.json'), JSON.stringify(owner));
  const finding = await askLeftovers(folder);
  assert.equal(finding.status, 'later');
  assert.ok(finding.detail.includes(run));
});

test('cores that tiers share, or may share for all that is known, are a hint with what helps', () => {
  const apart = [[0], [1]];
  const cases = [
    [{ shared: false, siblings: apart }, 'good', /^$/],
    [{ shared: true, siblings: apart }, 'hint', /4 physical cores/],
    [{ shared: true, siblings: null }, 'hint', /4 physical cores/],
    [{ shared: false, siblings: null }, 'hint', /\/sys\/devices\/system\/cpu/],
  ] as const;
  for (const [placement, status, remedy] of cases) {
    const answer = coresAnswer({ ...placement, description: 'As placed.' });
    assert.equal(answer.status, status, JSON.stringify(placement));
    assert.match(answer.remedy ?? '', remedy);
    assert.ok(answer.detail.endsWith('As placed.'));
  }
});

test('limits that cannot be read are a hint; those that end a server are in the way, each with what lifts it', () => {
  const limits = (cpu: string, file: string) =>
    `Limit Soft Hard Units\nMax cpu time ${cpu} unlimited seconds\nMax file size ${file} unlimited bytes\n`;
  const cases = [
    ['', 'hint', /Mount \/proc/],
    [limits('unlimited', 'unlimited'), 'good', /^$/],
    [limits('60', 'unlimited'), 'bad', /: ulimit -t unlimited$/],
    [limits('60', '4096'), 'bad', /ulimit -t unlimited; ulimit -f unlimited/],
  ] as const;
  for (const [text, status, remedy] of cases) {
    const answer = limitsAnswer(text);
    assert.equal(answer.status, status, text);
    assert.match(answer.remedy ?? '', remedy);
  }
});

test('a cache whose programs the servers’ user cannot run is in the way, an open one is not', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('servers of other users run as themselves');
  const own = await mkdtemp(path.join(os.tmpdir(), 'sbt-'));
  const before = process.env.SESSION_BENCH_CACHE;
  context.after(async () => {
    if (before === undefined) delete process.env.SESSION_BENCH_CACHE;
    else process.env.SESSION_BENCH_CACHE = before;
    await rm(own, { recursive: true, force: true });
  });
  const standing = async (folder: string, complete: boolean) => {
    process.env.SESSION_BENCH_CACHE = folder;
    const findings = await examine(folderRequirements(own, Promise.resolve(complete)));
    return findings.find(({ name }) => name === 'cache folder')?.status;
  };
  await chmod(own, 0o711);
  assert.equal(await standing(path.join(own, 'not/there/yet'), false), 'good');
  await chmod(own, 0o700);
  assert.equal(await standing(own, false), 'bad');
  assert.equal(await standing(own, true), 'hint', 'all programs are there and were tried');
});
