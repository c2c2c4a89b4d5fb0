import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Summary, TrialSummary } from '../../record/summary.ts';
import { cpuNoiseIn, leastCpuNoise } from './cpu-noise.ts';

const trialOf = (app: number | null, strategy = 'redis'): TrialSummary => ({
  number: 1,
  block: 1,
  strategy,
  status: 'valid',
  reasons: [],
  warnings: [],
  promise: null,
  achievedRate: 100,
  readP50Ms: 1,
  readP99Ms: 2,
  writeP50Ms: 1,
  cpuMicrosPerRequest: { generator: 50, balancer: 50, app, store: 50 },
});

const blocks: Summary['design'] = { kind: 'blocks', blocks: 3, rate: null };
const noiseOf = (...apps: readonly (number | null)[]): number =>
  cpuNoiseIn({ design: blocks, trials: apps.map((app) => trialOf(app)) }, 'redis');

test('trials that differ make a run more doubtful, and more of them less', () => {
  // Totals of 300, 400 and 500: their mean is 400, their standard deviation 100.
  const three = noiseOf(200, 300, 400);
  assert.ok(Math.abs(three - (2 * 100) / Math.sqrt(3) / 400) < 1e-12);
  assert.ok(noiseOf(200, 300, 400, 200, 300, 400) < three);
});

test('trials that agree, or are one, or could not be read, say nothing of other runs', () => {
  for (const apps of [[300, 300, 300], [300], [], [300, null]]) assert.equal(noiseOf(...apps), leastCpuNoise);
});

test('trials of other strategies do not count', () => {
  const trials = [trialOf(300), trialOf(300), trialOf(100, 'sticky'), trialOf(900, 'sticky')];
  assert.equal(cpuNoiseIn({ design: blocks, trials }, 'redis'), leastCpuNoise);
  assert.ok(cpuNoiseIn({ design: blocks, trials }, 'sticky') > leastCpuNoise);
});
