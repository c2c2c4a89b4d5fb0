/** In containers too, three counts agree exactly; what ran is told, and nothing is left of it in the engine. */
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { assertCountsAgree } from '../counts.ts';
import { assertSameAs, contents, needsEngine } from './engine.ts';

test('three counts agree in every trial of every strategy', needsEngine, async (context) => {
  const before = await contents();
  const { record, trials, folder } = await assertCountsAgree(context, 'docker');
  await assertSameAs(before);

  assert.equal(record.runtime, 'docker');
  assert.deepEqual(
    record.strategies.filter(({ status }) => status !== 'measured'),
    [],
    'every strategy is to be had in Docker',
  );
  for (const { name, versions, budgets } of record.strategies) {
    for (const { version, origin, product } of versions) {
      assert.match(version, /^\d+\.\d+/, `${name}: ${product}`);
      assert.match(origin, /sha256:/, `${name}: ${product}`);
    }
    const tiers = new Set(budgets?.map(({ tier }) => tier));
    assert.ok(tiers.has('app') && tiers.has('balancer') && (name === 'sticky' || tiers.has('store')), name);
  }
  assert.ok(record.versions.some(({ product }) => product === 'Docker Engine'));
  for (const { number, strategy, usage } of trials) {
    const logs = path.join(folder, 'trials', `${String(number).padStart(3, '0')}-${strategy}`, 'logs');
    for (const log of ['app-1.log', 'app-2.log', 'balancer-1.log', 'k6.log', 'compose.yml'])
      await access(path.join(logs, log));
    for (const tier of [usage.app, usage.balancer])
      assert.ok(tier && tier.cpuMicros > 0 && (tier.memoryBytes ?? 0) > 0, strategy);
  }
});
