import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metric } from '../../record/metrics.ts';
import { allAnswered, judgeFamily } from '../statistics/compare.ts';
import { seededRandom } from '../statistics/random.ts';
import { remedy, sentence, sizeBelow } from './sentence.ts';

/** Redis over PostgreSQL in 12 blocks. */
function verdictOf(metric: Metric, ratio: number, spread: number, blocks = 12) {
  const random = seededRandom(2);
  const ratios = Array.from({ length: blocks }, () => ratio * Math.exp(spread * random.normal()));
  const [verdict] = judgeFamily([
    {
      metric,
      baseline: {
        name: 'PostgreSQL',
        trials: ratios.map((_, block) => ({ block, value: 100 })),
        answers: allAnswered,
      },
      candidate: {
        name: 'Redis',
        trials: ratios.map((each, block) => ({ block, value: 100 * each })),
        answers: allAnswered,
      },
    },
  ]);
  assert.ok(verdict);
  return verdict;
}
const say = (...given: Parameters<typeof verdictOf>) => sentence(verdictOf(...given));

test('a difference is said with its direction and size', () => {
  assert.match(
    say('cpuPerRequest', 0.8, 0.05),
    /^Redis uses \d\d–\d\d % less CPU per request than PostgreSQL$/,
  );
  assert.match(say('read.p99', 1.3, 0.02), /^Redis' read p99 is \d\d–\d\d % higher than PostgreSQL's$/);
  assert.equal(
    say('cpuPerRequest.app', 2.5, 0),
    'Redis uses 2.5 times as much CPU per request in the app as PostgreSQL',
  );
  assert.equal(say('capacity', 3, 0), "Redis' capacity is 3 times PostgreSQL's");
});

test('sameness is said with how far it is sure', () => {
  assert.match(
    say('memory.app', 1, 0.02),
    /^memory in the app of Redis and PostgreSQL is the same to within [\d.]+ %$/,
  );
});

test('what stays open is said with what the run could have seen, and what would help', () => {
  assert.match(
    say('read.p99', 1.2, 0.6),
    /^read p99 inconclusive: this run could only have seen a factor of [\d.]+$/,
  );
  assert.match(
    say('read.p50', 1.06, 0.02),
    /inconclusive: Redis' read p50 is [\d.]+–[\d.]+ % higher .* may be less than the 5 % that matter/,
  );
  assert.match(remedy(verdictOf('read.p50', 1.1, 0.12)) ?? '', /^about \d+ blocks in all would settle it/);
  assert.match(say('read.p50', 1, 0.1, 0), /no block has a valid trial of both/);
  assert.match(say('read.p50', 1, 0.1, 1), /1 block is too few; it takes at least 8 blocks/);
  assert.match(say('read.p50', 0, 0), /in 12 blocks a value is zero/);
});

test('no size is told beside a side that has no answer in some blocks, unless the others bound one', () => {
  const verdict = verdictOf('read.p99', 0.8, 0.02);
  assert.ok(verdict.verdict === 'DIFFERENT');
  const noAnswer = { baseline: 3, candidate: 0 };
  const highest = (high: number) =>
    sizeBelow({ ...verdict, noAnswer, interval: { ...verdict.interval, high } });
  assert.deepEqual([0.88, 1, 1.2].map(highest), ['at least 12 %', null, null]);
});
