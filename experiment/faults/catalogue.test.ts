import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoverStrategies } from '../../infra/strategies.ts';
import { withVariants } from '../../infra/variants.ts';
import { faults, mainFaults } from './catalogue.ts';
import { expectedOf, possibilitiesOf } from './possible.ts';
import { LEAD_SECONDS, measuredSecondsOf, TAIL_SECONDS } from './timing.ts';

const strategies = withVariants(await discoverStrategies());

test('names are such as can be typed between commas, and each is there once', () => {
  const names = faults.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z][a-z0-9-]*$/);
});

test('there is steady load before each fault and behind the time that recovery may take', () => {
  for (const fault of faults)
    assert.ok(
      measuredSecondsOf(fault) - fault.lastsSeconds - fault.recoverySeconds >= LEAD_SECONDS + TAIL_SECONDS,
    );
});

test('every strategy says on paper what becomes of its sessions by every main fault that it can have', () => {
  for (const { fault, able } of possibilitiesOf(mainFaults, strategies))
    for (const strategy of able)
      assert.notEqual(expectedOf(fault, strategy), null, `${strategy.name} under ${fault.name}`);
});

test('proxies are for the faults of the network, as the doctor says, and for no others', () => {
  for (const { name, network } of faults)
    assert.equal(network === 'proxied', name.startsWith('network-'), name);
});

const onPaper: readonly (readonly [fault: string, strategy: string, expected: string | null])[] = [
  ['store-kill', 'redis', 'lost'],
  ['store-kill', 'redis@aof-always', 'kept'],
  ['store-kill', 'redis@aof-everysec', 'newest-lost'],
  ['store-kill', 'postgres', 'kept'],
  ['store-kill', 'postgres@async-commit', 'newest-lost'],
  ['store-restart', 'postgres@async-commit', 'kept'],
  ['store-kill', 'postgres@unlogged', 'lost'],
  ['store-restart', 'postgres@unlogged', 'kept'],
  ['master-kill', 'redis-cluster@wait-1', 'newest-lost'],
  ['app-kill', 'sticky', 'lost'],
  ['balancer-reload', 'sticky', 'kept'],
  ['store-freeze', 'memcached', 'kept'],
];

for (const [name, of, expected] of onPaper) {
  test(`on paper: ${of} under ${name}: ${expected}`, () => {
    const fault = faults.find((each) => each.name === name) ?? assert.fail(name);
    const strategy = strategies.find((each) => each.name === of) ?? assert.fail(of);
    assert.equal(expectedOf(fault, strategy), expected);
  });
}

test('masters are killed where another server takes over, and nowhere else', () => {
  const [killed] = possibilitiesOf(
    faults.filter(({ name }) => name === 'master-kill'),
    strategies,
  );
  assert.deepEqual(
    killed?.able.map(({ name }) => name),
    ['redis-cluster', 'redis-cluster@wait-1', 'redis-cluster@client-defaults'],
  );
});

test('what no runtime can do is said why, for every strategy', () => {
  const beyond = faults.filter(({ name }) => ['disk-full', 'clock-step'].includes(name));
  for (const { able, impossible } of possibilitiesOf(beyond, strategies)) {
    assert.deepEqual(able, []);
    assert.equal(Object.keys(impossible).length, strategies.length);
  }
});
