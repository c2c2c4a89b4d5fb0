import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImageOverrides } from './names.ts';

test('the last image of a kind counts; all mistakes are told', () => {
  const read = readImageOverrides(['redis=redis:7', 'mysql=mysql:8.4', 'redis=valkey/valkey:9']);
  if (read.status === 'mistakes') return assert.fail(read.mistakes.join());
  assert.deepEqual(
    [...read.value],
    [
      ['redis', 'valkey/valkey:9'],
      ['mysql', 'mysql:8.4'],
    ],
  );
  const wrong = readImageOverrides(['redis', '=x']);
  assert.equal(wrong.status === 'mistakes' && wrong.mistakes.length, 2);
});
