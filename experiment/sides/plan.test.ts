import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { repository } from '../repository.ts';
import { discoverScenarios } from '../scenarios.ts';
import { strategyNamed } from '../testing/fake-run.ts';
import { assertVariantsThere } from './measure.ts';
import { comparePlan, comparisonOf } from './plan.ts';

const checkout = (folder: string, label: string) => ({
  folder,
  appMain: path.join(folder, 'servers/app/main.ts'),
  strategies: ['redis', 'sticky'].map((name) => ({
    ...strategyNamed(name),
    folder: path.join(folder, 'servers/strategies', name),
  })),
  code: { label, commit: null, dirty: null, digest: label },
});

test('all code that a comparison runs is that of the copies, and none of the checkout that a person may edit', async () => {
  const [scenario = assert.fail('no scenario')] = await discoverScenarios();
  assert.ok(scenario.script.startsWith(repository));
  const here = ['redis', 'sticky'].map((name) => ({
    ...strategyNamed(name),
    folder: path.join(repository, 'servers/strategies', name),
  }));
  const wishes = { scenario, blocks: 3, duration: 1, rate: { mode: 'auto' }, seed: 1 } as const;
  const [baseline, candidate] = [checkout('/tmp/b', 'main'), checkout('/tmp/c', 'the working tree')];
  const plan = comparePlan(comparisonOf(wishes, here), { baseline, candidate });
  assert.deepEqual(
    plan.strategies.map(({ name, folder }) => [name, folder, plan.design.apps.get(name)?.appMain]),
    [
      ['redis-baseline', '/tmp/b/servers/strategies/redis', baseline.appMain],
      ['redis-candidate', '/tmp/c/servers/strategies/redis', candidate.appMain],
      ['sticky-baseline', '/tmp/b/servers/strategies/sticky', baseline.appMain],
      ['sticky-candidate', '/tmp/c/servers/strategies/sticky', candidate.appMain],
    ],
  );
  assert.equal(plan.script, path.join('/tmp/c', path.relative(repository, scenario.script)));
  assert.deepEqual([plan.design.baseline, plan.design.candidate], [baseline.code, candidate.code]);
  const own = { ...scenario, script: '/home/me/my-scenario.ts' };
  const mine = comparePlan(comparisonOf({ ...wishes, scenario: own }, here), { baseline, candidate });
  assert.equal(mine.script, own.script, 'a script from elsewhere stays where it is');
});

test('a variant that a ref does not have is told before anything is started', () => {
  const here = ['redis', 'redis@aof-always'].map(strategyNamed);
  const there = (strategies: typeof here) => () =>
    assertVariantsThere({ strategies: here }, { label: 'v1.0' }, { strategies });
  assert.throws(there(here.slice(0, 1)), /"v1\.0" has no variant redis@aof-always.*Name a newer ref/);
  assert.doesNotThrow(there(here));
});
