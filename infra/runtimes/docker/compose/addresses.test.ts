import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressIn } from './addresses.ts';

test('servers have addresses one after the other, behind the network’s own and the engine’s', () => {
  assert.equal(addressIn('172.20.0.0/16', 1), '172.20.0.2');
  assert.equal(addressIn('172.20.0.0/16', 2), '172.20.0.3');
  assert.equal(addressIn('192.168.16.0/20', 300), '192.168.17.45');
  assert.equal(addressIn('240.10.7.96/27', 1), '240.10.7.98');
});

test('a network holds as many servers as it has addresses left, and no more', () => {
  assert.equal(addressIn('10.1.2.0/28', 13), '10.1.2.14');
  assert.throws(() => addressIn('10.1.2.0/28', 14), /10\.1\.2\.0\/28.*default-address-pools/);
});
