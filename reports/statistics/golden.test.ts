/** Our methods against NumPy, SciPy and brute force in Python (golden/make.py), to 1e-9. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { moreOftenP } from './counts.ts';
import { lag1Autocorrelation } from './diagnostics/autocorrelation.ts';
import { mannKendall } from './diagnostics/drift.ts';
import { modifiedZScores } from './diagnostics/outliers.ts';
import { stratifiedRankSumP } from './diagnostics/warmup.ts';
import { betaCdf, betaQuantile, clopperPearson } from './distributions/beta.ts';
import { normalCdf, normalQuantile } from './distributions/normal.ts';
import { signedRankCdf } from './distributions/signed-rank.ts';
import { noncentralExceeds, studentCdf, studentQuantile } from './distributions/student.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { holm } from './holm.ts';
import { midranks, quantile } from './order.ts';
import { signFlipTest } from './sign-flip.ts';
import { theilSenSlope } from './theil-sen.ts';

const number = z.union([
  z.number(),
  z.literal('Infinity').transform(() => Number.POSITIVE_INFINITY),
  z.literal('-Infinity').transform(() => Number.NEGATIVE_INFINITY),
]);
const numbers = z.array(number);

async function golden<Shape extends z.ZodType>(name: string, shape: Shape): Promise<z.infer<Shape>[]> {
  const text = await readFile(path.join(import.meta.dirname, 'golden', `${name}.json`), 'utf8');
  const cases = z.array(shape).parse(JSON.parse(text));
  assert.ok(cases.length > 0, name);
  return cases;
}

/** Relative to the expected size down to 1e-6, so that small probabilities must be right too. */
function near(actual: number | null | undefined, expected: number, what: unknown): void {
  const close =
    actual === expected ||
    (typeof actual === 'number' && Math.abs(actual - expected) <= 1e-9 * Math.max(Math.abs(expected), 1e-6));
  assert.ok(close, `${actual} instead of ${expected}: ${JSON.stringify(what)}`);
}

test('sign-flip test', async () => {
  for (const each of await golden('sign-flip', z.object({ values: numbers, p: number })))
    near(signFlipTest(each.values)?.p, each.p, each);
});

test('Hodges–Lehmann estimate and interval', async () => {
  const location = z.object({ values: numbers, level: number, estimate: number });
  const shape = z.discriminatedUnion('kind', [
    location.extend({ kind: z.literal('bounded'), low: number, high: number, coverage: number }),
    location.extend({ kind: z.literal('unbounded'), widest: z.tuple([number, number, number]) }),
  ]);
  for (const each of await golden('hodges-lehmann', shape)) {
    const { estimate, interval } = hodgesLehmann(each.values, each.level);
    near(estimate, each.estimate, each);
    assert.equal(interval.kind, each.kind, JSON.stringify(each));
    const [low, high, coverage] =
      each.kind === 'bounded' ? [each.low, each.high, each.coverage] : each.widest;
    const found = interval.kind === 'bounded' ? interval : interval.widest;
    near(found?.low, low, each);
    near(found?.high, high, each);
    near(found?.coverage, coverage, each);
  }
});

test('signed-rank distribution', async () => {
  for (const each of await golden('signed-rank', z.object({ n: number, k: number, p: number })))
    near(signedRankCdf(each.k, each.n), each.p, each);
});

test('Holm', async () => {
  for (const each of await golden('holm', z.object({ p: numbers, adjusted: numbers })))
    holm(each.p).forEach((p, i) => {
      near(p, each.adjusted[i] ?? Number.NaN, each);
    });
});

test('normal distribution', async () => {
  for (const each of await golden('normal-cdf', z.object({ z: number, p: number })))
    near(normalCdf(each.z), each.p, each);
  for (const each of await golden('normal-quantile', z.object({ p: number, z: number })))
    near(normalQuantile(each.p), each.z, each);
});

test("Student's t, central and non-central", async () => {
  for (const each of await golden('student', z.object({ freedom: number, t: number, cdf: number })))
    near(studentCdf(each.t, each.freedom), each.cdf, each);
  for (const each of await golden('student-quantile', z.object({ freedom: number, p: number, t: number })))
    near(studentQuantile(each.p, each.freedom), each.t, each);
  const shape = z.object({ freedom: number, t: number, shift: number, p: number });
  for (const each of await golden('noncentral-t', shape)) {
    const ours = noncentralExceeds(each.t, each.freedom, each.shift);
    assert.ok(Math.abs(ours - each.p) < 1e-9, `${ours} instead of ${each.p}: ${JSON.stringify(each)}`);
  }
});

test('beta distribution and Clopper–Pearson', async () => {
  const shape = z.object({ a: number, b: number, x: number, cdf: number, quantile: number });
  for (const each of await golden('beta', shape)) {
    near(betaCdf(each.x, each.a, each.b), each.cdf, each);
    near(betaQuantile(each.x, each.a, each.b), each.quantile, each);
  }
  const bounds = z.object({ hits: number, trials: number, low: number, high: number });
  for (const each of await golden('clopper-pearson', bounds)) {
    const { low, high } = clopperPearson(each.hits, each.trials);
    near(low, each.low, each);
    near(high, each.high, each);
  }
});

test('Mann–Kendall and Theil–Sen', async () => {
  const shape = z.object({ values: numbers, s: number, p: number, slope: number });
  for (const each of await golden('kendall', shape)) {
    const trend = mannKendall(each.values);
    assert.equal(trend?.s, each.s);
    near(trend?.p, each.p, each);
    near(
      theilSenSlope(
        each.values.map((_, i) => i),
        each.values,
      ),
      each.slope,
      each,
    );
  }
});

test('quantiles and midranks', async () => {
  const shape = z.object({ values: numbers, share: number, quantile: number, ranks: numbers });
  for (const each of await golden('quantile', shape)) {
    near(quantile(each.values, each.share), each.quantile, each);
    assert.deepEqual(midranks(each.values), each.ranks);
  }
});

test('rank sum, autocorrelation and modified z-scores', async () => {
  const sums = await golden('rank-sum', z.object({ first: numbers, rest: numbers, p: number }));
  for (const each of sums) near(stratifiedRankSumP([each]), each.p, each);
  const lags = await golden('autocorrelation', z.object({ values: numbers, lag1: number.nullable() }));
  for (const each of lags) {
    const lag1 = lag1Autocorrelation(each.values);
    if (each.lag1 === null) assert.equal(lag1, null);
    else near(lag1, each.lag1, each);
  }
  const outliers = await golden('modified-z', z.object({ values: numbers, scores: numbers.nullable() }));
  for (const each of outliers) {
    const scores = modifiedZScores(each.values);
    assert.equal(scores === null, each.scores === null);
    scores?.forEach((score, i) => {
      near(score, each.scores?.[i] ?? Number.NaN, each);
    });
  }
});

test('counts that one side has more often', async () => {
  const seen = z.tuple([number, number]).transform(([count, exposure]) => ({ count, exposure }));
  for (const each of await golden('more-often', z.object({ baseline: seen, candidate: seen, p: number })))
    near(moreOftenP(each.baseline, each.candidate), each.p, each);
});
