/** All pairs of a block design against statsmodels, and its rules by properties. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import { fitBlockDesign } from './block-design.ts';
import { studentQuantile } from './distributions/student.ts';
import { studentizedRangeCdf, studentizedRangeQuantile } from './distributions/studentized-range.ts';
import type { Observation } from './paired.ts';
import { AllPairs } from './tukey.ts';

const golden = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(path.join(import.meta.dirname, 'golden', `${name}.json`), 'utf8'));

function near(actual: number | null | undefined, expected: number, what: unknown, relative = 1e-8): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - expected) <= relative * Math.abs(expected) + 1e-10,
    `${actual} instead of ${expected}: ${JSON.stringify(what)}`,
  );
}

const number = z.number();

test('the studentized range is that of SciPy', async () => {
  const shape = z.object({ groups: number, freedom: number, p: number, q: number, at: number, cdf: number });
  for (const each of z.array(shape).parse(await golden('studentized-range'))) {
    near(studentizedRangeCdf(each.at, each.groups, each.freedom), each.cdf, each);
    near(studentizedRangeQuantile(each.p, each.groups, each.freedom), each.q, each);
  }
});

test('of two groups the studentized range is √2 times Student’s t', () => {
  for (const freedom of [1, 2, 11, 300])
    for (const p of [0.1, 0.95, 0.9999]) {
      const expected = Math.SQRT2 * studentQuantile((1 + p) / 2, freedom);
      near(studentizedRangeQuantile(p, 2, freedom), expected, { freedom, p });
    }
});

test('what has no studentized range gives NaN, and certainty has its ends', () => {
  for (const [p, groups, freedom] of [
    [0.5, 1, 4],
    [0.5, 3, 0],
    [-1, 3, 4],
    [Number.NaN, 3, 4],
  ] as const)
    assert.ok(Number.isNaN(studentizedRangeQuantile(p, groups, freedom)));
  assert.equal(studentizedRangeQuantile(0, 3, 4), 0);
  assert.equal(studentizedRangeQuantile(1, 3, 4), Number.POSITIVE_INFINITY);
});

/** By strategy, from rows of blocks. */
const sidesOf = (rows: readonly (readonly (number | null)[])[]): Observation[][] =>
  (rows[0] ?? []).map((_, strategy) => rows.map((row, block) => ({ block, value: row[strategy] ?? null })));

test('pairs of a block design, with missing trials too, are those of statsmodels', async () => {
  const pair = z.object({ baseline: number, candidate: number, estimate: number, half: number, p: number });
  const shape = z.object({
    values: z.array(z.array(number.nullable())),
    level: number,
    freedom: number,
    variance: number,
    pairs: z.array(pair),
  });
  for (const each of z.array(shape).parse(await golden('block-design'))) {
    const pairs = new AllPairs(sidesOf(each.values), each.level);
    assert.equal(pairs.fit.freedom, each.freedom);
    near(pairs.fit.variance, each.variance, each);
    for (const { baseline, candidate, ...expected } of each.pairs) {
      const found = pairs.between(baseline, candidate);
      near(found?.estimate, expected.estimate, expected);
      near(found?.half, expected.half, expected);
      near(found?.p(), expected.p, expected);
    }
  }
});

test('strategies that no chain of blocks links are not compared', () => {
  const pairs = new AllPairs(
    sidesOf([
      [1, 2, null, null],
      [2, 3, null, null],
      [null, null, 5, 6],
      [null, null, 7, 8],
    ]),
    0.05,
  );
  assert.equal(pairs.between(0, 2), null);
  assert.ok(pairs.between(0, 1));
  assert.ok(pairs.between(2, 3));
  assert.equal(pairs.fit.freedom, 2);
});

test('one block, one strategy or no value tells no noise', () => {
  const found = new AllPairs(sidesOf([[1, Math.E]]), 0.05).between(0, 1);
  assert.deepEqual([found?.estimate, found?.half, found?.p()], [1, Number.POSITIVE_INFINITY, null]);
  for (const rows of [[[1], [2]], [[null, null]], []])
    assert.deepEqual(fitBlockDesign(sidesOf(rows)).variance, null);
});

test('equal values are equal without doubt', () => {
  const found = new AllPairs(
    sidesOf([
      [3, 3],
      [5, 5],
      [7, 7],
    ]),
    0.05,
  ).between(0, 1);
  assert.deepEqual([found?.estimate, found?.half, found?.p()], [0, 0, 1]);
});

const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const rows = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 5 }))
  .chain(([blocks, count]) =>
    fc.array(fc.array(fc.option(positive, { freq: 6 }), { minLength: count, maxLength: count }), {
      minLength: blocks,
      maxLength: blocks,
    }),
  );

test('a machine that is slower in some block changes no difference', () => {
  fc.assert(
    fc.property(rows, fc.array(positive, { minLength: 6, maxLength: 6 }), (table, factors) => {
      const slowed = table.map((row, block) => row.map((value) => value && value * (factors[block] ?? 1)));
      const [before, after] = [fitBlockDesign(sidesOf(table)), fitBlockDesign(sidesOf(slowed))];
      assert.equal(after.freedom, before.freedom);
      const count = table[0]?.length ?? 0;
      for (let other = 1; other < count; other += 1) {
        const [a, b] = [before.difference(0, other), after.difference(0, other)];
        assert.equal(a === null, b === null);
        if (a && b) assert.ok(Math.abs(a.estimate - b.estimate) < 1e-9);
      }
    }),
    { numRuns: 200 },
  );
});

test('a pair seen from its other side is the same with the other sign', () => {
  fc.assert(
    fc.property(rows, (table) => {
      const fit = fitBlockDesign(sidesOf(table));
      const [there, back] = [fit.difference(0, 1), fit.difference(1, 0)];
      assert.equal(there === null, back === null);
      if (there && back) {
        assert.ok(Math.abs(there.estimate + back.estimate) < 1e-12);
        assert.ok(there.relativeVariance > 0);
      }
    }),
    { numRuns: 200 },
  );
});
