import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeadlineError, until } from './until.ts';

test('repeats until the attempt succeeds, and gives its result', async () => {
  let attempts = 0;
  const result = await until('the third attempt', 5_000, () => {
    attempts += 1;
    if (attempts < 3) throw new Error('not yet');
    return attempts;
  });
  assert.equal(result, 3);
});

test('a missed deadline names what was awaited and the last reason', async () => {
  const waiting = until('a miracle', 30, () => Promise.reject(new Error('the sky is clear')));
  await assert.rejects(waiting, (error) => {
    assert.ok(error instanceof DeadlineError);
    assert.match(error.message, /a miracle.*the sky is clear/);
    return true;
  });
});

test('waiting ends at once when it has no sense any more', async () => {
  const reason = new Error('the server has ended');
  let attempts = 0;
  const waiting = until('an answer', 60_000, () => Promise.reject(new Error('refused')), {
    unless: () => (attempts++ < 2 ? null : reason),
  });
  await assert.rejects(waiting, reason);
});
