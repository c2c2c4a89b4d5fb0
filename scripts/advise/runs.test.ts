import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { evidenceFrom } from '../../advice/evidence/from-runs.ts';
import type { RunRecord } from '../../record/run.ts';
import { writeCapacityRun } from '../../reports/fixtures/capacity.ts';
import { writeComparedRun } from '../../reports/fixtures/compared-run.ts';
import {
  inventedStrategies,
  type RunFolderOptions,
  writeRunFolder,
} from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { verificationOf, verifiedStrategy } from '../../reports/fixtures/verification.ts';
import { writeReports } from '../../reports/index.ts';
import { type Grounds, namedRuns, newestRuns } from './runs.ts';

const small: RunFolderOptions = { blocks: 1, measureSeconds: 1, rate: 200 };

const strategyOf = ({ runs }: Pick<Grounds, 'runs'>, name: string) =>
  evidenceFrom(runs).strategies.find((each) => each.name === name) ?? assert.fail(name);

async function made(
  folder: string,
  change: (record: RunRecord) => RunRecord,
  options = small,
): Promise<string> {
  return await writeRunFolder(folder, { ...options, run: change });
}

test('evidence is made of a run at a rate and a search, each with what is missing', async (context) => {
  const results = await temporaryFolder(context);
  const blocks = await writeRunFolder(path.join(results, 'a'), small);
  const search = await writeCapacityRun(path.join(results, 'b'), [
    'redis',
    'sticky',
    'mysql',
    'redis-cluster',
  ]);
  const grounds = await namedRuns([blocks]);
  const redis = strategyOf(grounds, 'redis');
  assert.ok(redis.load.kind === 'measured' && redis.load.value.status === 'answered');
  assert.equal(redis.load.value.rate, 200);
  assert.ok(redis.load.value.cpuMicros.store !== null && redis.load.value.memoryBytes.store !== null);
  assert.equal(strategyOf(grounds, 'sticky').load.kind, 'measured');
  for (const part of [redis.capacity, redis.footprint, redis.survival])
    assert.ok(part.kind === 'missing' && part.command.includes('--strategy redis'));
  const searched = await namedRuns([search]);
  const { capacity } = strategyOf(searched, 'redis');
  assert.ok(capacity.kind === 'measured' && capacity.value[0]?.answer.low === 897);
  // No search can be relied on that says nothing.
  assert.equal(strategyOf(searched, 'redis-cluster').capacity.kind, 'missing');
});

test('the times of other runs are kept beside those of the run that servers are counted by', async (context) => {
  const results = await temporaryFolder(context);
  const blocks = await writeRunFolder(path.join(results, 'a'), small);
  const search = await writeCapacityRun(path.join(results, 'b'), ['redis', 'sticky']);
  const { load, alsoSeen } = strategyOf(await namedRuns([blocks, search]), 'redis');
  assert.ok(load.kind === 'measured' && load.value.status === 'answered');
  assert.ok(load.value.cpuNoise >= 0.05);
  assert.equal(alsoSeen.length, 1);
  assert.notEqual(alsoSeen[0]?.run, load.run);
  assert.deepEqual(strategyOf(await namedRuns([blocks]), 'redis').alsoSeen, []);
});

test('a strategy without servers of its own has no store, whether a run has 0 of it or nothing', async (context) => {
  const folder = await writeRunFolder(path.join(await temporaryFolder(context), 'a'), small);
  const { runs } = await namedRuns([folder]);
  const zero: Grounds['runs'] = runs.map(({ record, summary: { strategies, design, trials } }) => ({
    record,
    summary: {
      design,
      trials,
      strategies: strategies.map((each) =>
        each.name === 'sticky'
          ? {
              ...each,
              cpuMicrosPerRequest: { ...each.cpuMicrosPerRequest, store: 0 },
              memoryBytes: { ...each.memoryBytes, store: 0 },
            }
          : each,
      ),
    },
  }));
  for (const grounds of [runs, zero]) {
    const { load } = strategyOf({ runs: grounds }, 'sticky');
    assert.ok(load.kind === 'measured' && load.value.status === 'answered');
    assert.deepEqual([load.value.cpuMicros.store, load.value.memoryBytes.store], [null, null]);
  }
});

const unlike: readonly (readonly [what: string, change: (record: RunRecord) => RunRecord])[] = [
  ['processor', (record) => ({ ...record, host: { ...record.host, cpuModel: 'another' } })],
  ['number of cores', (record) => ({ ...record, host: { ...record.host, cores: record.host.cores + 2 } })],
  ['virtualization', (record) => ({ ...record, host: { ...record.host, virtualization: 'another' } })],
  ['memory', (record) => ({ ...record, host: { ...record.host, memoryBytes: record.host.memoryBytes * 4 } })],
  ['runtime', (record) => ({ ...record, runtime: record.runtime === 'docker' ? 'native' : 'docker' })],
  [
    'balancer, Node.js and k6',
    (record) => ({ ...record, versions: [{ product: 'HAProxy', version: '0', nodes: 1, origin: '/' }] }),
  ],
  [
    'servers of redis',
    (record) => ({
      ...record,
      strategies: record.strategies.map((each) => ({
        ...each,
        versions: each.versions.map((version) => ({ ...version, version: '0' })),
      })),
    }),
  ],
  ['payload', (record) => ({ ...record, scenario: { ...record.scenario, payloadBytes: 9 } })],
];

for (const [what, change] of unlike)
  test(`runs that differ in their ${what} are refused together, with both values`, async (context) => {
    const results = await temporaryFolder(context);
    const options = { ...small, strategies: inventedStrategies.slice(1, 2) };
    const first = await writeRunFolder(path.join(results, 'a'), options);
    const second = await made(
      path.join(results, 'b'),
      (record) => change({ ...record, runId: 'other' }),
      options,
    );
    await assert.rejects(namedRuns([first, second]), (error: Error) => error.message.includes(what));
  });

test('a run of two sides is refused', async (context) => {
  const folder = await writeComparedRun(path.join(await temporaryFolder(context), 'a'), {}, { blocks: 1 });
  await assert.rejects(namedRuns([folder]), /two versions of the code/);
});

test('where none is named the newest run counts, with those that fit it; others are told', async (context) => {
  const results = await temporaryFolder(context);
  const options = (from: number, to: number) => ({
    ...small,
    strategies: inventedStrategies.slice(from, to),
  });
  const dated = (runId: string) => (record: RunRecord) => ({
    ...record,
    runId,
    startedAt: `2026-11-${runId.slice(6, 8)}T00:00:00.000Z`,
  });
  await made(
    path.join(results, '20261101-000000-aaaa'),
    (record) => unlike[0]?.[1](dated('20261101-000000-aaaa')(record)) ?? record,
    options(0, 1),
  );
  await made(path.join(results, '20261102-000000-aaaa'), dated('20261102-000000-aaaa'), options(0, 1));
  await made(path.join(results, '20261103-000000-aaaa'), dated('20261103-000000-aaaa'), options(1, 2));
  const grounds = await newestRuns(results);
  assert.deepEqual(
    evidenceFrom(grounds.runs).strategies.map(({ name }) => name),
    ['redis', 'sticky'],
  );
  assert.equal(grounds.remarks.length, 1);
  assert.match(grounds.remarks[0] ?? '', /20261101-000000-aaaa was left out.*processor/);
});

test('a folder without runs, or with none that counts, says what to do', async (context) => {
  await assert.rejects(newestRuns(await temporaryFolder(context)), /npm run bench/);
});

test('summary.json is enough where trials are not kept, and an unreadable one is told anew', async (context) => {
  const folder = await writeRunFolder(path.join(await temporaryFolder(context), 'a'), small);
  const fresh = evidenceFrom((await namedRuns([folder])).runs);
  await writeReports(folder);
  assert.deepEqual(evidenceFrom((await namedRuns([folder])).runs), fresh);
  await writeFile(path.join(folder, 'summary.json'), '{"schemaVersion": 1}');
  assert.deepEqual(evidenceFrom((await namedRuns([folder])).runs), fresh);
});

async function verified(results: string, id: string, version: string): Promise<string> {
  const folder = path.join(results, 'verifications', id);
  await mkdir(folder, { recursive: true });
  const servers = [{ product: 'Redis', version, nodes: 1, origin: '/' }];
  const strategies = [
    { ...verifiedStrategy('redis', { 'end-user': 'broken' }, ['end-user', 'logout']), versions: servers },
  ];
  const record = { ...verificationOf(strategies), id, startedAt: `2026-11-${id.slice(6, 8)}T00:00:00.000Z` };
  await writeFile(path.join(folder, 'verification.json'), JSON.stringify(record));
  return folder;
}

test('the newest verifications of the servers that were measured are evidence; those of others are not', async (context) => {
  const results = await temporaryFolder(context);
  await writeRunFolder(path.join(results, '20261101-000000-aaaa'), small);
  await verified(results, '20261102-000000-aaaa', '7.0.15');
  await verified(results, '20261103-000000-aaaa', '8.0.0');
  const { runs, verifications } = await newestRuns(results);
  assert.deepEqual(
    verifications.map(({ id }) => id),
    ['20261102-000000-aaaa'],
  );
  const { strategies, runs: told } = evidenceFrom(runs, verifications);
  const { security } = strategies.find(({ name }) => name === 'redis') ?? assert.fail();
  assert.ok(security.kind === 'measured');
  assert.deepEqual(
    security.value.map(({ check, outcome }) => `${check} ${outcome}`),
    ['end-user broken', 'logout holds'],
  );
  assert.ok(told.some(({ kind }) => kind === 'verification'));
});

test('a verification that is named must be of the servers that were measured, and is no run', async (context) => {
  const results = await temporaryFolder(context);
  const run = await writeRunFolder(path.join(results, 'a'), small);
  const [same, other] = [
    await verified(results, '20261102-000000-aaaa', '7.0.15'),
    await verified(results, '20261103-000000-aaaa', '8.0.0'),
  ];
  assert.equal((await namedRuns([run, same])).verifications.length, 1);
  await assert.rejects(namedRuns([run, other]), /servers of redis/);
  await assert.rejects(namedRuns([same]), /name a run beside it/);
});

test('many runs of one design take no place of another', async (context) => {
  const results = await temporaryFolder(context);
  const names = Array.from({ length: 14 }, (_, day) => `202611${String(day + 10)}-000000-aaaa`);
  const one = { ...small, strategies: inventedStrategies.slice(0, 1) };
  await writeCapacityRun(path.join(results, '20261101-000000-aaaa'), ['redis']);
  for (const runId of names) await made(path.join(results, runId), (record) => ({ ...record, runId }), one);
  const { runs } = await newestRuns(results);
  assert.equal(runs.filter(({ record }) => record.design.kind === 'blocks').length, 12);
});
