import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoverScenarios } from './scenarios.ts';

test('every scenario has a workload and a script', async () => {
  const scenarios = await discoverScenarios();
  assert.deepEqual(
    scenarios.map(({ workload }) => workload.name),
    ['login-storm', 'read-heavy', 'steady'],
  );
  for (const { workload, script } of scenarios) assert.ok(script.endsWith(`/${workload.name}.ts`));
});
