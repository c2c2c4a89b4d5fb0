import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationName } from './common.ts';
import { failureIn, failureInWords, type OperationCounts, rightAnswersTo } from './failure.ts';

type Counts = readonly [operation: OperationName, count: number, failed: number, wrong?: number];

const asked = (...counts: readonly Counts[]): OperationCounts =>
  Object.fromEntries(
    counts.map(([operation, count, timeout, lost = 0]) => [
      operation,
      {
        count,
        errors: { timeout, connection: 0, server: 0, protocol: 0 },
        violations: { lost, stale: 0, resurrected: 0, crossed: 0 },
      },
    ]),
  );

const cases: readonly (readonly [
  what: string,
  counts: readonly Counts[],
  failed: OperationName | 'all' | null,
])[] = [
  ['all is well', [['read', 1000, 0]], null],
  ['nothing was asked', [], null],
  [
    'nothing is answered',
    [
      ['login', 20, 20],
      ['read', 1000, 1000],
    ],
    'all',
  ],
  ['just up to the limit', [['read', 1000, 50]], null],
  ['just above the limit', [['read', 1000, 51]], 'all'],
  ['every answer is wrong', [['read', 1000, 0, 1000]], 'all'],
  ['silent and wrong answers together', [['read', 1000, 30, 30]], 'all'],
  [
    'only rare logins fail',
    [
      ['login', 20, 20],
      ['read', 980, 0],
    ],
    'login',
  ],
  [
    'only a third of the rare writes',
    [
      ['write', 30, 10],
      ['read', 970, 0],
    ],
    'write',
  ],
  [
    'one accident among few',
    [
      ['login', 1, 1],
      ['read', 99, 0],
    ],
    null,
  ],
  [
    'two accidents among twenty',
    [
      ['logout', 20, 2],
      ['read', 980, 0],
    ],
    null,
  ],
];

test('a strategy has failed above the share, of all its requests or surely of one operation', () => {
  for (const [what, counts, failed] of cases)
    assert.equal(failureIn([asked(...counts)])?.of ?? null, failed, what);
});

test('trials are taken together, and the failure is said with its counts', () => {
  const [good, bad] = [asked(['read', 100, 0]), asked(['read', 100, 100])];
  const failure = failureIn([good, good, bad]) ?? assert.fail('it has failed');
  assert.equal(failureInWords(failure), '100 of 300 requests got no right answer');
  assert.equal(rightAnswersTo('read', [good, good, bad]), 200);
  assert.equal(failureIn(Array(30).fill(good).concat(bad)), null);
});
