import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allowedCores, parseCoreList, placeOn } from './placement.ts';

const tiers = ['generator', 'balancer', 'app', 'store'] as const;

test('a list of cores is read as the kernel writes it', () => {
  assert.deepEqual(parseCoreList('0-3,8\n'), [0, 1, 2, 3, 8]);
  assert.deepEqual(parseCoreList('5'), [5]);
});

test('one core: all tiers share it', () => {
  const { cores, shared, description } = placeOn([3]);
  assert.deepEqual(cores, { generator: [3], balancer: [3], app: [3], store: [3] });
  assert.equal(shared, true);
  assert.match(description, /shares core 3/);
});

test('two cores: the generator and the balancer on the first, the rest on the second', () => {
  const { cores, shared } = placeOn([0, 1]);
  assert.deepEqual(cores, { generator: [0], balancer: [0], app: [1], store: [1] });
  assert.equal(shared, true);
});

test('four cores: each tier has its own, also when they are not numbered from 0', () => {
  const { cores, shared } = placeOn([4, 5, 6, 7]);
  assert.deepEqual(cores, { generator: [4], balancer: [5], app: [6], store: [7] });
  assert.equal(shared, false);
});

test('eight cores: two for the generator, two for the apps', () => {
  const { cores } = placeOn([0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(cores, { generator: [0, 1], balancer: [2], app: [3, 4], store: [5, 6, 7] });
});

test('whatever the machine: every tier has a core, only allowed ones are used, none is idle, and sharing is told', () => {
  const anyCores = fc
    .uniqueArray(fc.nat(255), { minLength: 1, maxLength: 128 })
    .map((cores) => cores.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(anyCores, (allowed) => {
      const { cores, shared } = placeOn(allowed);
      const used = tiers.flatMap((tier) => [...cores[tier]]);
      assert.ok(tiers.every((tier) => cores[tier].length > 0));
      assert.deepEqual(new Set(used), new Set(allowed));
      assert.equal(shared, new Set(used).size < used.length);
    }),
  );
});

test('this machine allows at least one core', async () => {
  assert.ok((await allowedCores()).length >= 1);
});
