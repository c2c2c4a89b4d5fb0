import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type Topology, topologySchema } from '../servers/contract/topology.ts';
import { serviceKind } from './services/index.ts';
import { discoverStrategies } from './strategies.ts';
import { baseName, isDefault, variantsOf, withVariants } from './variants.ts';

const topology: Topology = {
  title: 'Mine',
  description: 'Sessions are mine.',
  services: [
    { name: 'cache', kind: 'redis', count: 1, memoryMiB: 64, settings: { program: 'valkey-server' } },
    { name: 'other', kind: 'redis', count: 1, memoryMiB: 64 },
  ],
  balancer: { affinity: 'none' },
  commandsPerOperation: { login: { set: 1 }, read: {}, write: {}, logout: {}, probe: {} },
  store: { size: 1, kept: true },
  variants: {
    safe: { title: 'safe', description: 'It is safe.', services: { cache: { persistence: 'always' } } },
    big: {
      title: 'big',
      description: 'It is big.',
      store: { size: 2 },
      commandsPerOperation: { login: { set: 2 }, read: {}, write: {}, logout: {}, probe: {} },
    },
  },
};
const mine = { name: 'mine', folder: '/mine', topology };

test('a variant is the strategy with the settings that it names, under its own name and words', () => {
  const [safe, big] = variantsOf(mine);
  assert.deepEqual([safe?.name, big?.name], ['mine@safe', 'mine@big']);
  assert.equal(safe?.folder, mine.folder);
  assert.equal(safe?.topology.title, 'Mine, safe');
  assert.equal(safe?.topology.description, 'It is safe.');
  assert.deepEqual(
    safe?.topology.services.map(({ settings }) => settings),
    [{ program: 'valkey-server', persistence: 'always' }, undefined],
  );
  assert.deepEqual(safe?.topology.commandsPerOperation, topology.commandsPerOperation);
  assert.deepEqual([safe?.topology.store, big?.topology.store], [topology.store, { size: 2, kept: true }]);
  assert.deepEqual(big?.topology.commandsPerOperation.login, { set: 2 });
});

test('a variant has no variants, and is measured where somebody names it', () => {
  const variants = variantsOf(mine);
  assert.deepEqual(variants.flatMap(variantsOf), []);
  assert.deepEqual(variants.map(isDefault), [false, false]);
  assert.ok(isDefault(mine));
  assert.deepEqual(
    withVariants([mine]).map(({ name }) => baseName(name)),
    ['mine', 'mine', 'mine'],
  );
});

test('mistakes in variants are reported together, each with its place', () => {
  const wrong = {
    ...topology,
    variants: {
      lost: { title: 'lost', description: 'Lost.', services: { cachee: { persistence: 'always' } } },
      idle: { title: 'idle', description: 'Idle.', services: { cache: {} } },
      long: { title: 'x'.repeat(40), description: 'Long.', store: { a: 1 } },
    },
    title: 'y'.repeat(30),
  };
  const parsed = topologySchema.safeParse(wrong);
  const text = parsed.success ? assert.fail('it was taken') : z.prettifyError(parsed.error);
  assert.match(text, /there is no service "cachee"; the strategy has cache, other\n.*variants\.lost/);
  assert.match(text, /changes no setting.*\n.*variants\.idle/);
  assert.match(text, /longer than 60 characters.*\n.*variants\.long/);
  const named = topologySchema.safeParse({
    ...topology,
    variants: { 'With Space': topology.variants?.safe },
  });
  assert.equal(named.success, false);
});

for (const { name, topology: own } of withVariants(await discoverStrategies())) {
  test(`${name}: its settings are those of its kinds of servers`, () => {
    for (const { kind, settings, count } of own.services) serviceKind(kind).configure(settings, count);
    // Tables on the screen have room for so much.
    assert.ok(own.title.length <= 21, own.title);
  });
}
