import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageOverrideError, readImageOverrides } from './names.ts';

test('images of the command line come before those of the environment; all mistakes are told', () => {
  const env = { SESSION_BENCH_IMAGES: 'redis=redis:7,mysql=mysql:8.4' };
  assert.deepEqual(
    [...readImageOverrides(['redis=valkey/valkey:9'], env)],
    [
      ['redis', 'valkey/valkey:9'],
      ['mysql', 'mysql:8.4'],
    ],
  );
  assert.throws(
    () => readImageOverrides(['redis', '=x'], {}),
    (error) => error instanceof ImageOverrideError && error.message.split('\n').length === 2,
  );
});
