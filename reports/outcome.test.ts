import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noErrors, noViolations } from '../record/common.ts';
import type { FixtureName } from './fixtures/index.ts';
import { reported, reportedWith } from './fixtures/temporary.ts';
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
    // One of its series was stopped.
    ['footprint', true, 'invalid'],
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

const small = { blocks: 1, measureSeconds: 1, rate: 200 } as const;

test('a wrong answer before the measured phase is a wrong answer', async (t) => {
  const { summary } = await reportedWith(t, {
    ...small,
    trial: (record) =>
      record.strategy === 'redis'
        ? {
            ...record,
            before: { login: { count: 9, errors: noErrors, violations: { ...noViolations, crossed: 3 } } },
          }
        : record,
  });
  assert.equal(outcomeOf(summary, true), 'violations');
  assert.match(summary.answer, /^Wrong answers came from Redis \(3 crossed\)/);
  assert.doesNotMatch(summary.answer, /[Aa]ll .* kept/);
});

test('arrivals that were due and never sent are requests without an answer', async (t) => {
  const droppedBy = (dropped: number) =>
    reportedWith(t, {
      ...small,
      trial: (record) =>
        record.strategy === 'redis' ? { ...record, pacing: { ...record.pacing, dropped } } : record,
    });
  const statusOf = ({ summary }: Awaited<ReturnType<typeof droppedBy>>) =>
    summary.strategies.find(({ name }) => name === 'redis')?.status;
  const many = await droppedBy(40);
  assert.deepEqual([statusOf(many), outcomeOf(many.summary, true)], ['failed', 'unanswered']);
  assert.equal(statusOf(await droppedBy(4)), 'valid');
});
