import assert from 'node:assert/strict';
import { test } from 'node:test';
import { couldNotKeepUp } from './overloaded.ts';
import { reasonOf } from './reasons.ts';
import type { TrialSummary } from './summary.ts';

type Told = Parameters<typeof couldNotKeepUp>[0][number];

const trial = (queued: boolean, status: TrialSummary['status'] = 'valid', strategy = 'mysql'): Told => ({
  strategy,
  status,
  warnings: queued
    ? [reasonOf('overloaded', 'operations queued')]
    : [reasonOf('connections-busy', 'some waited')],
});

const cases: readonly (readonly [what: string, trials: readonly Told[], expected: boolean])[] = [
  ['half of its trials queued', [trial(true), trial(false)], true],
  ['fewer than half did', [trial(true), trial(false), trial(false)], false],
  ['none did', [trial(false)], false],
  ['there are none', [], false],
  ['only those that do not count did', [trial(true, 'invalid'), trial(false)], false],
  ['only another strategy did', [trial(true, 'valid', 'redis'), trial(false)], false],
];

for (const [what, trials, expected] of cases)
  test(`a strategy ${expected ? 'could not keep up' : 'kept up'} where ${what}`, () => {
    assert.equal(couldNotKeepUp(trials, 'mysql'), expected);
  });
