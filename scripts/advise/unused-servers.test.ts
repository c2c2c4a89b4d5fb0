import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inventedEvidence, modestWishes } from '../../advice/testing/evidence.ts';
import { unusedServers } from './unused-servers.ts';

test('servers of what no run measured are told, those of a variant of what one did are not', () => {
  const wishes = { ...modestWishes, has: ['mysql', 'redis', 'postgres@unlogged'] };
  const told = unusedServers({ evidence: inventedEvidence, wishes });
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /Servers of mysql .* npm run bench -- --strategy mysql\./);
});
