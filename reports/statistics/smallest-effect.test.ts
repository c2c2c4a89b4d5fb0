/** What a plan may promise. That it is found as often as promised is simulated in reports/research/simulate.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fewestBlocks, smallestEffectOfRun } from './smallest-effect.ts';

const rule = { level: 0.03, confidence: 0.97, floor: 0.05, power: 0.8 };
const size = { blocks: 3, strategies: 7, metrics: 4 };

test('a run that can find nothing promises nothing', () => {
  for (const few of [{ blocks: 1 }, { blocks: 0 }, { strategies: 1 }, { strategies: 0 }])
    assert.equal(smallestEffectOfRun({ ...size, ...few }, 0.05, rule), null, JSON.stringify(few));
  assert.equal(smallestEffectOfRun({ blocks: 2, strategies: 2, metrics: 4 }, 40, rule), null);
});

test('without noise a run finds what exceeds the floor, from two strategies and the fewest blocks on', () => {
  for (const strategies of [2, 3, 12])
    assert.equal(smallestEffectOfRun({ blocks: fewestBlocks, strategies, metrics: 1 }, 0, rule), 1.05);
});

test('more blocks, less noise, fewer metrics and a wider level find less', () => {
  const found = (changed: Partial<typeof size>, spread = 0.05, level = 0.03): number =>
    smallestEffectOfRun({ ...size, ...changed }, spread, { ...rule, level }) ?? Number.POSITIVE_INFINITY;
  for (const strategies of [2, 3, 7, 12])
    for (let blocks = fewestBlocks; blocks < 20; blocks += 1)
      assert.ok(found({ strategies, blocks }) > found({ strategies, blocks: blocks + 1 }));
  assert.ok(found({}, 0.04) < found({}));
  assert.ok(found({ metrics: 2 }) < found({}));
  assert.ok(found({}, 0.05, 0.05) < found({}));
});
