import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SettingsError } from './definition.ts';
import { serviceKind } from './index.ts';

const mistakes = (kind: string, settings: unknown, count = 1): string => {
  try {
    serviceKind(kind).configure(settings, count);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message;
  }
  assert.fail('the settings were taken');
};

test('an unknown kind of service is answered with those that there are', () => {
  assert.throws(() => serviceKind('mongodb'), /"mongodb".*memcached, mysql, postgres, redis/);
});

test('unknown and wrong settings are listed together', () => {
  const message = mistakes('redis', { clustre: true, persistence: 'rdb' });
  assert.match(message, /clustre/);
  assert.match(message, /persistence/);
});

test('a cluster needs three masters, each with the same number of replicas', () => {
  assert.match(mistakes('redis', { cluster: true, replicas: 1 }, 5), /multiple of 2 and at least 6, not 5/);
  assert.match(mistakes('redis', { cluster: true }, 2), /at least 3/);
  assert.match(mistakes('redis', { replicas: 1 }, 2), /needs cluster/);
  assert.ok(serviceKind('redis').configure({ cluster: true, replicas: 1 }, 6));
});

test('databases that do not share data come alone', () => {
  assert.match(mistakes('postgres', {}, 2), /count must be 1/);
  assert.match(mistakes('mysql', {}, 2), /count must be 1/);
});

test('valkey is a setting of redis', () => {
  const service = serviceKind('redis').configure({ program: 'valkey-server' }, 1);
  assert.deepEqual(
    service.programs.map(({ name }) => name),
    ['valkey-server'],
  );
});
