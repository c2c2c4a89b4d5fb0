import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImageOverrides } from './names.ts';

test('an image for each kind; all mistakes are told, a second image for a kind among them', () => {
  const read = readImageOverrides(['redis=valkey/valkey:9', 'mysql=mysql:8.4']);
  if (read.status === 'mistakes') return assert.fail(read.mistakes.join());
  assert.deepEqual(
    [...read.value],
    [
      ['redis', 'valkey/valkey:9'],
      ['mysql', 'mysql:8.4'],
    ],
  );
  const wrong = readImageOverrides(['redis', '=x', 'redis=redis:7', 'redis=redis:7']);
  if (wrong.status === 'ok') return assert.fail('no mistake');
  assert.equal(wrong.mistakes.length, 3);
  assert.match(wrong.mistakes.join(), /several images for redis; keep one/);
});
