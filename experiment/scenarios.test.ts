import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from 'k6/x/session';
import { discoverScenarios } from './scenarios.ts';

test('the workload that k6 scripts know is the one of the record', () => {
  // A wrong path in infra/k6/session.d.ts makes the type `any` without a message. Then this line has no error, and says so.
  // @ts-expect-error
  const none: Workload = null;
  assert.equal(none, null);
});

test('every scenario has a workload and a script', async () => {
  const scenarios = await discoverScenarios();
  assert.deepEqual(
    scenarios.map(({ workload }) => workload.name),
    ['login-storm', 'read-heavy', 'reads', 'steady'],
  );
  for (const { workload, script } of scenarios) assert.ok(script.endsWith(`/${workload.name}.ts`));
});
