/** Verdicts on all pairs: against statsmodels, on bad input, and by properties. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { z } from 'zod';
import type { Metric } from '../../record/metrics.ts';
import type { Rule } from '../../record/rule.ts';
import { accidentShare } from '../../record/unanswered.ts';
import { type Inconclusive, type Verdict, verdict as verdictSchema } from '../../record/verdict.ts';
import type { Side } from '../statistics/compare.ts';
import { judgePairs } from '../statistics/judge-pairs.ts';
import { rankStrategies } from '../statistics/ranking.ts';
import { fewestBlocks } from '../statistics/smallest-effect.ts';
import { preferred, turned } from '../statistics/verdict.ts';
import { remedy, sentence } from '../words/sentence.ts';
import { blocksNeededText, intervalText, ratioText, smallestEffectText } from '../words/verdict.ts';

const rule: Rule = { level: 0.025, confidence: 0.975, floor: 0.05, power: 0.8 };
type Value = number | null;

/** `unanswered`: the share that the side left without a right answer. */
const sideOf = (name: string, values: readonly Value[], unanswered = 0): Side => ({
  name,
  trials: values.map((value, block) => ({ block, value })),
  answers: { unansweredShare: unanswered, slowest: 0 },
});

/** One metric of strategies `a`, `b` and so on; rows are strategies, columns blocks. */
function judged(rows: readonly (readonly Value[])[], of: Partial<Rule> = {}): readonly Verdict[] {
  const sides = rows.map((values, at) => sideOf(String.fromCharCode(97 + at), values));
  return checked(judgePairs([{ metric: 'read.p50', sides }], { ...rule, ...of }));
}

/** What summary.json keeps survives JSON, and no word of it is a number that is none. */
function checked(verdicts: readonly Verdict[]): readonly Verdict[] {
  for (const verdict of verdicts) {
    assert.deepEqual(verdictSchema.parse(JSON.parse(JSON.stringify(verdict))), verdict);
    const words = [
      sentence(verdict),
      remedy(verdict),
      ratioText(verdict),
      intervalText(verdict),
      smallestEffectText(verdict),
      blocksNeededText(verdict),
    ].join(' ');
    assert.doesNotMatch(words, /NaN|Infinity|undefined/);
    if (verdict.verdict === 'INCONCLUSIVE') continue;
    const { low, high } = verdict.interval;
    assert.ok(low <= verdict.ratio && verdict.ratio <= high);
  }
  return verdicts;
}

test('verdicts and intervals, with missing trials too, are those of statsmodels', async () => {
  const number = z.number();
  const pair = z.object({ estimate: number, half: number, p: number, verdict: z.string() });
  const shape = z.object({
    values: z.array(z.array(number.nullable())),
    level: number,
    floor: number,
    pairs: z.array(pair),
  });
  const file = path.join(import.meta.dirname, '../statistics/golden/judged-pairs.json');
  const cases = z.array(shape).parse(JSON.parse(await readFile(file, 'utf8')));
  for (const { values, level, floor, pairs } of cases) {
    const rows = (values[0] ?? []).map((_, at) => values.map((row) => row[at] ?? null));
    const found = judged(rows, { level, floor });
    assert.equal(found.length, pairs.length);
    for (const [at, expected] of pairs.entries()) {
      const verdict = found[at] ?? assert.fail('a pair is missing');
      assert.equal(verdict.verdict, expected.verdict);
      assert.ok(verdict.interval.kind === 'bounded');
      const { estimate, half, p } = expected;
      for (const [ratio, log] of [
        [verdict.ratio, estimate],
        [verdict.interval.low, estimate - half],
        [verdict.interval.high, estimate + half],
      ] as const)
        assert.ok(Math.abs(Math.log(ratio ?? 0) - log) < 1e-8);
      assert.ok(Math.abs((verdict.p ?? 1) - p) < 1e-8);
    }
  }
  const all = new Set(cases.flatMap(({ pairs }) => pairs.map(({ verdict }) => verdict)));
  assert.equal(all.size, 3, 'a case for each verdict');
});

/** By cause, or the verdict where there is one. */
const outcomeOf = (verdict: Verdict | undefined): string | undefined =>
  verdict?.verdict === 'INCONCLUSIVE' ? verdict.cause : verdict?.verdict;

const endless = Number.POSITIVE_INFINITY;
const cases: readonly [what: string, rows: readonly (readonly Value[])[], outcomes: readonly string[]][] = [
  ['no strategy', [], []],
  ['one strategy', [[1, 2, 3]], []],
  [
    'two that differ',
    [
      [1, 1.01, 1.02],
      [2, 2.03, 2.02],
    ],
    ['DIFFERENT'],
  ],
  [
    'all values equal, in three blocks',
    [
      [5, 5, 5],
      [5, 5, 5],
    ],
    ['SAME'],
  ],
  [
    'all values equal, in two blocks',
    [
      [5, 5],
      [5, 5],
    ],
    ['SAME'],
  ],
  [
    'equal values of each, twice apart',
    [
      [5, 5, 5],
      [10, 10, 10],
    ],
    ['DIFFERENT'],
  ],
  ['one block', [[1], [2]], ['too-few-blocks']],
  ['one block of equal values', [[1], [1]], ['too-few-blocks']],
  ['no block', [[], []], ['no-pairs']],
  ['a strategy without a trial', [[1, 1, 1], [], [2, 2, 2]], ['no-pairs', 'DIFFERENT', 'no-pairs']],
  [
    'a strategy without a value',
    [
      [1, 1, 1],
      [null, null, null],
      [2, 2, 2],
    ],
    ['no-pairs', 'DIFFERENT', 'no-pairs'],
  ],
  [
    'no value at all',
    [
      [null, null],
      [null, null],
    ],
    ['no-pairs'],
  ],
  [
    'a strategy with one value',
    [
      [1, 1, 1],
      [null, 2, null],
      [3, 3, 3],
    ],
    ['too-few-blocks', 'DIFFERENT', 'too-few-blocks'],
  ],
  [
    'no block in common',
    [
      [1, 1, null, null],
      [null, null, 2, 2],
    ],
    ['no-pairs'],
  ],
  [
    'a chain of blocks in common',
    [
      [1, 1, null, null],
      [null, null, 2, 2],
      [3, 3, 3, 3],
    ],
    ['DIFFERENT', 'DIFFERENT', 'DIFFERENT'],
  ],
  [
    'zero in a block',
    [
      [1, 0, 1],
      [2, 2, 2],
      [4, 4, 4],
    ],
    ['no-ratio', 'no-ratio', 'DIFFERENT'],
  ],
  [
    'zero always',
    [
      [0, 0, 0],
      [2, 2, 2],
    ],
    ['no-ratio'],
  ],
  [
    'zero on both sides',
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    ['no-ratio'],
  ],
  [
    'a negative value',
    [
      [-1, 1, 1],
      [2, 2, 2],
    ],
    ['no-ratio'],
  ],
  [
    'no number',
    [
      [Number.NaN, 1, 1],
      [2, 2, 2],
    ],
    ['no-ratio'],
  ],
  [
    'as far apart as numbers go',
    [
      [1e-300, 1e-300, 2e-300],
      [1e300, 1e300, 1e300],
    ],
    ['no-ratio'],
  ],
  [
    'noise as wide as numbers go',
    [
      [1e-150, 1, 1e150],
      [1, 1e-150, 1e150],
    ],
    ['too-few-blocks'],
  ],
  [
    'much noise',
    [
      [1, 2, 3],
      [3, 2, 1],
    ],
    ['noise'],
  ],
  [
    'a difference about as large as the floor',
    [
      [1, 1.001, 1, 1],
      [1.04, 1.04, 1.05, 1.06],
    ],
    ['near-floor'],
  ],
  [
    'never an answer, against always',
    [
      [endless, endless, endless],
      [2, 2.1, 2],
    ],
    ['DIFFERENT'],
  ],
  [
    'now and then no answer',
    [
      [endless, 1, 1],
      [2, 2, 2],
    ],
    ['unanswered'],
  ],
  [
    'no answer of either',
    [
      [endless, 1, 1],
      [endless, 2, 2],
    ],
    ['unanswered'],
  ],
  ['never an answer, in one block', [[endless], [2]], ['too-few-blocks']],
  [
    'never an answer of anybody',
    [
      [endless, endless],
      [endless, endless],
    ],
    ['unanswered'],
  ],
];

test('bad input comes to a verdict, or to the cause of none', () => {
  for (const [what, rows, outcomes] of cases) assert.deepEqual(judged(rows).map(outcomeOf), outcomes, what);
});

test('bad values of one strategy take no verdict from the others', () => {
  const sound = [
    [1, 1.01, 0.99],
    [1.5, 1.52, 1.51],
  ];
  const [alone] = judged(sound);
  for (const bad of [
    [endless, 3, 3],
    [0, 1, 2],
    [Number.NaN, 1, 1],
    [null, null, null],
  ]) {
    const between = judged([...sound, bad])[0];
    assert.deepEqual([between?.verdict, between?.interval], [alone?.verdict, alone?.interval]);
  }
});

test('the level is shared by the metrics, and p is told for all of them', () => {
  const rows = [
    [100, 104, 98],
    [125, 121, 119],
    [112, 109, 113],
  ];
  const sides = rows.map((values, at) => sideOf(String(at), values));
  const widthOf = (metrics: readonly Metric[]): number[] =>
    checked(
      judgePairs(
        metrics.map((metric) => ({ metric, sides })),
        rule,
      ),
    ).map(({ interval, p, adjustedP, family }) => {
      assert.equal(family, metrics.length * 3);
      assert.equal(adjustedP, Math.min(1, (p ?? 1) * metrics.length));
      return interval.kind === 'bounded' ? interval.high / interval.low : assert.fail('unbounded');
    });
  const [one, four] = [
    widthOf(['read.p50']),
    widthOf(['read.p50', 'read.p99', 'write.p50', 'cpuPerRequest']),
  ];
  assert.ok((four[0] ?? 0) > (one[0] ?? 0));
  assert.deepEqual(four.slice(0, 3), four.slice(3, 6));
});

test('what is open says how many blocks would settle it, and those that have one block at least how many', () => {
  const open = (rows: readonly (readonly Value[])[]): Inconclusive => {
    const [verdict] = judged(rows);
    return verdict?.verdict === 'INCONCLUSIVE' ? verdict : assert.fail('it is conclusive');
  };
  const { needed } = open([
    [100, 140, 90],
    [150, 130, 160],
  ]);
  assert.ok(needed.kind === 'blocks' && needed.blocks > 3 && needed.toward === 'DIFFERENT');
  const same = open([
    [100, 104, 98],
    [101, 99, 103],
  ]).needed;
  assert.ok(same.kind === 'blocks' && same.toward === 'SAME');
  const one = open([[1], [2]]);
  assert.deepEqual(one.needed, { kind: 'at-least', blocks: fewestBlocks });
  assert.deepEqual(one.smallestEffect, { kind: 'none', blocksForAny: fewestBlocks });
});

test('a side that leaves more unanswered than the other, and than accidents explain, is not called better', () => {
  const values = { slow: [30, 31, 30], fast: [10, 10, 11] };
  const between = (slow: number, fast: number): string | undefined =>
    outcomeOf(
      judgePairs(
        [
          {
            metric: 'read.p50',
            sides: [sideOf('slow', values.slow, slow), sideOf('fast', values.fast, fast)],
          },
        ],
        rule,
      )[0],
    );
  assert.equal(between(0, 0), 'DIFFERENT');
  assert.equal(between(0, accidentShare), 'DIFFERENT');
  assert.equal(between(0.02, 0.01), 'DIFFERENT');
  assert.equal(between(0, 2 * accidentShare), 'unanswered');
});

test('one that never answers in few blocks is worse than one that hardly fails, and than no other', () => {
  const between = (unanswered: number): Verdict | undefined =>
    judgePairs(
      [
        {
          metric: 'read.p99',
          sides: [sideOf('never', [endless, endless, endless], 0.02), sideOf('other', [9, 8, 9], unanswered)],
        },
      ],
      rule,
    )[0];
  const sure = between(0);
  assert.ok(sure && preferred(sure) === 'candidate');
  assert.equal(outcomeOf(between(0.01)), 'unanswered');
});

test('with blocks enough the exact test decides about sides of which both fail', () => {
  const steady = Array.from({ length: 12 }, (_, block) => 9 + block / 100);
  const [verdict] = judgePairs(
    [
      {
        metric: 'read.p99',
        sides: [
          sideOf(
            'never',
            steady.map(() => endless),
            0.02,
          ),
          sideOf('other', steady, 0.01),
        ],
      },
    ],
    rule,
  );
  assert.ok(verdict && preferred(verdict) === 'candidate');
  assert.equal(verdict.p, 2 ** -11);
});

const value = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: 1e-3, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(null, 5, 5) },
  { weight: 1, arbitrary: fc.constantFrom(0, endless, -1, Number.NaN, 1e-310, 1e308) },
);
const sides = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }))
  .chain(([count, blocks]) =>
    fc.array(
      fc.tuple(fc.array(value, { minLength: blocks, maxLength: blocks }), fc.constantFrom(0, 0.0005, 0.02)),
      { minLength: count, maxLength: count },
    ),
  )
  .map((rows) => rows.map(([values, share], at) => sideOf(`s${at}`, values, share)));

test('whatever the values, every pair has a verdict that JSON and words can hold, and none favours who fails', () => {
  fc.assert(
    fc.property(sides, (given) => {
      const verdicts = checked(judgePairs([{ metric: 'read.p50', sides: given }], rule));
      assert.equal(verdicts.length, given.flatMap((_, at) => given.slice(at + 1)).length);
      for (const verdict of verdicts) {
        const better = preferred(verdict);
        if (better === null) continue;
        const other = better === 'baseline' ? 'candidate' : 'baseline';
        assert.equal(verdict.noAnswer[better], 0);
        const { [better]: own, [other]: theirs } = verdict.unansweredShare;
        assert.ok(own <= accidentShare || own <= theirs);
      }
      const { ranked, unranked } = rankStrategies(
        'read.p50',
        given.map(({ name }) => name),
        verdicts,
      );
      assert.equal(ranked.length + unranked.length, given.length);
      assert.ok(ranked.every(({ ratioToFirst }) => Number.isFinite(ratioToFirst)));
    }),
    { numRuns: 50 },
  );
});

test('the order of the strategies changes no verdict', () => {
  const digits = (verdict: unknown): unknown =>
    JSON.parse(
      JSON.stringify(verdict, (_key, each) =>
        typeof each === 'number' ? Number(each.toPrecision(6)) : each,
      ),
    );
  fc.assert(
    fc.property(sides, (given) => {
      const verdictsOf = (of: readonly Side[]) => judgePairs([{ metric: 'read.p50', sides: of }], rule);
      const back = verdictsOf(given.toReversed()).map(turned);
      for (const verdict of verdictsOf(given)) {
        const same = back.find(
          ({ baseline, candidate }) => baseline === verdict.baseline && candidate === verdict.candidate,
        );
        assert.deepEqual(digits(same), digits(verdict));
      }
    }),
    { numRuns: 25 },
  );
});
