import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingOf, reasonOf } from '../../record/reasons.ts';
import { asWarning, bySeverity } from './check.ts';

test('findings are told once, the gravest first, otherwise in their order', () => {
  const noise = () => asWarning(reasonOf('noise-tolerated', 'No number here can be relied on.'));
  const wrong = (who: string) => findingOf('violations', `${who} gave wrong answers.`);
  assert.deepEqual(bySeverity([noise(), wrong('redis'), noise(), wrong('sticky')]), [
    wrong('redis'),
    wrong('sticky'),
    noise(),
  ]);
});
