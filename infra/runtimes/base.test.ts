/** The rules of every runtime, without servers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../machine/until.ts';
import { endingWith, ManagedRuntime, type Platform } from './base.ts';
import type { DeployOptions } from './runtime.ts';
import { type FakeDeployment, fakeDeployment } from './testing/fake-nodes.ts';

const options: DeployOptions = {
  apps: 2,
  appMain: '/app/main.ts',
  sessionTtlSeconds: 60,
  storeTimeoutMs: 1000,
  placement: {
    cores: { generator: [0], balancer: [0], app: [0], store: [0] },
    shared: true,
    siblings: null,
    kinds: null,
    description: 'for a test',
  },
  slowdown: null,
};

/** A runtime whose deployments are these, one after the other. */
function runtimeOf(fakes: readonly FakeDeployment[]) {
  const disposals: (readonly Error[])[] = [];
  const interruption = new AbortController();
  const waiting = [...fakes];
  const platform: Platform = {
    name: 'native',
    engine: null,
    provision: async () => [],
    generatorVersion: async () => ({ product: 'k6', version: '2', nodes: 1, origin: '/k6' }),
    prepare: async () => waiting.shift() ?? assert.fail('one deployment more'),
    owns: () => false,
    async dispose(failures) {
      disposals.push(failures);
      return failures;
    },
  };
  const runtime = new ManagedRuntime(platform, endingWith(interruption.signal));
  return { runtime, disposals, interruption, waiting };
}

test('a port that another program took is given up for others, three times at most', async () => {
  const fakes = Array.from({ length: 5 }, fakeDeployment);
  for (const { mishaps, nodes } of fakes.slice(0, 4)) {
    mishaps.set('queue answers', new Error('not yet'));
    nodes.node('queue-1').die('exit code 1');
    nodes.node('queue-1').end = {
      cause: 'exit code 1',
      lastLogLines: ['bind: Address already in use'],
      wanted: false,
    };
  }
  const { runtime, waiting } = runtimeOf(fakes);
  const [strategy = assert.fail()] = fakes.map((fake) => fake.strategy);
  await assert.rejects(runtime.deploy(strategy, options), /queue-1 ended.*Address already in use/s);
  assert.equal(waiting.length, 2);
  await runtime.deploy(strategy, options);
  assert.equal(waiting.length, 0, 'the fourth port was taken, the fifth free');
  for (const { diary } of fakes.slice(0, 4)) assert.equal(diary.at(-1), 'remove');
});

test('a deployment that does not start is stopped, and both are told', async () => {
  const fake = fakeDeployment();
  fake.mishaps.set('start app', new Error('no app'));
  fake.mishaps.set('stop cache-1', new Error('cache-1 is still there'));
  const { runtime, disposals } = runtimeOf([fake]);
  await assert.rejects(runtime.deploy(fake.strategy, options), /no app\ncache-1 is still there/);
  assert.equal(fake.diary.at(-1), 'remove');
  await runtime.close();
  assert.deepEqual(disposals, [[]], 'it is told once');
});

test('closing stops every deployment, also one that starts, and nothing begins after it', async () => {
  const [running, starting] = [fakeDeployment(), fakeDeployment()];
  running.mishaps.set('stop app-1', new Error('app-1 had to be killed'));
  starting.mishaps.set('cache is ready', new Error('not yet'));
  const { runtime, disposals } = runtimeOf([running, starting]);
  await runtime.deploy(running.strategy, options);
  const start = assert.rejects(runtime.deploy(starting.strategy, options), /the runtime is being closed/);
  await until('it starts', 5_000, () => assert.ok(starting.diary.includes('cache answers')));
  const errors = await runtime.close();
  await start;
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['app-1 had to be killed'],
  );
  for (const { diary } of [running, starting]) assert.equal(diary.at(-1), 'remove');
  assert.equal(disposals.length, 1);
  assert.equal(await runtime.close(), errors, 'closed once');
  await assert.rejects(runtime.deploy(running.strategy, options), /being closed/);
});

test('an interruption ends a start at once, with that as its reason', async () => {
  const fake = fakeDeployment();
  fake.mishaps.set('app answers', new Error('not yet'));
  const { runtime, interruption } = runtimeOf([fake]);
  const start = assert.rejects(runtime.deploy(fake.strategy, options), /^Error: interrupted$/);
  interruption.abort();
  await start;
  assert.equal(fake.diary.at(-1), 'remove');
});
