/** Failing never makes better: verdicts on operations of which some have no right answer. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noErrors, noViolations } from '../../record/common.ts';
import { decodeHistogram } from '../../record/histogram.ts';
import { Latencies } from '../../record/latency.ts';
import { defaultRule } from '../../record/rule.ts';
import { encoded, newHistogram } from '../../record/testing/engine-files.ts';
import { type Verdict, verdict as verdictSchema } from '../../record/verdict.ts';
import { judgeFamily, type Side } from '../statistics/compare.ts';
import { rankStrategies } from '../statistics/ranking.ts';
import { achievedRateOf } from '../statistics/trial-values.ts';
import { preferred, turned } from '../statistics/verdict.ts';
import { sentence } from '../words/sentence.ts';
import { boundMark, intervalText, ratioText } from '../words/verdict.ts';

/** Latencies of one trial; null for an operation without a right answer. */
type Trial = readonly (number | null)[];

function p90Of(trial: Trial): number {
  const sorted = trial.map((each) => each ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  return sorted[Math.ceil(0.9 * sorted.length) - 1] ?? Number.NaN;
}

function sideOf(name: string, trials: readonly Trial[]): Side {
  const all = trials.flat();
  return {
    name,
    trials: trials.map((trial, block) => ({ block, value: p90Of(trial) })),
    answers: {
      unansweredShare: all.filter((each) => each === null).length / all.length,
      slowest: Math.max(0, ...all.flatMap((each) => each ?? [])),
    },
  };
}

function judged(baseline: Side, candidate: Side): Verdict {
  const [verdict] = judgeFamily([{ metric: 'read.p90', baseline, candidate }]);
  assert.ok(verdict);
  assert.deepEqual(verdictSchema.parse(JSON.parse(JSON.stringify(verdict))), verdict);
  return verdict;
}

/** 1 in favour of the candidate, -1 in favour of the baseline. */
const favour = (verdict: Verdict): number =>
  ({ candidate: 1, baseline: -1, none: 0 })[preferred(verdict) ?? 'none'];

const blocks = 12;
const steady = (micros: number, per = 20): Trial[] =>
  Array.from({ length: blocks }, (_, block) =>
    Array.from({ length: per }, (_, i) => micros * (1 + 0.0005 * block + 0.0001 * i)),
  );
/** The same with every nth operation changed, in the first so many blocks. */
const every = (nth: number, to: number | null, trials: readonly Trial[], first = blocks): Trial[] =>
  trials.map((trial, block) =>
    block < first ? trial.map((each, i) => (i % nth === nth - 1 ? to : each)) : trial,
  );

test('making answered operations fail never improves the verdict for their side', () => {
  const micros = fc.integer({ min: 50, max: 150 });
  const outcomes = fc.constantFrom(micros, fc.option(micros, { freq: 12 }), fc.option(micros, { freq: 300 }));
  const trials = outcomes.chain((outcome) =>
    fc.array(fc.array(outcome, { minLength: 12, maxLength: 12 }), { minLength: blocks, maxLength: blocks }),
  );
  const speed = fc.constantFrom(0.3, 0.8, 1, 1.3, 4);
  const failing = fc.array(fc.nat({ max: blocks * 12 - 1 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(trials, trials, speed, failing, (ours, others, factor, which) => {
      const scaled = ours.map((trial) => trial.map((each) => each && each * factor));
      const failed = scaled.map((trial, block) =>
        trial.map((each, i) => (which.includes(block * 12 + i) ? null : each)),
      );
      const other = sideOf('other', others);
      const [before, after] = [scaled, failed].map((each) => judged(other, sideOf('ours', each)));
      assert.ok(before && after);
      assert.ok(favour(after) <= favour(before), `${JSON.stringify(before)}\n${JSON.stringify(after)}`);
      assert.equal(favour(turned(after)) + favour(after), 0);
    }),
    { numRuns: 300 },
  );
});

test('every fifth operation fails at once, against every fifth that takes 100 ms: failing is worse', () => {
  const slow = sideOf('slow', every(5, 100_000, steady(1000)));
  const failing = sideOf('failing', every(5, null, steady(1000)));
  const verdict = judged(slow, failing);
  assert.equal(verdict.verdict, 'DIFFERENT');
  assert.equal(preferred(verdict), 'baseline');
  assert.deepEqual(verdict.noAnswer, { baseline: 0, candidate: blocks });
  // No number that was not measured: the ratio is a bound, from the slowest answer of both.
  assert.ok((verdict.ratio ?? 0) >= 1 && (verdict.ratio ?? 0) <= 101);
  assert.equal(boundMark(verdict), '≥ ');
  assert.ok(ratioText(verdict).startsWith('≥ ') && intervalText(verdict).startsWith('≥ '));
  assert.equal(
    sentence(verdict),
    "failing's read p90 is worse than slow's: in 12 of 12 blocks so many of its operations got no right answer that it has none",
  );
  const back = judged(failing, slow);
  assert.equal(preferred(back), 'candidate');
  assert.equal(boundMark(back), '≤ ');
  assert.equal(sentence(back), sentence(verdict));
  assert.ok((turned(back).ratio ?? 0) >= 1);
});

test('a value that is worse than any number is beyond any floor, and never the same', () => {
  const tight = sideOf('tight', steady(1000, 7));
  for (const floor of [0.05, 10]) {
    const [verdict] = judgeFamily([
      {
        metric: 'read.p90',
        baseline: tight,
        candidate: sideOf('failing', every(5, null, steady(500))),
        floor,
      },
    ]);
    assert.ok(verdict && preferred(verdict) === 'baseline', String(floor));
  }
});

test('no verdict favours a side that fails, however few of its blocks have no number', () => {
  const slow = sideOf('slow', steady(3000));
  for (const first of [1, 3, 12]) {
    const verdict = judged(slow, sideOf('fast', every(4, null, steady(1000), first)));
    assert.notEqual(preferred(verdict), 'candidate', String(first));
  }
  // In the number there is nothing to see, since fewer than a tenth fail.
  const verdict = judged(slow, sideOf('fast', every(20, null, steady(1000))));
  assert.ok(verdict.verdict === 'INCONCLUSIVE' && verdict.cause === 'unanswered');
  assert.deepEqual(verdict.needed, { kind: 'none' });
  assert.equal(
    sentence(verdict),
    'read p90 inconclusive: fast left 5.0 % of its operations without a right answer, so it is not called better',
  );
});

test('a side that has no number in a single block of many is neither the same nor better', () => {
  for (const micros of [1000, 300]) {
    const once: Side = {
      ...sideOf('once', steady(micros)),
      trials: Array.from({ length: 40 }, (_, block) => ({
        block,
        value: block === 7 ? Number.POSITIVE_INFINITY : micros + block,
      })),
    };
    const always: Side = {
      ...sideOf('always', steady(1000)),
      trials: Array.from({ length: 40 }, (_, block) => ({ block, value: 1000 + block })),
    };
    const verdict = judged(always, once);
    assert.ok(verdict.verdict === 'INCONCLUSIVE' && verdict.cause === 'unanswered', String(micros));
    assert.match(sentence(verdict), /there is none for once in 1 block$/);
  }
});

test('the achieved rate is of right answers', () => {
  const [read, probe] = [99, 50].map((count) => {
    const latencies = new Latencies();
    const histogram = newHistogram();
    for (let i = 0; i < count; i += 1) histogram.recordValue(500);
    latencies.addAnswered(decodeHistogram(encoded(histogram)));
    return { intended: latencies, service: latencies };
  });
  assert.ok(read && probe);
  const latencies = new Map([
    ['read', read],
    ['probe', probe],
  ] as const);
  const counts = {
    count: 120,
    errors: { ...noErrors, server: 10 },
    violations: { ...noViolations, lost: 11 },
  };
  // 110 were answered, 11 of them wrongly; of the 120 the engine counts 110 arrivals as answered, and an older one nothing.
  for (const answered of [110, null])
    assert.equal(
      achievedRateOf({ achievedRate: 55, pacing: { answered }, operations: { read: counts } }, latencies),
      49.5,
    );
});

test('accidents, and failing less than the other, stand in the way of no verdict', () => {
  const few = sideOf('few', every(20, null, steady(1000)));
  const many = sideOf('many', every(10, null, steady(3000)));
  assert.equal(preferred(judged(many, few)), 'candidate');
  const accident: Side = {
    ...sideOf('accident', steady(1000)),
    answers: { unansweredShare: 0.0009, slowest: 0 },
  };
  assert.equal(preferred(judged(sideOf('slow', steady(3000)), accident)), 'candidate');
});

test('two sides without a number in a block have no ratio there, and no verdict', () => {
  const failing = (name: string) => sideOf(name, every(4, null, steady(1000)));
  const verdict = judged(failing('a'), failing('b'));
  assert.ok(verdict.verdict === 'INCONCLUSIVE' && verdict.cause === 'unanswered');
  assert.deepEqual([verdict.ratio, verdict.unusable], [null, blocks]);
  assert.equal(
    sentence(verdict),
    'read p90 inconclusive: so many operations got no right answer that there is none for b in 12 blocks and a in 12 blocks',
  );
});

test('a strategy that fails is ranked last, whatever its numbers', () => {
  const sides = [
    sideOf('failing', every(20, null, steady(100))),
    sideOf('quick', steady(1000)),
    sideOf('slow', steady(3000)),
  ];
  const verdicts = judgeFamily(
    sides.flatMap((baseline, i) =>
      sides.slice(i + 1).map((candidate) => ({ metric: 'read.p90' as const, baseline, candidate })),
    ),
    { ...defaultRule, level: 0.05 },
  );
  const { ranked } = rankStrategies('read.p90', ['failing', 'quick', 'slow'], verdicts);
  assert.deepEqual(
    ranked.map(({ strategy }) => strategy),
    ['quick', 'slow', 'failing'],
  );
});
