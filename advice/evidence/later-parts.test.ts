import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footprintsIn, survivalIn } from './later-parts.ts';

const series = {
  strategy: 'redis',
  payloadBytes: 1700,
  keptIn: 'memory',
  storeFixedBytes: 1e6,
  storeBytesPerSession: 2100,
  appFixedBytes: 1e8,
  appBytesPerSession: 0,
  testedFrom: 1000,
  testedTo: 1e6,
  heldOutError: 0.02,
  sizes: [{ sessions: 0 }, { sessions: 1000 }, { sessions: 50_000 }, { sessions: 1e6 }],
};

test('series of a run that weighed sessions are read, those with unknown numbers are not', () => {
  const summary = {
    footprint: [
      series,
      { ...series, payloadBytes: 200, storeBytesPerSession: null },
      { ...series, strategy: 'sticky' },
    ],
  };
  const [found, ...others] = footprintsIn(summary, 'redis');
  assert.equal(found?.storeBytesPerSession, 2100);
  assert.equal(found?.heldOutTimes, 20);
  assert.equal(others.length, 0);
  assert.deepEqual(footprintsIn({}, 'redis'), []);
});

test('apps that grow by less than is told take the most that it may be; of those that keep the sessions it must be known', () => {
  const unweighed = { ...series, appFixedBytes: null, appBytesPerSession: null };
  const found = (each: object) => footprintsIn({ footprint: [each] }, 'redis');
  assert.equal(found({ ...unweighed, appBytesPerSessionAtMost: 12 })[0]?.appBytesPerSession, 12);
  assert.equal(found(unweighed)[0]?.appBytesPerSession, null);
  assert.deepEqual(found({ ...unweighed, appBytesPerSessionAtMost: 12, keptIn: 'apps' }), []);
});

const result = (
  strategy: string,
  fault: string,
  lost: number,
  writesLost: number | null,
  expected: string | null,
) => ({
  strategy,
  fault,
  expected,
  sessions: { lost, of: 1000, unknown: 0, interval: null },
  writesLost,
});

const cases: readonly (readonly [ReturnType<typeof result>, string | null, string | null])[] = [
  [result('redis', 'store-kill', 1000, 0, 'lost'), 'store-restart', 'all'],
  [result('redis@aof-always', 'store-kill', 0, 0, 'kept'), 'store-restart', 'none'],
  [result('redis@aof-everysec', 'store-restart', 3, 1, 'newest-lost'), 'store-restart', 'second'],
  [result('sticky', 'app-kill', 500, 0, 'lost'), 'app-restart', 'node'],
  [result('postgres', 'rolling-deploy', 0, 2, 'kept'), 'app-restart', 'second'],
  [result('redis-cluster', 'master-kill', 0, 4, 'newest-lost'), 'store-restart', 'second'],
  // All servers of a cluster at once are more than one failure.
  [result('redis-cluster', 'store-kill', 1000, 0, 'lost'), null, null],
  [result('redis', 'balancer-reload', 0, 0, 'kept'), null, null],
  [result('redis', 'store-kill', 0, null, 'lost'), 'store-restart', null],
];

for (const [each, event, loses] of cases)
  test(`${each.strategy} through ${each.fault} with ${each.sessions.lost} lost sessions`, () => {
    const [found] = survivalIn(
      { design: { kind: 'faults', results: [each] } },
      each.strategy,
      each.strategy === 'redis-cluster' ? { kind: 'shards', fewest: 3, copies: 2 } : { kind: 'one' },
    );
    assert.deepEqual([found?.event ?? null, found?.loses ?? null], [event, loses]);
  });

test('a run without faults tells of none', () => {
  assert.deepEqual(survivalIn({ design: { kind: 'blocks' } }, 'redis', { kind: 'one' }), []);
});

const seen: readonly (readonly [lost: number, writes: number | null, words: string])[] = [
  [1000, 0, '1,000 of 1,000 sessions were lost'],
  [0, 1, '0 of 1,000 sessions and 1 acknowledged write were lost'],
  [3, 2, '3 of 1,000 sessions and 2 acknowledged writes were lost'],
  [3, null, '3 of 1,000 sessions were lost'],
];
for (const [lost, writes, words] of seen)
  test(`what a fault lost is told: ${words}`, () => {
    const results = [result('redis', 'store-kill', lost, writes, 'lost')];
    const [found] = survivalIn({ design: { kind: 'faults', results } }, 'redis', { kind: 'one' });
    assert.equal(found?.seen, words);
  });
