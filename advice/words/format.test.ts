import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionsWords, wishedMoney } from './format.ts';

test('a budget is told as it was wished', () => {
  assert.equal(wishedMoney(106.5, 'USD'), '106.50 USD');
  assert.equal(wishedMoney(106, 'USD'), '106 USD');
  assert.equal(wishedMoney(16_790, 'JPY'), '16,790 JPY');
});

test('one session is not several', () => {
  assert.deepEqual([sessionsWords(1), sessionsWords(2000)], ['1 session', '2,000 sessions']);
});
