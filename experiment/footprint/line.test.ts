import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FootprintPoint } from '../../record/footprint.ts';
import { bytesAt, fitsOf, lineThrough, type Weighing } from './line.ts';

const weighing = fc.record({
  sessions: fc.integer({ min: 0, max: 10_000_000 }),
  // No process is smaller.
  bytes: fc.integer({ min: 100_000, max: 100_000_000_000 }),
});
const several = fc.uniqueArray(weighing, {
  minLength: 2,
  maxLength: 8,
  selector: ({ sessions }) => sessions,
});

const near = (actual: number, expected: number, share = 1e-6) =>
  assert.ok(
    Math.abs(actual - expected) <= share * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );

test('what lies on a line gives that line', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000_000, max: 1_000_000_000 }),
      fc.integer({ min: 10, max: 20_000 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 2, maxLength: 6 }),
      (fixed, each, sizes) => {
        fc.pre(Math.max(...sizes) - Math.min(...sizes) > 1_000);
        const line = lineThrough(sizes.map((sessions) => ({ sessions, bytes: fixed + each * sessions })));
        near(line.fixedBytes, fixed, 1e-3);
        near(line.bytesPerSession, each, 1e-3);
      },
    ),
  );
});

test('nothing takes less than nothing, and no weighing makes a line that is no number', () => {
  fc.assert(
    fc.property(several, (weighings) => {
      const { fixedBytes, bytesPerSession } = lineThrough(weighings);
      assert.ok(fixedBytes >= 0 && bytesPerSession >= 0, `${fixedBytes} ${bytesPerSession}`);
      assert.ok(Number.isFinite(fixedBytes) && Number.isFinite(bytesPerSession));
    }),
  );
});

test('weighing all in another unit gives the same line in that unit', () => {
  fc.assert(
    fc.property(several, fc.integer({ min: 2, max: 1_000 }), (weighings, factor) => {
      const [plain, scaled] = [
        weighings,
        weighings.map((each) => ({ ...each, bytes: each.bytes * factor })),
      ].map((all) => lineThrough(all));
      for (const { sessions } of weighings)
        near(
          bytesAt(scaled ?? assert.fail(), sessions),
          factor * bytesAt(plain ?? assert.fail(), sessions),
          1e-3,
        );
    }),
  );
});

test('the order of the weighings says nothing', () => {
  fc.assert(
    fc.property(several, (weighings) => {
      const [there, back] = [lineThrough(weighings), lineThrough(weighings.toReversed())];
      near(there.fixedBytes, back.fixedBytes, 1e-3);
      near(there.bytesPerSession, back.bytesPerSession, 1e-3);
    }),
  );
});

/** By hand. */
const golden: readonly (readonly [readonly Weighing[], number, number])[] = [
  [
    [
      { sessions: 0, bytes: 1_000_000 },
      { sessions: 1_000, bytes: 2_000_000 },
    ],
    1_000_000,
    1_000,
  ],
  // Falls: its mean, weighted by 1/y².
  [
    [
      { sessions: 0, bytes: 2_000_000 },
      { sessions: 1_000, bytes: 1_000_000 },
    ],
    1_200_000,
    0,
  ],
  // Through nothing: Σ(x/y) / Σ(x²/y²) of 1/1000 and 1/1500.
  [
    [
      { sessions: 1_000, bytes: 1_000_000 },
      { sessions: 2_000, bytes: 3_000_000 },
    ],
    0,
    1_153.846153846154,
  ],
];

for (const [weighings, fixed, each] of golden)
  test(`${JSON.stringify(weighings)} is ${fixed} bytes and ${each} for each`, () => {
    const line = lineThrough(weighings);
    near(line.fixedBytes, fixed);
    near(line.bytesPerSession, each);
  });

const point = (
  sessions: number,
  storeMemory: number | null,
  storeDisk: number | null = null,
): FootprintPoint => ({
  sessions,
  weighed: { storeMemory, storeCounted: null, storeDisk, appMemory: null, appCounted: null },
  entries: null,
  filled: { sessions, seconds: 1 },
  difference: null,
  logged: null,
  trial: null,
});

test('the largest number is predicted by the others, before and after it is measured', () => {
  const small = [point(0, 1e6), point(1_000, 2e6), point(10_000, 11e6)];
  const [before] = fitsOf(small, 100_000);
  assert.equal(before?.heldOut?.sessions, 100_000);
  near(before?.heldOut?.predictedBytes ?? 0, 101e6);
  assert.deepEqual([before?.heldOut?.measuredBytes, before?.heldOut?.error, before?.points], [null, null, 3]);
  const [after] = fitsOf([...small, point(100_000, 126.25e6)], 100_000);
  assert.equal(after?.heldOut?.predictedBytes, before?.heldOut?.predictedBytes);
  near(after?.heldOut?.error ?? 0, -0.2);
  assert.equal(after?.points, 4);
});

test('what nobody tells has no line, and one size is none', () => {
  assert.deepEqual(fitsOf([point(0, null), point(1_000, null), point(10_000, null)], 10_000), []);
  assert.deepEqual(fitsOf([point(1_000, 1e6), point(10_000, 2e6)], 10_000), []);
  assert.deepEqual(
    fitsOf([point(0, 1e6, 5e6), point(1_000, null, 6e6), point(10_000, 3e6, 15e6)], 10_000).map(
      ({ weight, points }) => `${weight} ${points}`,
    ),
    ['storeDisk 3'],
  );
});
