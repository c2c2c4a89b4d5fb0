import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateSeconds, mostSeconds, Pace } from './estimate.ts';
import type { BlocksDesign, Plan, SidesDesign } from './plan.ts';
import { searchDesign } from './search/plan.ts';
import { parseSlo } from './search/slo.ts';
import { idleSeconds, outlived } from './seeding.ts';
import { settingFor } from './testing/fake-run.ts';

function planOf(sessions: number, payloadBytes = 1700): Plan<BlocksDesign> {
  const setting = settingFor('redis');
  return {
    ...setting,
    workload: { ...setting.workload, sessions, payloadBytes },
    design: { kind: 'blocks', blocks: 3, rate: { mode: 'auto' }, fewestReads: 0 },
  };
}

test('an estimate grows with the population and its payload, once for each trial', () => {
  const seeding = (sessions: number, payload?: number) =>
    estimateSeconds(planOf(sessions, payload)) - estimateSeconds(planOf(1));
  assert.ok(seeding(1_000) < 3);
  const million = seeding(1_000_000);
  assert.ok(million > 3 * 60 && million < 3 * 1000, `${million} s`);
  assert.ok(Math.abs(seeding(2_000_000) / million - 2) < 0.01);
  assert.ok(seeding(1_000_000, 65_536) > 2 * million);
});

test('every design is estimated with its seeding', () => {
  const slo = parseSlo('p99<50ms');
  assert.ok(slo.status === 'valid');
  const [few, many] = [planOf(1_000), planOf(1_000_000)];
  const search = searchDesign(slo.slo);
  const { blocks, rate } = few.design;
  const code = { label: '', commit: null, dirty: null, digest: null };
  const sides: SidesDesign = {
    kind: 'sides',
    command: 'compare',
    blocks,
    rate,
    baseline: code,
    candidate: code,
    pairs: [],
    apps: new Map(),
    blocksPerDeployment: 3,
  };
  for (const design of [few.design, search, sides])
    assert.ok(estimateSeconds({ ...many, design }) > estimateSeconds({ ...few, design }) + 100, design.kind);
  assert.ok(mostSeconds(many, 10) > mostSeconds(few, 10) + 1000);
});

test('what a strategy has shown goes before what is usual, and a seeding before a burst', () => {
  const plan = planOf(1_000_000);
  const pace = new Pace(plan);
  const usual = pace.trialSeconds('redis');
  pace.afterBurst('redis', 1_000);
  assert.ok(pace.trialSeconds('redis') - usual > 500);
  assert.equal(pace.trialSeconds('mysql'), usual);
  const around = pace.trialSeconds('redis') - 1_000;
  pace.afterTrial({ strategy: 'redis', timings: { seed: 50_000 } });
  assert.ok(Math.abs(pace.trialSeconds('redis') - around - 50) < 1e-6);
  pace.afterBurst('redis', 1);
  pace.afterTrial({ strategy: 'redis', timings: {} });
  assert.ok(Math.abs(pace.trialSeconds('redis') - around - 50) < 1e-6, 'neither says more');
});

test('sessions live longer than the slowest trial takes, and as usual where that is enough', () => {
  assert.equal(idleSeconds(planOf(1_000)), 3600);
  assert.equal(idleSeconds(planOf(10_000)), 3600);
  assert.ok(idleSeconds(planOf(1_000_000)) >= 2 * 10_000);
  assert.ok(idleSeconds({ ...planOf(1), measureSeconds: 3600 }) >= 2 * 2 * 3600);
});

test('a trial that took longer than its sessions live is told, wherever the time went', () => {
  assert.deepEqual(outlived({ thaw: 9e9, seed: 3_000_000, measure: 500_000 }, 3600), []);
  for (const step of ['seed', 'warmup', 'measure', 'drain'])
    assert.deepEqual(
      outlived({ seed: 1_000, [step]: 3_700_000 }, 3600).map(({ code }) => code),
      ['sessions-expired'],
    );
});
