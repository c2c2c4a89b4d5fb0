import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeRunLock } from './run-lock.ts';

test('the second run is told who measures, and gets the lock once that one has ended', async () => {
  const name = `test-${process.pid}`;
  const first = await takeRunLock(name, '/results/first');
  assert.equal(first.status, 'held');
  const second = await takeRunLock(name, '/results/second');
  assert.equal(second.status, 'taken');
  assert.equal(second.status === 'taken' && second.by?.pid, process.pid);
  assert.equal(second.status === 'taken' && second.by?.results, '/results/first');
  if (first.status === 'held') first.release();
  const third = await takeRunLock(name, '/results/third');
  assert.equal(third.status, 'held');
  if (third.status === 'held') third.release();
});
