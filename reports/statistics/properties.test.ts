import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultRule } from '../../record/rule.ts';
import { verdict as verdictSchema } from '../../record/verdict.ts';
import { allAnswered, judgeFamily } from './compare.ts';
import { moreOftenP, smallestMoreOftenP } from './counts.ts';
import { clopperPearson } from './distributions/beta.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { holm } from './holm.ts';
import { type Observation, pairWithinBlocks } from './paired.ts';
import { blocksNeeded, fewestPairs, largestFamily, smallestDetectable } from './power.ts';
import { seededRandom } from './random.ts';
import { rankStrategies } from './ranking.ts';
import { EXACT_PAIRS, signFlipTest } from './sign-flip.ts';

const value = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
/** Multiples of 1e-6: sums that differ only by rounding count as equal in the test, by design. */
const difference = fc.oneof(
  fc.integer({ min: -3e6, max: 3e6 }).map((each) => each / 1e6),
  fc.constantFrom(0, 0.25, -0.25, 1),
);
const differences = (minLength: number) => fc.array(difference, { minLength, maxLength: 16 });
const sides = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 14 });
const runs = { numRuns: 60 };

const observations = (values: readonly (number | null)[]): Observation[] =>
  values.map((each, index) => ({ block: index + 1, value: each }));

function compare(from: readonly (number | null)[], to: readonly (number | null)[], family = 1) {
  const comparison = {
    metric: 'read.p50' as const,
    baseline: { name: 'PostgreSQL', trials: observations(from), answers: allAnswered },
    candidate: { name: 'Redis', trials: observations(to), answers: allAnswered },
  };
  const [verdict] = judgeFamily(Array.from({ length: family }, () => comparison));
  assert.ok(verdict);
  // What summary.json keeps must survive JSON: no NaN, no Infinity.
  assert.deepEqual(verdictSchema.parse(JSON.parse(JSON.stringify(verdict))), verdict);
  return verdict;
}

const near = (a: number, b: number) =>
  assert.ok(Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b)), `${a} and ${b}`);

test('the unit of measurement does not matter', () => {
  fc.assert(
    fc.property(sides, fc.constantFrom(1e-3, 1000, 7), (pairs, factor) => {
      const plain = compare(
        pairs.map(([a]) => a),
        pairs.map(([, b]) => b),
      );
      const scaled = compare(
        pairs.map(([a]) => a * factor),
        pairs.map(([, b]) => b * factor),
      );
      assert.equal(scaled.verdict, plain.verdict);
      near(Math.log(scaled.ratio ?? 1), Math.log(plain.ratio ?? 1));
      near(scaled.p ?? 0, plain.p ?? 0);
    }),
    runs,
  );
});

test('swapping the sides turns the ratio round and nothing else', () => {
  fc.assert(
    fc.property(sides, (pairs) => {
      const one = compare(
        pairs.map(([a]) => a),
        pairs.map(([, b]) => b),
      );
      const other = compare(
        pairs.map(([, b]) => b),
        pairs.map(([a]) => a),
      );
      assert.equal(one.verdict, other.verdict);
      near(Math.log(one.ratio ?? 1), -Math.log(other.ratio ?? 1));
      near(one.p ?? 0, other.p ?? 0);
      if (one.interval.kind === 'bounded' && other.interval.kind === 'bounded')
        near(Math.log(one.interval.low), -Math.log(other.interval.high));
    }),
    runs,
  );
});

test('the order of blocks does not matter', () => {
  fc.assert(
    fc.property(differences(1), fc.integer({ min: 0, max: 15 }), (values, shift) => {
      const turned = [...values.slice(shift), ...values.slice(0, shift)];
      near(signFlipTest(values)?.p ?? 0, signFlipTest(turned)?.p ?? 0);
      assert.deepEqual(hodgesLehmann(values, 0.9), hodgesLehmann(turned, 0.9));
    }),
    runs,
  );
});

test('raising a difference never lowers the estimate or a bound; the interval holds the estimate', () => {
  fc.assert(
    fc.property(
      differences(7),
      fc.nat(),
      fc.double({ min: 0, max: 2, noNaN: true }),
      (values, which, rise) => {
        const raised = values.map((each, i) => (i === which % values.length ? each + rise : each));
        const before = hodgesLehmann(values, 0.9);
        const after = hodgesLehmann(raised, 0.9);
        assert.ok((after.estimate ?? 0) >= (before.estimate ?? 0) - 1e-12);
        assert.ok(before.interval.kind === 'bounded' && after.interval.kind === 'bounded');
        assert.ok(after.interval.low >= before.interval.low - 1e-12);
        assert.ok(after.interval.high >= before.interval.high - 1e-12);
        assert.ok(
          before.interval.low <= (before.estimate ?? 0) && (before.estimate ?? 0) <= before.interval.high,
        );
        assert.ok(before.interval.coverage >= 0.9 - 1e-12);
        const wider = hodgesLehmann(values, 0.95).interval;
        if (wider.kind === 'bounded')
          assert.ok(wider.low <= before.interval.low && wider.high >= before.interval.high);
      },
    ),
    runs,
  );
});

test('p lies between the smallest possible and 1, and raising a positive sum never raises it', () => {
  fc.assert(
    fc.property(
      differences(1),
      fc.nat(),
      fc.double({ min: 0.01, max: 2, noNaN: true }),
      (values, which, rise) => {
        const p = signFlipTest(values)?.p ?? 0;
        assert.ok(p >= 2 ** (1 - values.length) * (1 - 1e-12) && p <= 1);
        if (values.reduce((sum, each) => sum + each, 0) < 0) return;
        const raised = values.map((each, i) => (i === which % values.length ? each + rise : each));
        assert.ok((signFlipTest(raised)?.p ?? 1) <= p + 1e-12);
      },
    ),
    runs,
  );
});

test('above the exact size a sample of sign patterns agrees with the exact test, and repeats itself', () => {
  const random = seededRandom(5);
  const exact = Array.from({ length: EXACT_PAIRS }, () => random.normal() + 0.3);
  const more = [...exact, 0];
  const sampled = signFlipTest(more);
  assert.equal(sampled?.method, 'sampled');
  assert.deepEqual(signFlipTest(more), sampled);
  // A difference of zero changes no sum, so the exact p is that of the others.
  const p = signFlipTest(exact)?.p ?? 0;
  assert.ok(Math.abs((sampled?.p ?? 0) - p) < 5 * Math.sqrt(p / 99_999), `${sampled?.p} and ${p}`);
});

test('Holm never lowers p, keeps the order, passes over what was not tested', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 20 }), (p) => {
      const adjusted = holm(p);
      p.forEach((one, i) => {
        const own = adjusted[i] ?? null;
        assert.equal(own === null, one === null);
        if (one === null || own === null) return;
        assert.ok(own >= one && own <= 1);
        p.forEach((other, j) => {
          if (other !== null && other > one) assert.ok((adjusted[j] ?? 0) >= own);
        });
      });
    }),
  );
});

test('none, one, two blocks, zeros, infinities and no numbers: never a number that is made up', () => {
  const none = compare([], []);
  assert.ok(
    none.verdict === 'INCONCLUSIVE' && none.cause === 'no-pairs' && none.ratio === null && none.p === null,
  );
  const one = compare([100], [80]);
  assert.ok(one.verdict === 'INCONCLUSIVE' && one.cause === 'too-few-blocks' && one.p === 1);
  assert.deepEqual(one.smallestEffect, { kind: 'unknown' });
  assert.ok(one.interval.kind === 'unbounded' && one.interval.widest?.coverage === 0);
  const two = compare([100, 100], [80, 81]);
  assert.ok(two.verdict === 'INCONCLUSIVE' && two.cause === 'too-few-blocks' && two.p === 0.5);
  assert.deepEqual(two.smallestEffect, { kind: 'none', blocksForAny: 8 });
  const twelve = Array.from({ length: 12 }, () => 100);
  for (const odd of [0, -1, Number.NaN, Number.NEGATIVE_INFINITY]) {
    const verdict = compare(twelve, [odd, ...twelve.slice(1).map(() => 50)]);
    assert.ok(verdict.verdict === 'INCONCLUSIVE' && verdict.cause === 'no-ratio', String(odd));
    assert.equal(verdict.unusable, 1);
  }
  const missing = compare(twelve, [null, ...twelve.slice(1).map((each, i) => each / 2 + i)]);
  assert.equal(missing.verdict, 'DIFFERENT');
  assert.equal(missing.missing, 1);
  assert.equal(compare(twelve, twelve).verdict, 'SAME');
  assert.equal(compare([Number.MAX_VALUE], [Number.MIN_VALUE]).unusable, 1);
});

test('a block with two trials of a side is no pair', () => {
  const twice = pairWithinBlocks(
    [
      { block: 1, value: 5 },
      { block: 1, value: 6 },
    ],
    [{ block: 1, value: 5 }],
  );
  assert.deepEqual([twice.logRatios, twice.blocks, twice.missing, twice.unusable], [[], [], [1], []]);
});

test('a family too large for its blocks is named as such', () => {
  assert.equal(largestFamily(0.01, 12), 20);
  assert.equal(fewestPairs(0.01, 20), 12);
  assert.equal(fewestPairs(0.01, 21), 13);
  const slow = Array.from({ length: 12 }, (_, i) => 100 + i);
  const fast = slow.map((each, i) => each * (0.5 + 0.001 * i));
  assert.equal(compare(slow, fast, 20).verdict, 'DIFFERENT');
  const late = compare(slow, fast, 21);
  assert.ok(late.verdict === 'INCONCLUSIVE' && late.cause === 'too-few-blocks');
  assert.deepEqual(late.needed, { kind: 'blocks', blocks: 13, toward: 'DIFFERENT' });
});

test('more noise hides more, more blocks show more', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.005, max: 0.5, noNaN: true }),
      fc.integer({ min: 8, max: 24 }),
      (spread, pairs) => {
        const here = smallestDetectable(spread, pairs, 1, defaultRule);
        assert.ok(here > Math.log(1.05));
        assert.ok(smallestDetectable(spread * 1.5, pairs, 1, defaultRule) > here);
        assert.ok(smallestDetectable(spread, pairs + 8, 1, defaultRule) < here);
      },
    ),
    runs,
  );
  assert.deepEqual(blocksNeeded(Math.log(1.05), 0.05, 8, defaultRule), { kind: 'none' });
});

test('intervals cover the true difference as often as they say (simulated)', () => {
  const random = seededRandom(8);
  for (const [pairs, level] of [
    [6, 0.9],
    [12, 0.95],
  ] as const) {
    const located = Array.from(
      { length: 2000 },
      () =>
        hodgesLehmann(
          Array.from({ length: pairs }, () => 0.1 + random.normal()),
          level,
        ).interval,
    );
    const covered = located.filter(
      (each) => each.kind === 'bounded' && each.low <= 0.1 && each.high >= 0.1,
    ).length;
    const [first] = located;
    assert.ok(first?.kind === 'bounded');
    const { low, high } = clopperPearson(covered, located.length, 0.999);
    assert.ok(
      low <= first.coverage && first.coverage <= high,
      `${covered / 2000} instead of ${first.coverage}`,
    );
  }
});

test('a ranking never contradicts the verdicts, and letters are shared exactly by those not separated', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      fc.boolean(),
      (levels, seed, noisy) => {
        const random = seededRandom(seed % 1_000_000);
        const strategies = levels.map((level, i) => ({
          name: names[i] ?? '',
          answers: allAnswered,
          trials: observations(
            Array.from({ length: 12 }, () => Math.exp(level * 0.08 + random.normal() * (noisy ? 0.1 : 0.02))),
          ),
        }));
        const verdicts = judgeFamily(
          strategies.flatMap((baseline, i) =>
            strategies
              .slice(i + 1)
              .map((candidate) => ({ metric: 'read.p50' as const, baseline, candidate })),
          ),
        );
        const own = strategies.map(({ name }) => name);
        const { ranked, unranked } = rankStrategies('read.p50', own, verdicts);
        assert.deepEqual(unranked, []);
        assert.deepEqual(ranked.map(({ strategy }) => strategy).sort(), own);
        ranked.forEach((ahead, i) => {
          assert.ok(ahead.place.best <= i + 1 && i + 1 <= ahead.place.worst);
          for (const behind of ranked.slice(i + 1)) {
            const verdict = verdicts.find(
              ({ baseline, candidate }) =>
                [baseline, candidate].sort().join() === [ahead.strategy, behind.strategy].sort().join(),
            );
            const shared = [...ahead.letters].some((letter) => behind.letters.includes(letter));
            assert.equal(shared, verdict?.verdict !== 'DIFFERENT');
            assert.ok(behind.ratioToFirst >= ahead.ratioToFirst - 1e-12);
          }
        });
        const turned = rankStrategies('read.p50', [...own].reverse(), [...verdicts].reverse());
        assert.deepEqual(turned.ranked, ranked);
      },
    ),
    { numRuns: 25 },
  );
});

test('a strategy that cannot be compared is listed, not ranked', () => {
  const good = { name: 'redis', trials: observations([1, 2, 3]), answers: allAnswered };
  const other = { name: 'sticky', trials: observations([2, 3, 4]), answers: allAnswered };
  const bad = { name: 'mysql', trials: observations([null, null, null]), answers: allAnswered };
  const verdicts = judgeFamily(
    [
      [good, other],
      [good, bad],
      [other, bad],
    ].flatMap(([baseline, candidate]) =>
      baseline && candidate ? [{ metric: 'read.p50' as const, baseline, candidate }] : [],
    ),
  );
  const ranking = rankStrategies('read.p50', ['mysql', 'redis', 'sticky'], verdicts);
  assert.deepEqual(ranking.unranked, ['mysql']);
  assert.deepEqual(
    ranking.ranked.map(({ letters }) => letters),
    ['a', 'a'],
  );
  assert.ok(ranking.allTied);
});

test('counts: more is less likely, a longer look excuses more, and no split of a sum beats all on one side', () => {
  const count = fc.integer({ min: 0, max: 300 });
  const exposure = fc.integer({ min: 300, max: 1e6 });
  const p = (a: number, ofA: number, b: number, ofB: number): number => {
    const found = moreOftenP({ count: a, exposure: ofA }, { count: b, exposure: ofB });
    assert.ok(found !== null && found >= 0 && found <= 1 + 1e-12, `${found}`);
    return found;
  };
  const slack = 1e-9;
  fc.assert(
    fc.property(count, exposure, count, exposure, (a, ofA, b, ofB) => {
      const here = p(a, ofA, b, ofB);
      assert.ok(p(a, ofA, b + 1, ofB) <= here + slack);
      assert.ok(p(a + 1, ofA, b, ofB) >= here - slack);
      assert.ok(p(a, ofA, b, ofB * 2) >= here - slack);
      // Both directions share the outcome that was seen.
      assert.ok(here + p(b, ofB, a, ofA) >= 1 - slack);
      const least = smallestMoreOftenP({ count: a, exposure: ofA }, { count: b, exposure: ofB });
      assert.ok(least !== null && least <= here + slack);
    }),
    runs,
  );
  assert.equal(moreOftenP({ count: 0, exposure: 0 }, { count: 3, exposure: 10 }), null);
});
