import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headlineOf, inOneLine, withLog } from './log-lines.ts';

test('a log is told in whole lines, the last ones, and each cut where it is long', () => {
  const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  assert.equal(inOneLine(['', ' first ', '', 'second']), 'first | second');
  assert.match(inOneLine(lines), /^line 22 \| .* \| line 29$/);
  const [cut = ''] = inOneLine(['x'.repeat(5000), 'the end']).split(' | ');
  assert.ok(cut.length < 250 && cut.endsWith('x …'), cut);
});

test('the headline is what happened without the log', () => {
  for (const lines of [['a', 'b'], ['a; its last log lines: b']])
    assert.equal(headlineOf(withLog('redis-1 ended with SIGKILL', lines)), 'redis-1 ended with SIGKILL');
  assert.equal(headlineOf(withLog('k6 ended', [])), 'k6 ended; it wrote nothing to its log');
  assert.equal(headlineOf('no log at all'), 'no log at all');
});
