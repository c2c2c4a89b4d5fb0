import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlaces } from './programs.ts';

test('programs in an image are read from what its shell printed', () => {
  const places = parsePlaces('mysqld\t/usr/sbin/mysqld\t/usr/sbin/mariadbd\nnot three fields\n');
  assert.deepEqual(
    [...places],
    [['mysqld', { path: '/usr/sbin/mysqld', root: null, resolvedName: 'mariadbd' }]],
  );
});
