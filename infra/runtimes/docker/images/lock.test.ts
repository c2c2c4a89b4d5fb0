import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../machine/testing/temporary-folder.ts';
import { pinnedName, readImageLock, writeImageLock } from './lock.ts';

test('the lock file keeps digests, and one that is broken says so', async (context) => {
  const file = path.join(temporaryFolder(context), 'images.lock.json');
  assert.equal((await readImageLock(file)).size, 0);
  const digest = `sha256:${'a'.repeat(64)}`;
  await writeImageLock(new Map([['redis:8', digest]]), file);
  assert.equal((await readImageLock(file)).get('redis:8'), digest);
  assert.equal(pinnedName('redis:8', digest), `redis:8@${digest}`);
  assert.equal(pinnedName(`redis:8@${digest}`, digest), `redis:8@${digest}`);
  assert.equal(pinnedName('host:5000/redis', digest), `host:5000/redis@${digest}`);
  writeFileSync(file, '{"images":{"redis:8":"latest"}}');
  await assert.rejects(readImageLock(file), /is no lock file of images[\s\S]*pin again/);
});
