import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, gateCodeOf } from './exit-codes.ts';

/** They are an interface: README and CI scripts rely on them. */
test('exit codes', () => {
  assert.deepEqual(gateCodeOf, { ok: 0, regression: 1, invalid: 2, inconclusive: 3 });
  assert.deepEqual(codeOf, {
    ok: 0,
    violations: 1,
    unanswered: 1,
    invalid: 2,
    unavailable: 69,
    failed: 70,
    interrupted: 130,
  });
});
