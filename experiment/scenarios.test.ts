import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from 'k6/x/session';
import { mixOfPages } from '../record/workload.ts';
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
    ['login-storm', 'page', 'read-heavy', 'reads', 'skewed', 'steady'],
  );
  for (const { workload, script } of scenarios) assert.ok(script.endsWith(`/${workload.name}.ts`));
});

test('the mix of a scenario of pages is what its pages come to', async () => {
  const ofPages = (await discoverScenarios()).flatMap(({ workload: { arrival, mix } }) =>
    arrival.kind === 'page' ? [{ arrival, mix }] : [],
  );
  assert.ok(ofPages.length > 0);
  for (const { arrival, mix } of ofPages) {
    const sum = mixOfPages(arrival);
    for (const operation of ['login', 'read', 'write', 'logout'] as const)
      assert.ok(Math.abs(sum[operation] - mix[operation]) < 1e-9, `${operation}: ${sum[operation]}`);
  }
});
