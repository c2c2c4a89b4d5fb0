import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, nounFor } from './counted.ts';

test('one is singular, all else is plural', () => {
  assert.deepEqual(
    [0, 1, 2, 1234].map((value) => counted(value, 'trial')),
    ['0 trials', '1 trial', '2 trials', '1,234 trials'],
  );
  assert.deepEqual(
    [counted(1, 'process', 'processes'), counted(3, 'process', 'processes')],
    ['1 process', '3 processes'],
  );
  assert.deepEqual([nounFor(1, 'is', 'are'), nounFor(0, 'is', 'are')], ['is', 'are']);
});
