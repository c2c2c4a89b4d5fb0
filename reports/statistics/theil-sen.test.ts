import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupedInversions } from './distributions/kendall.ts';
import { seededRandom } from './random.ts';
import { type Point, theilSen, theilSenSlope } from './theil-sen.ts';

const near = (actual: number, expected: number, what = '') =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected} ${what}`,
  );

/** All orders of the items. */
function orders(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((first, i) =>
    orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}

test('pairs in the wrong order are counted as by hand, over all orders', () => {
  for (const groups of [[1, 1, 1], [1, 1, 1, 1], [2, 2], [2, 2, 2], [3, 1, 2], [5], [1, 6]]) {
    const places = groups.flatMap((size, group) => Array.from({ length: size }, () => group));
    const all = orders(places.map((_, i) => i));
    const counts = new Map<number, number>();
    for (const order of all) {
      const pairs = order.flatMap((value, i) =>
        order.slice(i + 1).map((other, j) => Number(places[i] !== places[i + 1 + j] && value > other)),
      );
      const wrong = pairs.reduce((sum, each) => sum + each, 0);
      counts.set(wrong, (counts.get(wrong) ?? 0) + 1);
    }
    const shares = groupedInversions(groups);
    for (const [wrong, share] of shares.entries())
      near(share, (counts.get(wrong) ?? 0) / all.length, `${groups.join()} ${wrong}`);
    assert.ok(Math.max(...counts.keys()) < shares.length);
  }
});

const points = fc.array(
  fc.record({ x: fc.constantFrom(0, 1, 5, 20), y: fc.integer({ min: -1000, max: 1000 }) }),
  { minLength: 2, maxLength: 12 },
);

test('what is added to all does not matter, and a slope that is added is found', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -50, max: 50 }), (all, b, a) => {
      const before = theilSen(all, 0.95);
      const after = theilSen(
        all.map(({ x, y }) => ({ x, y: y + a + b * x })),
        0.95,
      );
      assert.equal(before === null, new Set(all.map(({ x }) => x)).size < 2);
      assert.equal(after === null, before === null);
      if (!before || !after) return;
      near(after.slope, before.slope + b);
      near(after.low, before.low + b);
      near(after.high, before.high + b);
      assert.ok(before.low <= before.slope && before.slope <= before.high);
    }),
  );
});

test('the order of points does not matter', () => {
  fc.assert(
    fc.property(points, (all) => assert.deepEqual(theilSen(all.toReversed(), 0.95), theilSen(all, 0.95))),
  );
});

const line = (slope: number, passes = 2): Point[] =>
  Array.from({ length: passes }, () => [0, 1, 5, 20])
    .flat()
    .map((x) => ({ x, y: 0.8 + slope * x }));

test('points on a line have its slope, and one or two that lie far off do not move it', () => {
  for (const slope of [0, 1, 2]) {
    near(theilSen(line(slope), 0.95)?.slope ?? Number.NaN, slope);
    for (const [i, far] of [
      [0, 40],
      [3, -15],
      [6, 90],
    ] as const) {
      const bent = line(slope).map(({ x, y }, at) => ({ x, y: at === i ? y + far : y }));
      near(theilSen(bent, 0.95)?.slope ?? Number.NaN, slope);
    }
  }
});

test('few points carry less than the level, and say how much', () => {
  near(theilSen(line(1, 1), 0.95)?.coverage ?? 0, 1 - 2 / 24);
  assert.equal(theilSen(line(1, 1).slice(0, 2), 0.95)?.coverage, 0);
  assert.equal(theilSen(line(1, 1).slice(0, 1), 0.95), null);
  assert.ok((theilSen(line(1, 2), 0.95)?.coverage ?? 0) >= 0.95);
});

test('the interval holds the slope as often as it says, where the noise has long tails', () => {
  const { normal, uniform } = seededRandom(11);
  const rounds = 2000;
  let held = 0;
  let coverage = 0;
  for (let round = 0; round < rounds; round += 1) {
    const noisy = line(1).map(({ x, y }) => ({ x, y: y + normal() * (uniform() < 0.1 ? 8 : 0.4) }));
    const found = theilSen(noisy, 0.95) ?? assert.fail();
    coverage = found.coverage;
    if (found.low <= 1 && 1 <= found.high) held += 1;
  }
  const spread = Math.sqrt((coverage * (1 - coverage)) / rounds);
  assert.ok(Math.abs(held / rounds - coverage) < 5 * spread, `${held / rounds} instead of ${coverage}`);
});

test('the slope alone is that of the interval', () => {
  fc.assert(
    fc.property(points, (all) => {
      const slope = theilSenSlope(
        all.map(({ x }) => x),
        all.map(({ y }) => y),
      );
      assert.equal(slope, theilSen(all, 0.95)?.slope ?? null);
    }),
  );
});
