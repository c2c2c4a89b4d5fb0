import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readRun } from '../../record/read/run.ts';
import { defaultRule } from '../../record/rule.ts';
import { judgedMetrics, reportRule } from '../facts/comparisons.ts';
import { writeComparedRun } from '../fixtures/compared-run.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { clopperPearson } from '../statistics/distributions/beta.ts';
import { smallestDetectable } from '../statistics/power.ts';
import { smallestEffectOfRun } from '../statistics/smallest-effect.ts';
import { pairsOfRun, resample } from './resample-trials.ts';
import { simulate as simulateAllPairs } from './simulate-all-pairs.ts';
import { simulate } from './simulate-comparisons.ts';
import { simulateRuns } from './simulate-runs.ts';
import { simulateStarts } from './simulate-starts.ts';

test('an effect of the smallest detectable size is found about as often as promised', () => {
  for (const [spread, metrics] of [
    [0.05, 2],
    [0.1, 8],
  ] as const) {
    const effect = Math.expm1(smallestDetectable(spread, 12, metrics, defaultRule));
    const { found, comparisons } = simulate({ pairs: 12, spread, metrics, effect, noise: 'normal' }, 300, 4);
    const { low, high } = clopperPearson(found, comparisons, 0.99);
    assert.ok(low < 0.85 && high > 0.75, `${found} of ${comparisons} at SD ${spread}`);
  }
});

test('a run finds what its plan promises about as often as the rule says', () => {
  const spread = 0.05;
  for (const [strategies, blocks] of [
    [2, 3],
    [2, 12],
    [3, 3],
    [7, 2],
    [7, 3],
    [12, 5],
  ] as const) {
    const ratio = smallestEffectOfRun({ strategies, blocks, metrics: 4 }, spread, reportRule);
    assert.ok(ratio !== null);
    const cell = { strategies, blocks, spread, noise: 'normal' } as const;
    const { found } = simulateAllPairs(cell, ratio - 1, reportRule.level, 200, 4);
    assert.ok(found > 0.74 && found < 0.86, `${found} of ${strategies} strategies in ${blocks} blocks`);
  }
});

test('false alarms stay below 1 in 300 comparisons, and effects are found (simulated)', () => {
  const aa = simulate({ pairs: 12, spread: 0.05, metrics: 8, effect: 0, noise: 'normal' }, 1500, 1);
  assert.ok(clopperPearson(aa.falseAlarms, 1500).high < 1 / 300, String(aa.falseAlarms));
  const ten = simulate({ pairs: 12, spread: 0.03, metrics: 8, effect: 0.1, noise: 'normal' }, 150, 2);
  assert.ok(clopperPearson(ten.found, 150).low > 0.9, String(ten.found));
  const twenty = simulate({ pairs: 12, spread: 0.05, metrics: 8, effect: 0.2, noise: 'normal' }, 150, 3);
  assert.ok(clopperPearson(twenty.found, 150).low > 0.9, String(twenty.found));
});

test('simulated runs of equal strategies are called different less often than the level allows, and three blocks find +50 %', () => {
  for (const blocks of [3, 12]) {
    const runs = 10;
    const equal = simulateRuns({ blocks, spread: 0.1, effect: 0 }, runs, 5);
    assert.equal(equal.equalPairs, runs * 60);
    assert.ok(clopperPearson(equal.falseAlarms, runs).low <= reportRule.level, String(equal.falseAlarms));
  }
  const unequal = simulateRuns({ blocks: 3, spread: 0.03, effect: 0.5 }, 2, 5);
  assert.deepEqual([unequal.found, unequal.unequalPairs], [30, 30]);
});

test('runs put together from real pairs are as noisy as these, and equal', async (context) => {
  const folder = path.join(await temporaryFolder(context), 'run');
  const options = { blocks: 6, measureSeconds: 1, rate: 60 };
  const pairs = pairsOfRun(await readRun(await writeComparedRun(folder, {}, options)));
  assert.deepEqual([pairs.length, pairs[0]?.length], [6, judgedMetrics.length]);
  const runs = 8;
  const size = { strategies: 3, blocks: 3 };
  const { falseAlarms, comparisons, same } = resample(pairs, size, runs, 1);
  assert.equal(comparisons, runs * 3 * judgedMetrics.length);
  assert.ok(clopperPearson(falseAlarms, runs).low <= reportRule.level && same < comparisons);
  const quiet = pairs.map((pair) => pair.map(() => 0));
  assert.equal(resample(quiet, size, 2, 1).same, 2 * 3 * judgedMetrics.length);
});

test('pairs that share a start raise no alarm in the gate, and hide no change of twice the budget', () => {
  const gate = { starts: 18, pairsOfStart: 2, between: 0.03, within: 0.03, budget: 0.05 };
  assert.equal(simulateStarts({ ...gate, effect: 0 }, 8, 3), 0);
  assert.ok(simulateStarts({ ...gate, effect: 0.1 }, 8, 3) >= 7);
});
