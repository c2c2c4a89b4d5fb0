import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { noteOf, tryLock, withLock } from './lock.ts';

const name = `test-${process.pid}`;

test('works one after the other, in one process too, and those that wait are counted', async () => {
  let running = 0;
  let waited = 0;
  const work = async () => {
    running += 1;
    assert.equal(running, 1);
    await new Promise(setImmediate);
    running -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(name, () => (waited += 1), work)));
  assert.equal(waited, 2);
  await assert.rejects(
    withLock(name, assert.fail, () => Promise.reject(new Error('of the work'))),
    /of the work/,
  );
  const lock = await tryLock(name);
  assert.equal(lock.status, 'held');
  if (lock.status === 'held') lock.release();
  assert.equal(await noteOf(name), null);
});

test('a lock whose owner is killed is free', async () => {
  const script = `
    const { tryLock } = await import(${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))});
    console.log((await tryLock(${JSON.stringify(name)}, 'of the child')).status);
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [status] = await once(createInterface({ input: owner.stdout }), 'line');
  assert.equal(status, 'held');
  assert.deepEqual(await tryLock(name), { status: 'taken' });
  assert.equal(await noteOf(name), 'of the child');
  let waited = 0;
  await withLock(
    name,
    () => {
      waited += 1;
      owner.kill('SIGKILL');
    },
    async () => {},
  );
  assert.equal(waited, 1);
});
