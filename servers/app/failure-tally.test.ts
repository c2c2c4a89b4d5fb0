import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipped } from '../lib/clipped.ts';
import { FailureTally } from './failure-tally.ts';

test('failures are counted by their words, whatever numbers are in them, the most frequent first', () => {
  const tally = new FailureTally();
  tally.add(new Error('get: closed'));
  for (let port = 1; port <= 3; port += 1)
    tally.add(new Error(`set: connect ECONNREFUSED 127.0.0.1:${port}`));
  assert.deepEqual(tally.read(), [
    { reason: 'set: connect ECONNREFUSED 127.0.0.1:1', count: 3 },
    { reason: 'get: closed', count: 1 },
  ]);
});

test('a store that fails in ever new words fills no memory', () => {
  const tally = new FailureTally();
  for (let turn = 0; turn < 500; turn += 1) tally.add(new Error(`key ${'x'.repeat(turn)} is unknown`));
  const told = tally.read();
  assert.ok(told.length <= 13);
  assert.equal(
    told.reduce((sum, { count }) => sum + count, 0),
    500,
  );
  assert.ok(told.some(({ reason }) => reason === 'other failures'));
  assert.ok(told.every(({ reason }) => reason.length <= 302));
});

test('a long text is cut between words', () => {
  const cases = [
    ['short', 10, 'short'],
    ['say what it is', 10, 'say what …'],
    ['0123456789abc', 10, '0123456789 …'],
    ['a bcdefghijkl', 10, 'a bcdefghi …'],
  ] as const;
  for (const [text, most, expected] of cases) assert.equal(clipped(text, most), expected);
});
