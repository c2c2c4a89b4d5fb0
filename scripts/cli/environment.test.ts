import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { readEnvironment } from './environment.ts';

const repository = path.resolve(import.meta.dirname, '../..');

test('every variable is read, and empty ones are as those that are not set', () => {
  const { environment, mistakes } = readEnvironment({
    SESSION_BENCH_STRATEGIES: import.meta.dirname,
    SESSION_BENCH_IMAGES: 'redis=redis:7,mysql=mysql:8.4',
    SESSION_BENCH_BUDGETS: 'store.memory=48',
    SESSION_BENCH_NOISE: 'tolerate',
    SESSION_BENCH_LOCK: 'mine',
  });
  assert.deepEqual(Object.values(mistakes).flat(), []);
  assert.equal(environment.strategyFolders.at(-1), import.meta.dirname);
  assert.equal(environment.images.get('mysql'), 'mysql:8.4');
  assert.deepEqual(environment.budgets, { store: { memoryMiB: 48 } });
  assert.deepEqual(
    environment.limits.moved.map(({ code }) => code),
    ['noise-tolerated'],
  );
  assert.equal(environment.runLock, 'mine');
  const empty = { SESSION_BENCH_IMAGES: '', SESSION_BENCH_BUDGETS: '', SESSION_BENCH_LOCK: '' };
  assert.deepEqual(readEnvironment(empty), readEnvironment({}));
});

test('every mistake names its variable and what to write instead; the rest is read all the same', () => {
  const { environment, mistakes } = readEnvironment({
    SESSION_BENCH_STRATEGIES: '/nonesuch/one:/nonesuch/two',
    SESSION_BENCH_IMAGES: 'redis',
    SESSION_BENCH_BUDGETS: 'disk.size=1',
    SESSION_BENCH_NOISE: 'loud',
    SESSION_BENCH_GENERATOR_BUDGET: '2',
  });
  assert.match(
    mistakes.strategyFolders.join('\n'),
    /SESSION_BENCH_STRATEGIES.*\/one".*\n.*\/two"; name folders/,
  );
  assert.match(mistakes.images.join(), /SESSION_BENCH_IMAGES: "redis" is no KIND=IMAGE/);
  assert.match(mistakes.budgets.join(), /SESSION_BENCH_BUDGETS: "disk\.size=1" is no budget/);
  assert.equal(mistakes.limits.length, 2);
  assert.deepEqual(environment, readEnvironment({}).environment);
});

test('docs/environment.md lists every variable in the source', async () => {
  const page = await readFile(path.join(repository, 'docs/environment.md'), 'utf8');
  const names = new Set<string>();
  for await (const file of glob('{infra,experiment,reports,record,servers,scripts}/**/*.ts', {
    cwd: repository,
  })) {
    if (file.endsWith('.test.ts')) continue;
    const text = await readFile(path.join(repository, file), 'utf8');
    for (const [name] of text.matchAll(/SESSION_BENCH_[A-Z_]+/g)) names.add(name);
  }
  assert.ok(names.size > 8);
  for (const name of names) assert.ok(page.includes(`\`${name}\``), name);
});
