import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FixtureName } from './fixtures/index.ts';
import { reported } from './fixtures/temporary.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

test('what a run came to, for each kind of run', async () => {
  const expected: [FixtureName, boolean, Outcome][] = [
    ['good', true, 'ok'],
    ['violations', true, 'violations'],
    ['invalid', false, 'invalid'],
    ['nothing', false, 'invalid'],
    ['failed', false, 'unanswered'],
    ['failed-alone', true, 'unanswered'],
    ['not-measured', false, 'ok'],
    ['not-measured', true, 'invalid'],
    ['killed', true, 'interrupted'],
    ['capacity', true, 'invalid'],
    ['capacity-single', true, 'ok'],
  ];
  for (const [name, named, outcome] of expected)
    assert.equal(outcomeOf((await reported(name)).summary, named), outcome, name);
});

test('where nothing can run, and where the run failed', async () => {
  const { summary } = await reported('single');
  const lacking = summary.strategies.map((each) => ({ ...each, status: 'not-measured' as const }));
  assert.equal(outcomeOf({ ...summary, strategies: lacking }, true), 'unavailable');
  assert.equal(outcomeOf({ ...summary, status: 'failed' }, true), 'failed');
});
