import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { comparison as schema } from '../../record/gate.ts';
import { readRun } from '../../record/read/run.ts';
import type { RunRecord } from '../../record/run.ts';
import { writeComparedRun } from '../fixtures/compared-run.ts';
import { writeFaultsRun } from '../fixtures/faults.ts';
import { inventedStrategies, type RunFolderOptions, writeRunFolder } from '../fixtures/run-folder.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import type { Budget } from './budgets.ts';
import { compareRuns } from './two-runs.ts';

const budgets: readonly Budget[] = [
  { metric: 'read.p50', share: 0.05 },
  { metric: 'cpuPerRequest', share: 0.05 },
];
const redis = inventedStrategies.filter(({ name }) => name === 'redis');

async function twoRuns(t: TestContext, a: RunFolderOptions, b: RunFolderOptions) {
  const parent = await temporaryFolder(t);
  const small = { strategies: redis, blocks: 12, measureSeconds: 1, rate: 900 };
  const first = await writeRunFolder(path.join(parent, 'run-a'), { ...small, seed: 1, ...a });
  const second = await writeRunFolder(path.join(parent, 'run-b'), { ...small, seed: 2, ...b });
  return { a: await readRun(first), b: await readRun(second), first, second };
}

const codes = (findings: readonly { readonly code: string; readonly severity: string }[], severity: string) =>
  findings.filter((each) => each.severity === severity).map(({ code }) => code);

test('a slower second run is a regression, and what two times cannot tell is said', async (t) => {
  const slower = redis.map((each) => ({ ...each, readMicros: each.readMicros * 1.3 }));
  const { a, b } = await twoRuns(t, {}, { strategies: slower });
  const comparison = schema.parse(compareRuns(a, b, budgets));
  assert.equal(comparison.outcome, 'regression');
  assert.match(comparison.answer, /redis: run run-b's read p50 is \d+–\d+ % higher than run run-a's/);
  assert.ok(codes(comparison.findings, 'warning').includes('different-times'));
  assert.equal(compareRuns(b, a, budgets).outcome, 'ok');
});

test('two runs of one commit are told as such, and may be compared for something else', async (t) => {
  const at = (commit: string, dirty: boolean) => ({
    run: (record: RunRecord): RunRecord => ({ ...record, tool: { ...record.tool, commit, dirty } }),
  });
  const { a, b } = await twoRuns(t, at('c', false), at('c', false));
  const same = compareRuns(a, b, budgets);
  assert.ok(codes(same.findings, 'note').includes('same-code'));
  const { a: clean, b: changed } = await twoRuns(t, at('c', false), at('c', true));
  assert.ok(!codes(compareRuns(clean, changed, budgets).findings, 'note').includes('same-code'));
});

test('different work and different machines are refused, every difference with both values', async (t) => {
  const other = (record: RunRecord): RunRecord => ({
    ...record,
    scenario: { ...record.scenario, name: 'login-storm', sessions: 500, payloadBytes: 10 },
    host: { ...record.host, cpuModel: 'Another CPU', cores: 8 },
    placement: { ...record.placement, cores: { generator: [0], balancer: [1], app: [2, 3], store: [4] } },
    plan: { ...record.plan, apps: 4 },
  });
  const { a, b } = await twoRuns(t, {}, { rate: 950, run: other });
  const comparison = schema.parse(compareRuns(a, b, budgets));
  assert.equal(comparison.outcome, 'invalid');
  assert.deepEqual(comparison.results, []);
  assert.deepEqual(codes(comparison.findings, 'alarm'), [
    'different-scenario',
    'different-rate',
    'different-sessions',
    'different-payload',
    'different-apps',
    'different-placement',
    'different-processor',
    'different-cores',
  ]);
  assert.match(
    comparison.answer,
    /^No verdict: The runs differ in their scenario: steady and login-storm, and 7 other causes\.$/,
  );
});

test('what may be without effect is told, and compared all the same', async (t) => {
  const other = (record: RunRecord): RunRecord => ({
    ...record,
    host: { ...record.host, hostname: 'another', kernel: '6.2.0' },
    versions: record.versions.map((each) => ({ ...each, version: '9.9' })),
    strategies: record.strategies.map((each) => ({
      ...each,
      versions: each.versions.map((version) => ({ ...version, version: '8.0.0' })),
    })),
  });
  const { a, b } = await twoRuns(t, {}, { run: other, measureSeconds: 2 });
  const comparison = compareRuns(a, b, budgets);
  assert.equal(comparison.results.length, 2);
  assert.deepEqual(codes(comparison.findings, 'warning'), [
    'different-servers',
    'different-host-name',
    'different-kernel',
    'different-duration',
    'different-versions',
    'different-times',
  ]);
});

test('fewer blocks on one side, and strategies that one side lacks', async (t) => {
  const { a, b } = await twoRuns(
    t,
    { strategies: inventedStrategies.slice(0, 3), blocks: 3 },
    { blocks: 12 },
  );
  const comparison = compareRuns(a, b, budgets);
  assert.equal(comparison.outcome, 'inconclusive');
  assert.equal(comparison.blocks, 3);
  assert.ok(codes(comparison.findings, 'note').includes('uneven-blocks'));
  assert.ok(codes(comparison.findings, 'warning').includes('not-in-both'));
  const named = compareRuns(a, b, budgets, ['redis', 'sticky']);
  assert.equal(named.outcome, 'invalid');
  assert.ok(codes(named.findings, 'alarm').includes('not-in-both'));
});

test('trials that are gone are told, and the rest is compared', async (t) => {
  const { a, second } = await twoRuns(t, {}, {});
  await rm(path.join(second, 'trials/003-redis'), { recursive: true });
  await rm(path.join(second, 'trials/005-redis/histograms.jsonl'));
  const comparison = compareRuns(a, await readRun(second), budgets);
  assert.deepEqual(
    comparison.results.map(({ verdict }) => [verdict.pairs, verdict.missing]),
    [
      [10, 2],
      [10, 2],
    ],
  );
  assert.ok(codes(comparison.findings, 'warning').includes('unreadable-trial'));
});

test('a run of compare holds two sides and is judged alone', async (t) => {
  const { a } = await twoRuns(t, {}, {});
  const compared = await readRun(await writeComparedRun(path.join(await temporaryFolder(t), 'run')));
  const { outcome, findings } = compareRuns(a, compared, budgets);
  assert.equal(outcome, 'invalid');
  assert.ok(codes(findings, 'alarm').includes('is-comparison'));
});

test('a run of faults has no numbers to compare', async (t) => {
  const folder = await temporaryFolder(t);
  const faults = await readRun(await writeFaultsRun(path.join(folder, 'run')));
  const { outcome, findings, results } = compareRuns(faults, faults, budgets);
  assert.deepEqual([outcome, results], ['invalid', []]);
  assert.ok(codes(findings, 'alarm').includes('is-faults'));
});
