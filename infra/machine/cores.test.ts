import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { allowedCores, parseCoreList, readCores } from './cores.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, core) => core);

/** A folder of devices with these files. */
async function devicesWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'sb-cores-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), `${text}\n`);
  }
  return folder;
}

/** One file for each core, with what the core's number comes to. */
const perCore = (count: number, file: string, textOf: (core: number) => string | number) =>
  Object.fromEntries(upTo(count).map((core) => [`system/cpu/cpu${core}/${file}`, String(textOf(core))]));

test('a list of cores is read as the kernel writes it', () => {
  assert.deepEqual(parseCoreList('0-3,8\n'), [0, 1, 2, 3, 8]);
  assert.deepEqual(parseCoreList('5'), [5]);
});

test('this machine allows at least one core', async () => {
  assert.ok((await allowedCores()).length >= 1);
});

test('siblings are read as they lie, those of other owners included; where one core is silent they are unknown', async (t) => {
  const across = perCore(8, 'topology/core_cpus_list', (core) => `${core % 4},${(core % 4) + 4}`);
  const beside = perCore(4, 'topology/thread_siblings_list', (core) => (core < 2 ? '0-1' : '2-3'));
  const cases = [
    {
      files: across,
      allowed: upTo(8),
      siblings: [
        [0, 4],
        [1, 5],
        [2, 6],
        [3, 7],
      ],
    },
    {
      files: across,
      allowed: [1, 2, 6],
      siblings: [
        [1, 5],
        [2, 6],
      ],
    },
    {
      files: beside,
      allowed: upTo(4),
      siblings: [
        [0, 1],
        [2, 3],
      ],
    },
    { files: beside, allowed: upTo(5), siblings: null },
    { files: {}, allowed: [0], siblings: null },
  ];
  for (const { files, allowed, siblings } of cases)
    assert.deepEqual((await readCores(allowed, await devicesWith(t, files))).siblings, siblings);
});

test('kinds are read from what the machine has of counters, capacities and frequencies; else they are unknown', async (t) => {
  const intel = { 'cpu_core/cpus': '0-3', 'cpu_atom/cpus': '4-7' };
  const arm = perCore(8, 'cpu_capacity', (core) => (core < 4 ? 446 : 1024));
  const favoured = perCore(4, 'cpufreq/cpuinfo_max_freq', (core) => (core === 1 ? 5_800_000 : 5_500_000));
  const compact = perCore(4, 'cpufreq/cpuinfo_max_freq', (core) => (core < 2 ? 5_100_000 : 3_300_000));
  const cases = [
    { files: intel, count: 8, kinds: { performance: [0, 1, 2, 3], efficiency: [4, 5, 6, 7] } },
    { files: intel, count: 3, kinds: { performance: [0, 1, 2] } },
    { files: intel, count: 9, kinds: null },
    { files: arm, count: 8, kinds: { 'capacity 1024': [4, 5, 6, 7], 'capacity 446': [0, 1, 2, 3] } },
    { files: perCore(2, 'cpu_capacity', () => 1024), count: 2, kinds: { 'capacity 1024': [0, 1] } },
    { files: favoured, count: 4, kinds: { '5.8 GHz': [0, 1, 2, 3] } },
    { files: compact, count: 4, kinds: { '5.1 GHz': [0, 1], '3.3 GHz': [2, 3] } },
    { files: perCore(2, 'cpu_capacity', () => 0), count: 2, kinds: null },
    { files: {}, count: 2, kinds: null },
  ];
  for (const { files, count, kinds: expected } of cases) {
    const { kinds } = await readCores(upTo(count), await devicesWith(t, files));
    assert.deepEqual(kinds && Object.fromEntries(kinds.map(({ name, cores }) => [name, cores])), expected);
  }
});
