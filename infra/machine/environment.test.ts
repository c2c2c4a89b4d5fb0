import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { environmentFor, ownEnvironment } from './environment.ts';
import { runOrThrow } from './run.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** What some program that we use would act on. */
const foreign = {
  ...{
    NODE_OPTIONS: '--require x',
    NODE_USE_ENV_PROXY: '1',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_DEBUG: 'http',
  },
  ...{
    UV_THREADPOOL_SIZE: '1',
    OPENSSL_CONF: 'x',
    LD_PRELOAD: 'x',
    LD_LIBRARY_PATH: 'x',
    MALLOC_ARENA_MAX: '1',
  },
  ...{
    PGHOST: 'x',
    PGSSLMODE: 'require',
    PGOPTIONS: 'x',
    REDIS_URL: 'x',
    MYSQL_PWD: 'x',
    MEMCACHIER_SERVERS: 'x',
  },
  ...{
    K6_VUS: '7',
    K6_OUT: 'x',
    GODEBUG: 'x',
    GOGC: '1',
    GOMAXPROCS: '1',
    GOOS: 'windows',
    GOFLAGS: 'x',
    GOWORK: 'x',
  },
  ...{
    GIT_DIR: 'x',
    GIT_INDEX_FILE: 'x',
    COMPOSE_FILE: 'x',
    DOCKER_DEFAULT_PLATFORM: 'x',
    ZX_PREFIX: 'x',
    DEBUG: '*',
  },
  ...{
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'de_DE.UTF-8',
    LANGUAGE: 'de',
    TZ: 'Asia/Kathmandu',
    TMP: 'x',
    TEMP: 'x',
    IFS: 'x',
  },
  ...{
    NODE_ENV: 'test',
    ESBUILD_BINARY_PATH: 'x',
    BASH_ENV: 'x',
    ENV: 'x',
    CDPATH: 'x',
    WHAT_NOBODY_KNOWS_YET: 'x',
  },
};

test('a server sees PATH, a locale and nothing else', () => {
  const seen = environmentFor('server', { ...foreign, PATH: '/bin', HOME: '/root', HTTP_PROXY: 'http://x' });
  assert.deepEqual(seen, { PATH: '/bin', LANG: 'C.UTF-8' });
});

test('what is not known is not let in, whatever it is for', () => {
  const own = ownEnvironment({ ...foreign, PATH: '/bin' });
  assert.deepEqual(Object.keys(own), ['PATH']);
  for (const purpose of ['program', 'git', 'go', 'npm', 'packages', 'engine'] as const)
    assert.deepEqual(environmentFor(purpose, { ...foreign, PATH: '/bin' }), {
      PATH: '/bin',
      LANG: 'C.UTF-8',
    });
});

test('each purpose has what it needs, and not what others need', () => {
  const all = {
    PATH: '/bin',
    HOME: '/h',
    HTTPS_PROXY: 'p',
    GOPROXY: 'g',
    DOCKER_HOST: 'd',
    npm_config_cache: 'n',
  };
  const seen = (purpose: Parameters<typeof environmentFor>[0]) => {
    const { PATH: _path, LANG: _lang, ...others } = environmentFor(purpose, all);
    return others;
  };
  assert.deepEqual(seen('program'), { HOME: '/h' });
  assert.deepEqual(seen('go'), { HOME: '/h', HTTPS_PROXY: 'p', GOPROXY: 'g' });
  assert.deepEqual(seen('engine'), { HOME: '/h', HTTPS_PROXY: 'p', DOCKER_HOST: 'd' });
  assert.deepEqual(seen('npm'), { HOME: '/h', HTTPS_PROXY: 'p', npm_config_cache: 'n' });
});

test('our own keeps what can be handed on, and chosen again it is the same', () => {
  const once = ownEnvironment({
    ...foreign,
    PATH: 'bin:/x::.',
    SESSION_BENCH_CACHE: '/c',
    DOCKER_HOST: 'd',
    TERM: 'xterm',
  });
  assert.deepEqual(ownEnvironment(once), once);
  assert.deepEqual([once.SESSION_BENCH_CACHE, once.DOCKER_HOST, once.TERM], ['/c', 'd', 'xterm']);
  const [first, ...others] = (once.PATH ?? '').split(':');
  assert.equal(first, '/x');
  assert.ok(others.includes('/usr/bin') && others.every((folder) => folder.startsWith('/')));
});

test('a command goes on without what Node.js read when it started, and with its own files its own', async (context) => {
  const script = path.join(temporaryFolder(context), 'command.mjs');
  const home = JSON.stringify(new URL('environment.ts', import.meta.url).href);
  await writeFile(
    script,
    `import { enterOwnEnvironment } from ${home};
    enterOwnEnvironment(process.argv[1], process.argv.slice(2));
    const { env, argv } = process;
    console.log(JSON.stringify({ names: Object.keys(env).sort(), words: argv.slice(2), umask: process.umask() }));`,
  );
  const env = {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: 'http://127.0.0.1:9',
    NODE_OPTIONS: '--no-warnings',
    LC_ALL: 'C',
  };
  const shell = ['-c', 'umask 0777; exec "$@"', 'sh', process.execPath, script, 'one', '--two'];
  const { stdout } = await runOrThrow('/bin/sh', shell, { env });
  assert.deepEqual(JSON.parse(stdout), {
    names: ['HTTP_PROXY', 'PATH'],
    words: ['one', '--two'],
    umask: 0o077,
  });
});
