import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from '../record/workload.ts';
import type { Workload as K6Workload } from '../scenarios/workload.ts';
import { discoverScenarios } from './scenarios.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

test('the workload that k6 scripts know is the one of the record', () => {
  // k6 cannot load zod, so scenarios/workload.ts repeats the type; this does not compile where it differs.
  const same: Same<DeepReadonly<Workload>, DeepReadonly<K6Workload>> = true;
  assert.ok(same);
});

test('every scenario has a workload and a script', async () => {
  const scenarios = await discoverScenarios();
  assert.deepEqual(
    scenarios.map(({ workload }) => workload.name),
    ['login-storm', 'read-heavy', 'steady'],
  );
  for (const { workload, script } of scenarios) assert.ok(script.endsWith(`/${workload.name}.ts`));
});
