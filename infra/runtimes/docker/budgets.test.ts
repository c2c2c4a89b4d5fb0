import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetOf, memoryLimitMiB, readBudgetOverrides } from './budgets.ts';

test('budgets: a quarter more than the topology’s memory, the tier’s cores, or what was given instead', () => {
  const placement = {
    cores: { generator: [0], balancer: [1], app: [2, 3], store: [4] },
    shared: false,
    siblings: null,
    kinds: null,
    description: '',
  };
  assert.deepEqual(budgetOf('app', 512, placement), { cpuset: '2,3', cpus: 2, memoryMiB: 640 });
  assert.equal(memoryLimitMiB(100), 164, 'at least 64 MiB more');
  const given = readBudgetOverrides('store.memory=48, app.cpus=0.5,app.memory=99');
  if (given.status === 'mistakes') return assert.fail(given.mistakes.join());
  assert.deepEqual(given.value, { store: { memoryMiB: 48 }, app: { cpus: 0.5, memoryMiB: 99 } });
  assert.deepEqual(budgetOf('app', 512, placement, given.value), { cpuset: '2,3', cpus: 0.5, memoryMiB: 99 });
  const wrong = readBudgetOverrides('stor.memory=1,app.cpus=0,app.disk=1,app.cpus=1,app.cpus=1');
  assert.equal(wrong.status === 'mistakes' && wrong.mistakes.length, 4);
});
