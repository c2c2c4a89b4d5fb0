import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { nothingSaid, type Topology, topologySchema } from '../servers/contract/topology.ts';
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
  outlasts: nothingSaid,
  traits: null,
  commandsPerOperation: { login: { set: 1 }, read: {}, write: {}, logout: {}, probe: {} },
  store: { size: 1, kept: true },
  variants: {
    safe: {
      title: 'safe',
      description: 'It is safe.',
      services: { cache: { persistence: 'always' } },
      outlasts: { storeCrash: 'kept' },
    },
    big: {
      title: 'big',
      description: 'It is big.',
      store: { size: 2 },
      outlasts: {},
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

test('a strategy or variant that says nothing of what its sessions outlast is a mistake to the compiler', () => {
  const { outlasts: _outlasts, traits: _traits, ...rest } = topology;
  // @ts-expect-error both are asked for
  const silent: Topology = rest;
  // What another checkout's topology leaves out is not known.
  const parsed = topologySchema.parse({ ...silent, outlasts: { appEnd: 'kept' }, variants: {} });
  assert.deepEqual(parsed.outlasts, { ...nothingSaid, appEnd: 'kept' });
  assert.equal(parsed.traits, null);
  const quiet = { title: 'quiet', description: 'It is quiet.', store: { a: 1 } };
  // @ts-expect-error `{}` says that a variant keeps sessions as the strategy does
  const variants: Topology['variants'] = { quiet };
  assert.ok(topologySchema.safeParse({ ...topology, variants }).success);
  const [safe] = variantsOf(mine);
  assert.deepEqual(safe?.topology.outlasts, { ...nothingSaid, storeCrash: 'kept' });
});

for (const { name, topology: own } of withVariants(await discoverStrategies())) {
  test(`${name}: its settings are those of its kinds of servers, and it says what it is on paper`, () => {
    for (const { kind, settings, count } of own.services) serviceKind(kind).configure(settings, count);
    const { failover: _none, storeCrash, storeRestart, ...others } = own.outlasts;
    const traits = own.traits ?? assert.fail('it has no traits');
    assert.equal(traits.servers === null, own.services.length === 0, 'servers on paper and in fact');
    const ofServers = traits.servers === null ? [] : [storeCrash, storeRestart];
    assert.ok([...ofServers, ...Object.values(others)].every((fate) => fate !== null));
    // Tables on the screen have room for so much.
    assert.ok(own.title.length <= 21, own.title);
  });
}
