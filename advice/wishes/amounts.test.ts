import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountIn } from './amounts.ts';

const read: readonly (readonly [typed: string, value: number])[] = [
  ['5000', 5000],
  [' 500k ', 500_000],
  ['2.3M', 2_300_000],
  ['1.005k', 1005],
  ['2e6', 2_000_000],
  ['1e+3', 1000],
  ['.5', 0.5],
];
test('amounts are read to the last digit', () => {
  for (const [typed, value] of read) assert.equal(amountIn(typed), value, typed);
});

test('what people do not type is no amount', () => {
  for (const typed of [
    '',
    ' ',
    '.',
    'k',
    '0x3e8',
    '+1',
    '-1',
    '1e-7',
    '1e300',
    '1,000',
    'Infinity',
    '5 k',
    '5kk',
  ])
    assert.ok(Number.isNaN(amountIn(typed)), typed);
});
