import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FootprintLine, FootprintPoint } from '../../record/footprint.ts';
import { bytesAt, coarsened, emptiest, fitsOf, grainsOf, lineThrough, type Weighing } from './line.ts';

const GRAIN = 2 ** 20;

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
const resolved = (line: FootprintLine): number =>
  line.bytesPerSession ?? assert.fail(`no slope; at most ${line.bytesPerSessionAtMost}`);

const fixedPart = fc.integer({ min: 0, max: 1_000_000_000 });
const slopes = fc.integer({ min: 100, max: 20_000 });
/** As people give them: the empty store, and some numbers each several times the one before. */
const decades = fc
  .tuple(
    fc.integer({ min: 100, max: 10_000 }),
    fc.array(fc.integer({ min: 3, max: 10 }), { minLength: 2, maxLength: 5 }),
  )
  .map(([first, factors]) => {
    const sizes = [0, first];
    for (const factor of factors) sizes.push((sizes.at(-1) ?? 0) * factor);
    return sizes;
  });

test('what lies on a line gives that line', () => {
  fc.assert(
    fc.property(fixedPart, slopes, decades, (fixed, each, sizes) => {
      fc.pre(each * Math.max(...sizes) > 10 * GRAIN);
      const weighings = sizes.map((sessions) => ({ sessions, bytes: fixed + each * sessions }));
      const line = lineThrough(weighings, GRAIN);
      near(resolved(line), each, 1e-6);
      // Of what was weighed: all else is how numbers are rounded.
      near(1 + (line.fixedBytes - fixed) / (fixed + each * Math.max(...sizes)), 1);
      assert.ok((line.bytesPerSessionAtMost ?? 0) >= each);
    }),
  );
});

test('where bytes come in pieces, a slope that is told is right within them, and one that is not is at most what is said', () => {
  fc.assert(
    fc.property(fixedPart, slopes, decades, (fixed, each, sizes) => {
      const largest = Math.max(...sizes);
      const weighings = sizes.map((sessions) => ({
        sessions,
        bytes: Math.ceil((fixed + each * sessions) / GRAIN) * GRAIN,
      }));
      const { bytesPerSession, bytesPerSessionAtMost } = lineThrough(weighings, GRAIN);
      const piece = GRAIN / largest;
      if (bytesPerSession !== null)
        assert.ok(Math.abs(bytesPerSession - each) <= 2 * piece + 0.05 * each, `${bytesPerSession}`);
      assert.ok(each <= (bytesPerSessionAtMost ?? 0) + piece, `${each} of ${bytesPerSessionAtMost}`);
    }),
  );
});

test('bytes that do not move, or fall, say nothing of a session but the most that it may take', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000_000 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 2, maxLength: 8 }),
      fc.integer({ min: 0, max: 100 }),
      (bytes, sizes, falling) => {
        const ascending = sizes.toSorted((a, b) => a - b);
        const weighings = ascending.map((sessions, at) => ({
          sessions,
          bytes: Math.max(0, bytes - at * falling * 100_000),
        }));
        const { bytesPerSession, bytesPerSessionAtMost } = lineThrough(weighings, GRAIN);
        assert.equal(bytesPerSession, null);
        assert.ok((bytesPerSessionAtMost ?? 0) > 0);
      },
    ),
  );
});

test('steps that are smaller than readings tell apart say nothing, however they fall', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: GRAIN / 2 }), { minLength: 3, maxLength: 6 }), (noise) => {
      const weighings = noise.map((bytes, at) => ({ sessions: 1_000 * at, bytes: 5e7 + bytes }));
      assert.equal(lineThrough(weighings, GRAIN).bytesPerSession, null);
    }),
  );
});

test('nothing takes less than nothing, and no weighing makes a line that is no number', () => {
  fc.assert(
    fc.property(several, (weighings) => {
      const { fixedBytes, bytesPerSession, bytesPerSessionAtMost } = lineThrough(weighings, GRAIN);
      assert.ok(fixedBytes >= 0 && (bytesPerSession ?? 0) >= 0, `${fixedBytes} ${bytesPerSession}`);
      assert.ok(Number.isFinite(fixedBytes) && Number.isFinite(bytesPerSession ?? 0));
      assert.ok(Number.isFinite(bytesPerSessionAtMost));
    }),
  );
});

test('weighing all in another unit gives the same line in that unit', () => {
  fc.assert(
    fc.property(several, fc.integer({ min: 2, max: 1_000 }), (weighings, factor) => {
      const scaled = weighings.map((each) => ({ ...each, bytes: each.bytes * factor }));
      const [plain, other] = [lineThrough(weighings, GRAIN), lineThrough(scaled, GRAIN * factor)];
      near(other.fixedBytes, factor * plain.fixedBytes, 1e-3);
      near(other.bytesPerSessionAtMost ?? 0, factor * (plain.bytesPerSessionAtMost ?? 0), 1e-3);
    }),
  );
});

test('the order of the weighings says nothing', () => {
  fc.assert(
    fc.property(several, (weighings) => {
      const [there, back] = [lineThrough(weighings, GRAIN), lineThrough(weighings.toReversed(), GRAIN)];
      near(there.fixedBytes, back.fixedBytes, 1e-3);
      near(there.bytesPerSessionAtMost ?? 0, back.bytesPerSessionAtMost ?? 0, 1e-3);
    }),
  );
});

/** Bytes at a number by the line through these whose errors are least as shares of what was weighed. */
function byShares(weighings: readonly Weighing[], sessions: number): number {
  const sum = (of: (x: number, y: number) => number): number =>
    weighings.reduce((total, { sessions: x, bytes: y }) => total + of(x, Math.max(1, y)), 0);
  const [w, wx, wy] = [sum((_, y) => y ** -2), sum((x, y) => x * y ** -2), sum((_, y) => 1 / y)];
  const slope =
    sum((x, y) => (x - wx / w) * (y - wy / w) * y ** -2) / sum((x, y) => (x - wx / w) ** 2 * y ** -2);
  return wy / w + slope * (sessions - wx / w);
}

test('pages that fill better in larger trees bend a line, and bend it less than where errors count as shares', () => {
  // Bytes of a session fall with each tenfold number, from so much more than there is in it.
  const falling = fc.record({
    each: slopes,
    more: fc.integer({ min: 10, max: 100 }),
    kept: fc.integer({ min: 30, max: 70 }),
  });
  fc.assert(
    fc.property(falling, ({ each, more, kept }) => {
      const bytesOf = (sessions: number, at: number): number =>
        Math.ceil((sessions * each * (1 + (more / 100) * (kept / 100) ** at)) / GRAIN) * GRAIN;
      const weighings = [1_000, 10_000, 100_000].map((sessions, at) => ({
        sessions,
        bytes: bytesOf(sessions, at),
      }));
      const all = [{ sessions: 0, bytes: 32_768 }, ...weighings];
      const predicted = bytesAt(lineThrough(all, GRAIN), 1_000_000);
      if (predicted === null) return;
      const largest = bytesOf(1_000_000, 3);
      const [error, before] = [predicted / largest - 1, byShares(all, 1_000_000) / largest - 1];
      const pieces = GRAIN / (each * 100_000);
      assert.ok(Math.abs(error) <= Math.abs(before) + pieces, `${error}, and ${before} by shares`);
    }),
  );
});

/** docs/measurements/2026-11-26-footprint.md; the empty table has two pages of 16 KiB. */
const mariadb: readonly (readonly [string, readonly (readonly [number, number])[], number])[] = [
  [
    '200 B',
    [
      [1_000, 1_573],
      [10_000, 996],
      [100_000, 909],
      [1_000_000, 863],
    ],
    0.08,
  ],
  [
    '1,700 B',
    [
      [1_000, 4_719],
      [10_000, 3_937],
      [100_000, 3_490],
    ],
    0.14,
  ],
];

for (const [payload, readings, most] of mariadb)
  test(`MariaDB's largest number of sessions of ${payload} is predicted within ${100 * most} %`, () => {
    const weighings = [
      [0, 32_768] as const,
      ...readings.map(([sessions, each]) => [sessions, sessions * each] as const),
    ];
    const [largest = [0, 0]] = weighings.slice(-1);
    const line = lineThrough(
      weighings.slice(0, -1).map(([sessions, bytes]) => ({ sessions, bytes })),
      GRAIN,
    );
    const error = (bytesAt(line, largest[0]) ?? 0) / largest[1] - 1;
    assert.ok(Math.abs(error) < most, `${error}`);
  });

test('two weighings give the line through them, one that would begin below nothing begins there', () => {
  const through = (...all: readonly (readonly [number, number])[]) =>
    lineThrough(
      all.map(([sessions, bytes]) => ({ sessions, bytes })),
      1_000,
    );
  const two = through([0, 1_000_000], [1_000, 2_000_000]);
  near(two.fixedBytes, 1_000_000);
  near(resolved(two), 1_000);
  const below = through([1_000, 1_000_000], [2_000, 3_000_000]);
  assert.equal(below.fixedBytes, 0);
  // Σwxy / Σwx², where w is 1/grain² of the first and 1/(grain² + (5 % of 2,000,000)²) of the second.
  const [first, second] = [1 / 1e6, 1 / (1e6 + 1e10)];
  near(resolved(below), (first * 1e9 + second * 6e9) / (first * 1e6 + second * 4e6));
});

test('readings that scatter by more than they tell apart make a slope unsure', () => {
  const scattered = [5, 25, 3, 28, 9].map((mebibytes, at) => ({
    sessions: 1_000 * at,
    bytes: mebibytes * GRAIN,
  }));
  assert.equal(lineThrough(scattered, GRAIN).bytesPerSession, null);
});

const grains = grainsOf(GRAIN, GRAIN);

const nothing = { storeMemory: null, storeCounted: null, storeDisk: null, appMemory: null, appCounted: null };

test('a store that keeps what it took hides so many sessions, and what each takes at most is told all the same', () => {
  fc.assert(
    fc.property(slopes, fc.integer({ min: 0, max: 20 * GRAIN }), decades, (each, kept, sizes) => {
      // Whatever was there before; sessions fill first what is kept.
      const bytesOf = (sessions: number): number => 6e6 + Math.max(kept, each * sessions);
      const own = coarsened(
        grains,
        { ...nothing, storeMemory: 6e6 },
        { ...nothing, storeMemory: 6e6 + kept },
      );
      assert.equal(own.storeMemory, Math.max(GRAIN, kept));
      assert.deepEqual([own.storeDisk, own.appCounted], [GRAIN, GRAIN]);
      const line = lineThrough(
        sizes.map((sessions) => ({ sessions, bytes: bytesOf(sessions) })),
        own.storeMemory,
      );
      const most = line.bytesPerSessionAtMost ?? 0;
      assert.ok(each <= most + own.storeMemory / Math.max(...sizes), `${each} of ${most}`);
    }),
  );
});

/** As weighed on 2026-11-26, in bytes: Redis with 1,357,000 B more once the first sessions were gone. */
test('memory that the first sessions left is none of what there is without sessions: Redis is predicted the better for it', () => {
  const all = [
    point(0, 5_727_232),
    point(1_000, 6_218_752),
    point(10_000, 11_341_824),
    point(100_000, 74_208_256),
  ];
  const [first = assert.fail(), ...others] = all;
  const before = { ...nothing, storeMemory: 4_370_432 };
  const own = coarsened(grainsOf(2 ** 17, 2 ** 19), before, first.weighed);
  const errorOf = (empty: FootprintPoint): number =>
    fitsOf([empty, ...others], 100_000, own)[0]?.heldOut?.error ?? assert.fail('not predicted');
  assert.ok(Math.abs(errorOf(emptiest(first, before))) < 0.08, `${errorOf(emptiest(first, before))}`);
  assert.ok(errorOf(first) < -0.15, `${errorOf(first)}`);
  // Files and counts keep nothing.
  const disk = point(0, 5e6, 9e6);
  assert.equal(emptiest(disk, { ...nothing, storeDisk: 1e6 }).weighed.storeDisk, 9e6);
});

test('memory that shrank once the first sessions were gone is told apart no better than by that', () => {
  const own = coarsened(grains, { ...nothing, appCounted: 9e6 }, { ...nothing, appCounted: 6e6 });
  assert.deepEqual([own.appCounted, own.storeMemory], [3e6, GRAIN]);
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
  const [before] = fitsOf(small, 100_000, grains);
  assert.equal(before?.heldOut?.sessions, 100_000);
  near(before?.heldOut?.predictedBytes ?? 0, 101e6);
  assert.deepEqual([before?.heldOut?.measuredBytes, before?.heldOut?.error, before?.points], [null, null, 3]);
  const [after] = fitsOf([...small, point(100_000, 126.25e6)], 100_000, grains);
  assert.equal(after?.heldOut?.predictedBytes, before?.heldOut?.predictedBytes);
  near(after?.heldOut?.error ?? 0, -0.2);
  assert.equal(after?.points, 4);
});

test('what nobody tells has no line, and one size is none', () => {
  assert.deepEqual(fitsOf([point(0, null), point(1_000, null), point(10_000, null)], 10_000, grains), []);
  assert.deepEqual(fitsOf([point(1_000, 1e6), point(10_000, 2e6)], 10_000, grains), []);
  assert.deepEqual(
    fitsOf([point(0, 1e6, 5e6), point(1_000, null, 6e6), point(10_000, 3e6, 15e6)], 10_000, grains).map(
      ({ weight, points }) => `${weight} ${points}`,
    ),
    ['storeDisk 3'],
  );
});

test('smaller numbers that are not told from none predict nothing; the largest may tell them all the same', () => {
  const small = [point(0, 6e6), point(1_000, 6e6), point(3_000, 7e6)];
  const [before] = fitsOf(small, 100_000, grains);
  assert.deepEqual([before?.line.bytesPerSession, before?.heldOut], [null, null]);
  const [after] = fitsOf([...small, point(100_000, 66e6)], 100_000, grains);
  near(after?.line.bytesPerSession ?? 0, 600, 0.02);
  assert.equal(after?.heldOut, null);
});
