import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoverStrategies } from '../infra/strategies.ts';
import { withVariants } from '../infra/variants.ts';
import { flushesIntoMemory } from './flushes.ts';

const strategies = withVariants(await discoverStrategies());

test('who flushes is told where the data is in memory, and nobody where it is not, or where that is unknown', () => {
  const [reason, ...others] = flushesIntoMemory({ strategies }, true);
  assert.deepEqual(others, []);
  assert.equal(reason?.code, 'data-in-memory');
  const named = reason?.message.split(' flush to')[0]?.split(', ') ?? [];
  assert.deepEqual(named.sort(), [
    'mysql',
    'mysql@flush-each-second',
    'mysql@tls',
    'postgres',
    'postgres@async-commit',
    'postgres@tls',
    'postgres@unlogged',
    'redis@aof-always',
    'redis@aof-everysec',
    'valkey@aof-always',
    'valkey@aof-everysec',
  ]);
  const one = flushesIntoMemory({ strategies: strategies.filter(({ name }) => name === 'mysql') }, true);
  assert.match(one[0]?.message ?? '', /^mysql flushes to the disk/);
  const quiet = strategies.filter(({ name }) => ['redis', 'sticky', 'redis-cluster@wait-1'].includes(name));
  assert.deepEqual(flushesIntoMemory({ strategies: quiet }, true), []);
  for (const known of [false, null]) assert.deepEqual(flushesIntoMemory({ strategies }, known), []);
});
