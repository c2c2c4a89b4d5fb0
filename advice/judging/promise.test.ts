import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PromiseRecord } from '../../record/search.ts';
import type { CapacityEvidence, StrategyEvidence } from '../evidence/evidence.ts';
import { inventedEvidence, measured, operation, RUN } from '../testing/evidence.ts';
import type { Judged } from './judged.ts';
import { judgePromise } from './promise.ts';

const invented = inventedEvidence.strategies[0] ?? assert.fail('no strategy');

const notMeasured = {
  kind: 'missing',
  what: 'it was not measured at a rate',
  command: 'npm run bench',
} as const;

const promiseOf = (limitMs: number): PromiseRecord => ({
  text: `p99<${limitMs}ms`,
  terms: [{ kind: 'latency', operation: null, percentile: 99, limitMicros: 1000 * limitMs }],
});
const asked = promiseOf(50);

interface Seen {
  readonly rate: number;
  readonly p99Ms: number;
  readonly keptTo?: number | null;
}

/** Invented percentiles: p99 is four times the median. */
const ran = ({ rate, p99Ms, keptTo = null }: Seen): StrategyEvidence['latencies'][number] => ({
  run: `run-${rate}`,
  rate,
  keptTo,
  operations: { read: operation(p99Ms / 4) },
});

const found = (
  limit: CapacityEvidence['answer']['limit'],
  low: number | null,
  high: number | null,
  limitMs = 50,
): CapacityEvidence => ({ run: 'search', promise: promiseOf(limitMs), answer: { limit, low, high } });

const strategyWith = (
  runs: readonly Seen[],
  searches: readonly CapacityEvidence[] = [],
): StrategyEvidence => ({
  ...invented,
  load: notMeasured,
  latencies: runs.map(ran),
  capacity: measured(searches),
});

const at = (rate: number, p99Ms: number): Seen => ({ rate, p99Ms });
const [good, bad] = [20, 359];

interface Case {
  readonly what: string;
  readonly runs?: readonly Seen[];
  readonly searches?: readonly CapacityEvidence[];
  readonly wished: number;
  readonly verdict: Judged['verdict'];
  /** In what shows it. */
  readonly shows?: readonly RegExp[];
}

const cases: readonly Case[] = [
  {
    what: 'a search kept it above a rate at which a run did not',
    runs: [at(1500, bad)],
    searches: [found('strategy', 1620, 2400)],
    wished: 1500,
    verdict: 'open',
    shows: [/kept at 1,620 requests\/s \(run search\)/, /359 ms at 1,500 requests\/s.*run-1500/],
  },
  {
    what: 'a search kept it above a run that did not, and both are below and above the wished rate',
    runs: [at(1500, bad)],
    searches: [found('strategy', 1620, 2400)],
    wished: 1600,
    verdict: 'open',
  },
  {
    what: 'a search kept it at less than is wished, and looked no further',
    searches: [found('all-passed', 1120, null)],
    wished: 1500,
    verdict: 'open',
    shows: [/kept at 1,120/, /1,500 requests\/s are wished/],
  },
  {
    what: 'a search kept it at less than is wished, and not at more',
    searches: [found('strategy', 1120, 1640)],
    wished: 1500,
    verdict: 'open',
    shows: [/kept at 1,120/, /not kept at 1,640/],
  },
  {
    what: 'a search kept it at the wished rate',
    searches: [found('strategy', 1500, 1640)],
    wished: 1500,
    verdict: 'met',
  },
  {
    what: 'a search did not keep it at less than is wished',
    runs: [at(640, good)],
    searches: [found('strategy', 1120, 1640)],
    wished: 1700,
    verdict: 'broken',
    shows: [/not kept at 1,640/],
  },
  {
    what: 'a search that did not keep a stricter promise at less says nothing',
    runs: [at(1500, good)],
    searches: [found('strategy', 600, 800, 10)],
    wished: 1000,
    verdict: 'met',
  },
  {
    what: 'the nearest run above kept it, and one far above did not',
    runs: [at(1500, bad), at(640, good)],
    wished: 344,
    verdict: 'met',
    shows: [/at 640 requests\/s/],
  },
  { what: 'the nearest run above did not keep it', runs: [at(1500, bad)], wished: 344, verdict: 'broken' },
  {
    what: 'a run below kept it and the nearest above did not',
    runs: [at(300, good), at(1500, bad)],
    wished: 344,
    verdict: 'open',
    shows: [/at 300 .*run-300/, /at 1,500 .*run-1500/],
  },
  {
    what: 'two runs above disagree, the lower having failed',
    runs: [at(640, bad), at(1500, good)],
    wished: 344,
    verdict: 'open',
    shows: [/at 1,500 .*run-1500/, /at 640 .*run-640/],
  },
  {
    what: 'two runs at one rate disagree',
    runs: [at(640, bad), at(640, good)],
    wished: 640,
    verdict: 'open',
  },
  {
    what: 'all runs are below, and the highest kept it',
    runs: [at(300, good), at(640, good)],
    wished: 1000,
    verdict: 'met',
  },
  {
    what: 'all runs are below, and the highest did not keep it',
    runs: [at(300, good), at(640, bad)],
    wished: 1000,
    verdict: 'broken',
  },
  {
    what: 'all runs are below, and the lower did not keep it',
    runs: [at(300, bad), at(640, good)],
    wished: 1000,
    verdict: 'open',
  },
  {
    what: 'no rate kept it, and a run did',
    runs: [at(640, good)],
    searches: [found('none-passed', null, 10)],
    wished: 344,
    verdict: 'open',
    shows: [/at 640/, /at no rate/],
  },
  { what: 'no rate kept it', searches: [found('none-passed', null, 10)], wished: 344, verdict: 'broken' },
];

for (const { what, runs = [], searches = [], wished, verdict, shows = [] } of cases)
  test(`a promise is ${verdict} where ${what}`, () => {
    const [judged, ...others] = judgePromise(strategyWith(runs, searches), asked, wished);
    assert.equal(judged?.verdict, verdict, judged?.shows);
    assert.equal(others.length, 0);
    for (const each of shows) assert.match(judged?.shows ?? '', each);
  });

test('a run that gave too few answers to have percentiles keeps a wish near it open', () => {
  const strategy: StrategyEvidence = {
    ...strategyWith([at(640, good)]),
    behind: [{ run: 'far', offered: 3000, answered: 1200 }],
  };
  const [near] = judgePromise(strategy, asked, 1500);
  assert.equal(near?.verdict, 'open');
  assert.match(near?.shows ?? '', /at 640 .*could not keep up with 3,000 requests\/s/);
  assert.equal(judgePromise(strategy, asked, 500)[0]?.verdict, 'met');
});

test('the run that servers are counted by speaks at the rate that it offered', () => {
  // 4 ms at 1,000/s.
  const own: StrategyEvidence = { ...invented, latencies: [ran(at(1300, bad))] };
  assert.equal(judgePromise(own, asked, 900)[0]?.verdict, 'met');
  const overloaded = { ...own, behind: [{ run: RUN, offered: 1500, answered: 1000 }] };
  const [judged] = judgePromise(overloaded, asked, 900);
  assert.equal(judged?.verdict, 'open');
  assert.match(judged?.shows ?? '', /at 1,500 requests\/s.*at 1,300 requests\/s/);
});

test('each term is told by itself where one run answers them all', () => {
  const slo: PromiseRecord = {
    text: 'both',
    terms: [...asked.terms, { kind: 'errors', limitShare: 0.001 }],
  };
  const judged = judgePromise(strategyWith([at(640, good)]), slo, 344);
  assert.deepEqual(
    judged.map(({ verdict }) => verdict),
    ['met', 'met'],
  );
});

test('percentiles of a search speak up to what it found to be kept, and are told at the rate that they are of', () => {
  const strategy: StrategyEvidence = {
    ...strategyWith([at(1500, bad)]),
    latencies: [ran({ ...at(2260, good), keptTo: 1620 }), ran(at(1550, bad))],
  };
  const [judged] = judgePromise(strategy, asked, 1550);
  assert.equal(judged?.verdict, 'open');
  assert.match(judged?.shows ?? '', /20 ms at 2,260 requests\/s.*359 ms at 1,550/);
  const alone: StrategyEvidence = { ...strategy, latencies: strategy.latencies.slice(0, 1) };
  assert.deepEqual(
    [1600, 1700].map((wished) => judgePromise(alone, asked, wished)[0]?.verdict),
    ['met', 'open'],
  );
  // What is late at the rate of its trials says nothing against a lower one.
  const late = strategyWith([{ ...at(2260, bad), keptTo: 1620 }, at(1700, good)]);
  assert.equal(judgePromise(late, asked, 1700)[0]?.verdict, 'met');
});

test('where all operations keep together what the slowest does not, that is said', () => {
  const strategy: StrategyEvidence = {
    ...strategyWith([]),
    latencies: [
      {
        run: 'rare',
        rate: 640,
        keptTo: null,
        operations: { login: operation(bad / 4, 10), read: operation(good / 8, 10_000) },
      },
    ],
  };
  const [judged] = judgePromise(strategy, asked, 640);
  assert.equal(judged?.verdict, 'met');
  assert.match(
    judged?.shows ?? '',
    /^all operations together keep p99<50ms \(login p99 359 ms at 640 requests\/s\)$/,
  );
});

const seen: fc.Arbitrary<Seen> = fc.record({
  rate: fc.constantFrom(300, 640, 1000, 1500),
  p99Ms: fc.constantFrom(4, 16, 60),
  keptTo: fc.constantFrom(null, 200, 800),
});
const searched: fc.Arbitrary<CapacityEvidence> = fc
  .record({
    limit: fc.constantFrom('strategy' as const, 'all-passed' as const, 'none-passed' as const),
    low: fc.constantFrom(200, 640, 1200),
    limitMs: fc.constantFrom(5, 20, 50),
  })
  .map(({ limit, low, limitMs }) =>
    found(
      limit,
      limit === 'none-passed' ? null : low,
      limit === 'strategy' ? 1.3 * low : limit === 'none-passed' ? 10 : null,
      limitMs,
    ),
  );

test('a stricter promise is never out less, whatever runs and searches say at whatever rates', () => {
  fc.assert(
    fc.property(
      fc.array(seen, { minLength: 1, maxLength: 4 }),
      fc.array(searched, { maxLength: 3 }),
      fc.constantFrom(200, 640, 900, 1500, 3000),
      fc.constantFrom(3, 8, 18, 40, 70),
      fc.constantFrom(0.2, 0.5, 0.9),
      (runs, searches, wished, limitMs, times) => {
        const strategy = strategyWith(runs, searches);
        const isOut = (slo: PromiseRecord): boolean =>
          judgePromise(strategy, slo, wished).some(({ verdict }) => verdict === 'broken');
        const loose = promiseOf(limitMs);
        const strict = promiseOf(limitMs * times);
        const more = { text: 'more', terms: [...loose.terms, ...promiseOf(12).terms] };
        if (isOut(loose)) assert.ok(isOut(strict) && isOut(more));
      },
    ),
    { numRuns: 3000 },
  );
});

test('what is met is contradicted by no run at that rate or below', () => {
  fc.assert(
    fc.property(
      fc.array(seen, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(200, 640, 900, 3000),
      (runs, wished) => {
        const [judged] = judgePromise(strategyWith(runs), asked, wished);
        if (judged?.verdict !== 'met') return;
        for (const { rate, p99Ms } of runs) assert.ok(p99Ms < 50 || rate > wished, `${rate} ${p99Ms}`);
      },
    ),
  );
});
