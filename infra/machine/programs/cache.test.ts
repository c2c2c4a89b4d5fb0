/** Where things are cached for users as systems have them: known and unknown, with a home and without. */
import assert from 'node:assert/strict';
import os from 'node:os';
import { type TestContext, test } from 'node:test';
import { UserError } from '../../../record/user-error.ts';
import { cacheFolder, usableHome } from './cache.ts';

/** This process as another user. @param home as the system's list of users has it; null where the user is not in it */
function become(context: TestContext, uid: number, home: string | null): void {
  context.mock.property(process, 'getuid', () => uid);
  context.mock.method(os, 'userInfo', () => {
    if (home === null) throw Object.assign(new Error('no such user'), { code: 'ERR_SYSTEM_ERROR' });
    return { homedir: home };
  });
}

test('without HOME, the home of the system’s list of users is taken', (context) => {
  become(context, 1000, '/home/somebody');
  for (const env of [{}, { HOME: '' }])
    assert.equal(cacheFolder(env), '/home/somebody/.cache/session-bench', JSON.stringify(env));
  assert.equal(cacheFolder({ HOME: '/h' }), '/h/.cache/session-bench');
});

test('a user without any home is told what to set, and is no crash', (context) => {
  become(context, 54_321, null);
  assert.equal(usableHome({}), null);
  for (const env of [{}, { HOME: '' }, { HOME: 'relative' }, { HOME: '~' }])
    assert.throws(
      () => cacheFolder(env),
      (error: unknown) => error instanceof UserError && error.message.includes('SESSION_BENCH_CACHE'),
      JSON.stringify(env),
    );
  assert.equal(cacheFolder({ SESSION_BENCH_CACHE: '/c' }), '/c');
});

test('root needs no home', (context) => {
  become(context, 0, null);
  assert.equal(cacheFolder({}), '/var/cache/session-bench');
});
