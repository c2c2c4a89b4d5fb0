import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Strategy } from '../runtimes/runtime.ts';
import { folderRequirements } from './folders.ts';
import { askLeftovers } from './leftovers.ts';
import { examinePrograms } from './programs.ts';
import { examine } from './requirement.ts';

test('a folder that cannot be made is in the way, with another way out', async () => {
  const findings = await examine(folderRequirements('/proc/nonesuch/results', Promise.resolve(true)));
  const results = findings.find(({ name }) => name === 'results folder');
  assert.equal(results?.status, 'bad');
  assert.match(results?.remedy ?? '', /--out/);
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
