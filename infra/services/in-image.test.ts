import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FoundPrograms } from './in-image.ts';
import { serviceKind } from './index.ts';

const holding = (...fileNames: readonly string[]): FoundPrograms =>
  new Map(
    fileNames.map((name) => [
      name,
      { path: `/usr/bin/${name}`, root: null, resolvedName: name, version: null },
    ]),
  );

const inImage = (kind: string, settings: unknown = {}) => serviceKind(kind).configure(settings, 1);

test('an image must hold every program that the plan uses', () => {
  const { image, programsInImage } = inImage('postgres');
  assert.deepEqual(image, { kind: 'postgres', image: 'postgres:18' });
  assert.deepEqual(programsInImage.fileNames, ['postgres', 'initdb']);
  assert.equal(programsInImage.choose(holding('postgres', 'initdb')).status, 'found');
  assert.deepEqual(programsInImage.choose(holding('postgres')), {
    status: 'missing',
    candidates: ['initdb'],
  });
});

test('in an image Valkey serves in place of Redis, but Redis not in place of Valkey', () => {
  const redis = inImage('redis').programsInImage.choose(holding('valkey-server'));
  assert.equal(redis.status === 'found' && redis.programs['redis-server']?.path, '/usr/bin/valkey-server');
  const valkey = inImage('redis', { program: 'valkey-server' });
  assert.equal(valkey.image.kind, 'valkey');
  assert.equal(valkey.programsInImage.choose(holding('redis-server')).status, 'missing');
});

test('Memcached is run with the program for passwords where an image has it, and without it elsewhere', () => {
  const { programsInImage } = inImage('memcached');
  for (const fileNames of [['memcached'], ['memcached', 'saslpasswd2']]) {
    const chosen = programsInImage.choose(holding(...fileNames));
    assert.deepEqual(chosen.status === 'found' && Object.keys(chosen.programs), fileNames);
  }
  assert.equal(programsInImage.choose(holding('saslpasswd2')).status, 'missing');
});
