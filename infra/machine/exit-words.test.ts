import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitInWords } from './exit-words.ts';

test('the signal is named where one ended it, and no code is null', () => {
  assert.deepEqual(
    [exitInWords(0, null), exitInWords(107, null), exitInWords(null, 'SIGKILL'), exitInWords(null, null)],
    ['exit code 0', 'exit code 107', 'SIGKILL', 'an unknown signal'],
  );
});
