/** What pages came to, from the trials' records to the report. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pages } from '../../record/pages.ts';
import { encoded, newHistogram } from '../../record/testing/engine-files.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { reportedWith } from '../fixtures/temporary.ts';
import { html } from '../render/html/index.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { clopperPearson } from '../statistics/distributions/beta.ts';

const strategies = inventedStrategies.filter(({ name }) => ['redis', 'memcached'].includes(name));
const small = { strategies, blocks: 2, measureSeconds: 1, rate: 400 } as const;

/** 99 pages of 2 ms, one of 40 ms, and two that failed. */
function inventedPages(changed: Partial<Pages> = {}): Pages {
  const latencies = newHistogram();
  for (let page = 0; page < 99; page += 1) latencies.recordValue(2_000);
  latencies.recordValue(40_000);
  return {
    count: 102,
    failed: 2,
    settling: 0,
    clear: 80,
    writes: 160,
    lostUpdates: 30,
    takenVersions: 25,
    logouts: 10,
    undoneLogouts: 0,
    logins: 5,
    survivedLogins: 0,
    intended: encoded(latencies),
    ...changed,
  };
}

const withPages = (record: TrialRecord): TrialRecord => ({
  ...record,
  pages: inventedPages(record.strategy === 'redis' ? {} : { lostUpdates: 0, takenVersions: 0 }),
});

test('pages of all trials are summed up, with exact intervals, and latencies of those that failed have no end', async (t) => {
  const { summary, document } = await reportedWith(t, { ...small, trial: withPages });
  const [redis, memcached] = ['redis', 'memcached'].map(
    (name) => summary.strategies.find((each) => each.name === name)?.concurrency,
  );
  assert.ok(redis && memcached);
  assert.deepEqual([redis.pages, redis.writes, redis.lostUpdates, redis.takenVersions], [204, 320, 60, 50]);
  assert.deepEqual(redis.lostShare, clopperPearson(60, 320));
  assert.deepEqual([memcached.lostUpdates, memcached.lostShare], [0, clopperPearson(0, 320)]);
  // Of 204 pages, 4 failed: the 202nd in their order is one of those.
  assert.equal(redis.p99Ms, 'no answer');
  assert.ok(typeof redis.p50Ms === 'number' && Math.abs(redis.p50Ms - 2) < 0.01);
  for (const told of [markdown(document), terminal(document), await html(document)]) {
    assert.ok(told.includes('Concurrency') && told.includes('60 of 320'), told.slice(0, 200));
  }
});

test('a scenario without pages has no such section and no such number', async (t) => {
  const { summary, document } = await reportedWith(t, small);
  assert.deepEqual(new Set(summary.strategies.map(({ concurrency }) => concurrency)), new Set([null]));
  assert.ok(!markdown(document).includes('Concurrency'));
});
