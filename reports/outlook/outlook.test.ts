import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { judgedMetrics, reportRule } from '../facts/comparisons.ts';
import { inventedStrategies, type RunFolderOptions, writeRunFolder } from '../fixtures/run-folder.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { smallestEffectOfRun } from '../statistics/smallest-effect.ts';
import { assumedNoise, noiseOf } from './noise.ts';
import { sightWords } from './sight.ts';

const small = { strategies: inventedStrategies.slice(0, 3), blocks: 4, measureSeconds: 2, rate: 200 };

async function runWith(t: TestContext, options: RunFolderOptions) {
  const folder = path.join(await temporaryFolder(t), 'run');
  return readRun(await writeRunFolder(folder, { ...small, ...options }));
}

/** CPU time that is so many times as long in every tier. */
const dearer =
  (times: (record: TrialRecord) => number) =>
  (record: TrialRecord): TrialRecord => {
    const { balancer, app, store } = record.usage;
    const scaled = (tier: TrialRecord['usage']['app']) =>
      tier && { ...tier, cpuMicros: tier.cpuMicros * times(record) };
    const usage = { ...record.usage, balancer: scaled(balancer), app: scaled(app), store: scaled(store) };
    return { ...record, usage };
  };

test('the noise of stored runs is that of pairs, whatever strategies and blocks cost', async (t) => {
  // Alternates by ±4 % within every block; of three strategies and four blocks, 6 degrees of freedom are left.
  const sign = ({ number, block }: TrialRecord) => ((number + Math.floor(block / 2)) % 3) - 1;
  const quiet = await runWith(t, { trial: dearer(({ block }) => 1 + block / 10) });
  const loud = await runWith(t, { trial: dearer((each) => (1 + each.block / 10) * (1 + 0.04 * sign(each))) });
  const [small, large, both] = [[quiet], [loud], [quiet, loud]].map((runs) =>
    noiseOf(runs).get('cpuPerRequest'),
  );
  assert.ok(small !== undefined && large !== undefined && both !== undefined);
  assert.ok(small < 0.03 && large > 0.055 && large < 0.1, `${small} ${large}`);
  assert.ok(Math.abs(both - Math.sqrt((small ** 2 + large ** 2) / 2)) < 1e-9);
});

test('runs that are too short to know the noise say nothing of it', async (t) => {
  assert.equal(noiseOf([]).size, 0);
  assert.equal(noiseOf([await runWith(t, { blocks: 1 })]).size, 0);
  const alone = { strategies: inventedStrategies.slice(0, 1) };
  assert.equal(noiseOf([await runWith(t, alone)]).size, 0);
  const invalid = (record: TrialRecord): TrialRecord => ({ ...record, status: 'invalid' });
  assert.equal(noiseOf([await runWith(t, { trial: invalid })]).size, 0);
  const two = await runWith(t, { strategies: inventedStrategies.slice(0, 2), blocks: 3 });
  assert.equal(noiseOf([two]).size, 0);
  assert.equal(noiseOf([two, two]).size, judgedMetrics.length);
});

test('operations that the scenario lacks have no noise', () => {
  assert.deepEqual([...assumedNoise({ login: 1, read: 0, write: 0 }).keys()], ['cpuPerRequest']);
  assert.equal(assumedNoise({ read: 0.8, write: 0.2 }).size, judgedMetrics.length);
});

test('what is told is what the statistics find, in words', () => {
  const size = { blocks: 3, strategies: 7 };
  const noise = new Map([
    ['cpuPerRequest', 0.05],
    ['read.p99', 0.5],
    ['write.p50', 1.5],
  ] as const);
  const ratio = (spread: number) => smallestEffectOfRun({ ...size, metrics: 3 }, spread, reportRule) ?? 0;
  const percent = Math.round((ratio(0.05) - 1) * 100);
  const told = sightWords(size, noise, 'as assumed');
  assert.ok(told.startsWith(`differences of about ${percent} % in CPU per request, `), told);
  assert.match(told, /\d+(\.\d)?× in read p99, and more than 100× in write p50 \(as assumed\)$/);
});

const blind = [
  [{ blocks: 3, strategies: 1 }, /one strategy/],
  [{ blocks: 3, strategies: 0 }, /one strategy/],
  [{ blocks: 1, strategies: 7 }, /1 block .*--blocks 2/],
] as const;

test('what can find nothing says so, and why', () => {
  for (const [size, expected] of blind)
    assert.match(sightWords(size, assumedNoise({ read: 1 }), 'x'), expected);
});

test('more blocks find smaller differences, and larger ones beside more noise', () => {
  const percent = (blocks: number, spread: number): number =>
    Number(
      /about (\d+) %/.exec(sightWords({ blocks, strategies: 4 }, new Map([['read.p50', spread]]), ''))?.[1],
    );
  for (const [few, many] of [
    [2, 3],
    [3, 5],
    [5, 12],
    [12, 100],
  ] as const)
    assert.ok(percent(many, 0.06) < percent(few, 0.06), `${few} ${many}`);
  assert.ok(percent(5, 0.03) < percent(5, 0.06));
});
