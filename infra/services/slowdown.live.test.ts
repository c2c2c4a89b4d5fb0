/** The self-test alone slows an app down: nothing that is not in the code of its command can. */
import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { app } from './app/index.ts';
import type { NodeContext } from './definition.ts';

const repository = path.resolve(import.meta.dirname, '../..');

const settings = {
  main: '/app/main.ts',
  storeModule: '/store.ts',
  strategy: 'redis',
  compileCache: null,
  sessionTtlSeconds: 60,
  storeTimeoutMs: 1000,
  endpoints: {},
};

/** What an app process is given: its file and its environment. */
function given(extra: object): { readonly config: object; readonly env: object } {
  const context: NodeContext = {
    name: 'app-1',
    number: 1,
    count: 1,
    host: '127.0.0.1',
    ports: { main: 4000, admin: 4001 },
    folders: { config: '/config', data: '/data', run: '/run' },
    memoryMiB: 512,
    cores: 1,
    openFiles: 20_000,
    network: 'direct',
    programs: {},
    secret: (name) => `a secret for ${name} that is long enough`,
    certificate: () => ({ key: 'key', certificate: 'certificate' }),
  };
  const plan = app.configure({ ...settings, ...extra }, 1).plan(context);
  const [file] = plan.files;
  return { config: JSON.parse(String(file?.content)), env: plan.command.env ?? {} };
}

test('an app is slowed down by its settings', () => {
  const { config } = given({ slowdown: { cpuMicrosPerRequest: 40 } });
  assert.deepEqual(Object.entries(config).find(([key]) => key === 'slowdown')?.[1], {
    cpuMicrosPerRequest: 40,
  });
});

test('and by nothing in the environment', (t) => {
  const names = [
    'SESSION_BENCH_SLOWDOWN',
    'SLOWDOWN',
    'SESSION_APP_SLOWDOWN',
    'slowdown',
    'CPU_MICROS_PER_REQUEST',
  ];
  for (const name of names) process.env[name] = '5000';
  t.after(() => {
    for (const name of names) delete process.env[name];
  });
  const { config, env } = given({});
  assert.ok(!('slowdown' in config));
  assert.deepEqual(
    Object.keys(env).filter((name) => names.includes(name)),
    [],
  );
});

test('nothing but the self-test names a slowdown', async () => {
  const naming: string[] = [];
  for await (const file of glob('{experiment,scripts}/**/*.ts', { cwd: repository })) {
    const text = await readFile(path.join(repository, file), 'utf8');
    if (/\bslowdown: \{/.test(text) && !file.endsWith('.test.ts')) naming.push(file);
  }
  assert.deepEqual(naming, ['experiment/selftest/plan.ts']);
});
