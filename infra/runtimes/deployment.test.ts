/** The rules of every deployment, without servers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppCounters } from '../../servers/contract/app.ts';
import { ManagedDeployment } from './deployment.ts';
import { sessionsIn } from './exposure.ts';
import { strainOf } from './strain.ts';
import { type FakeDeployment, fakeDeployment } from './testing/fake-nodes.ts';

type Fake = FakeDeployment & {
  readonly deployment: ManagedDeployment;
  readonly interruption: AbortController;
};

type Options = Parameters<typeof fakeDeployment>[0];

function planned(options?: Options): Fake {
  const fake = fakeDeployment(options);
  const interruption = new AbortController();
  const deployment = new ManagedDeployment({ ...fake, signal: interruption.signal });
  return { ...fake, deployment, interruption };
}

/** A deployment that runs, with an empty diary. */
async function started(options?: Options): Promise<Fake> {
  const fake = planned(options);
  await fake.deployment.start();
  fake.diary.length = 0;
  return fake;
}

/** Where these words stand in the diary. */
function at(diary: readonly string[], words: string): number {
  const index = diary.indexOf(words);
  assert.notEqual(index, -1, `"${words}" is not among:\n${diary.join('\n')}`);
  return index;
}

function assertOrder(diary: readonly string[], ...words: readonly string[]): void {
  const places = words.map((each) => at(diary, each));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    diary.join('\n'),
  );
}

test('stores start together, then the apps, then the balancer; each stage when the one before is ready', async () => {
  const { deployment, diary } = planned();
  await deployment.start();
  assertOrder(
    diary,
    'start cache and queue',
    'cache answers',
    'establish cache',
    'cache is ready',
    'confine cache-2',
  );
  assertOrder(diary, 'confine cache-1', 'start app', 'app is ready', 'confine app-2');
  assertOrder(diary, 'confine queue-1', 'start app', 'confine app-1', 'start balancer', 'balancer is ready');
  assert.deepEqual(
    deployment.versions.map(({ product, nodes, origin }) => [product, nodes, origin]),
    [
      ['cache', 2, '/usr/bin/fake'],
      ['queue', 1, '/usr/bin/fake'],
      ['app', 2, '/usr/bin/fake'],
      ['balancer', 1, '/usr/bin/fake'],
    ],
  );
  assert.equal(deployment.url, 'http://127.0.0.1:4000');
});

test('a node that dies while starting ends the start with its last words; no later stage starts', async () => {
  const { deployment, diary, nodes, mishaps } = planned();
  mishaps.set('app answers', new Error('refused'));
  nodes.node('app-2').die('exit code 1');
  await assert.rejects(
    deployment.start(),
    /app-2 ended with exit code 1; its last log lines: its last words/,
  );
  assert.ok(!diary.includes('start balancer'));
});

test('a mistake in the middle of a stage waits for the rest of the stage', async () => {
  const { deployment, diary, mishaps } = planned();
  mishaps.set('establish queue', new Error('no queue'));
  await assert.rejects(deployment.start(), /no queue/);
  at(diary, 'confine cache-1');
  assert.ok(!diary.includes('start app'));
});

test('stop ends all from the front, gathers what went wrong, and does so once', async () => {
  const { deployment, diary, mishaps } = await started();
  mishaps.set('stop app-1', new Error('app-1 had to be killed'));
  mishaps.set('remove', new Error('the folder is not empty'));
  const errors = await deployment.stop();
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['app-1 had to be killed', 'the folder is not empty'],
  );
  assertOrder(diary, 'stop balancer-1', 'stop app-1', 'stop cache-1', 'remove');
  assertOrder(diary, 'stop app-2', 'stop queue-1', 'remove');
  const { length } = diary;
  assert.equal(await deployment.stop(), errors);
  assert.equal(diary.length, length);
});

test('a stop in the middle of a start waits for what is being launched; the start says why it ended', async () => {
  const { deployment, diary, mishaps } = planned();
  mishaps.set('cache answers', new Error('not yet'));
  const start = assert.rejects(deployment.start(), /^Error: fake is being stopped$/);
  assert.deepEqual(await deployment.stop(), []);
  await start;
  assertOrder(diary, 'launched cache and queue', 'stop balancer-1', 'stop cache-1', 'remove');
  assert.ok(!diary.includes('start app'));
});

test('an interruption ends a start with its reason, and a start after it does nothing', async () => {
  const { deployment, diary, interruption, mishaps } = planned();
  mishaps.set('app is ready', new Error('not yet'));
  const start = assert.rejects(deployment.start(), /^Error: interrupted$/);
  interruption.abort(new Error('interrupted'));
  await start;
  diary.length = 0;
  await assert.rejects(deployment.start(), /interrupted/);
  assert.deepEqual(diary, []);
});

test('freezing goes from the front and thawing from the back, each once', async () => {
  const { deployment, diary } = await started();
  await deployment.thaw();
  assert.deepEqual(diary, [], 'what is awake is not woken');
  await deployment.freeze();
  await deployment.freeze();
  assertOrder(
    diary,
    'balancer: before the freeze',
    'freeze balancer-1',
    'app: before the freeze',
    'freeze app-1',
  );
  assertOrder(diary, 'freeze app-2', 'cache: before the freeze', 'freeze cache-1');
  assert.equal(diary.filter((each) => each === 'freeze cache-1').length, 1);
  diary.length = 0;
  await deployment.thaw();
  assertOrder(
    diary,
    'thaw cache-2',
    'cache answers',
    'cache: after the thaw',
    'cache is ready',
    'thaw app-1',
  );
  assertOrder(diary, 'queue is ready', 'thaw app-2', 'app is ready', 'thaw balancer-1', 'balancer is ready');
});

test('a service of which a node has died is not asked before the freeze, and sleeps all the same', async () => {
  const { deployment, diary, nodes } = await started();
  nodes.node('cache-1').die('SIGKILL');
  await deployment.freeze();
  assert.ok(!diary.includes('cache: before the freeze'));
  at(diary, 'freeze cache-2');
  await assert.rejects(deployment.thaw(), /cache-1 ended with SIGKILL/);
});

test('a freeze that succeeds in part waits for the rest of the stage, and can be thawed', async () => {
  const { deployment, diary, mishaps } = await started();
  mishaps.set('freeze app-1', new Error('still runs'));
  await assert.rejects(deployment.freeze(), /still runs/);
  at(diary, 'freeze app-2');
  diary.length = 0;
  await deployment.thaw();
  at(diary, 'thaw balancer-1');
});

test('exits that nobody wanted are told; those of faults are not', async () => {
  const { deployment, nodes, diary } = await started();
  const server = (name: string) => deployment.servers.find((each) => each.name === name) ?? assert.fail(name);
  assert.deepEqual(
    deployment.servers.map(({ name, service, tier }) => `${name} of ${service} (${tier})`),
    [
      'cache-1 of cache (store)',
      'cache-2 of cache (store)',
      'queue-1 of queue (store)',
      'app-1 of app (app)',
      'app-2 of app (app)',
      'balancer-1 of balancer (balancer)',
    ],
  );
  await server('cache-1').kill();
  assert.deepEqual(deployment.unexpectedExits(), []);
  diary.length = 0;
  await server('cache-1').restart();
  assertOrder(diary, 'start again cache-1', 'cache is ready', 'confine cache-1');
  nodes.node('app-2').die('exit code 7');
  assert.deepEqual(deployment.unexpectedExits(), [
    { service: 'app-2', tier: 'app', cause: 'exit code 7', lastLogLines: ['its last words'] },
  ]);
});

test('servers of a service that are started again together end and start together, stores before apps', async () => {
  const { deployment, diary } = await started();
  await deployment.restart([{ name: 'app-2' }, { name: 'cache-1' }, { name: 'cache-2' }]);
  assertOrder(diary, 'stop cache-1', 'start again cache-2', 'cache is ready', 'stop app-2', 'app is ready');
  assertOrder(diary, 'stop cache-2', 'start again cache-1');
  assert.ok(!diary.some((each) => each.includes('queue') || each.includes('app-1')), diary.join('\n'));
});

test('a server that was killed does not run until it is started again', async () => {
  const { deployment } = await started();
  const [server = assert.fail('no server')] = deployment.servers;
  assert.ok(server.isRunning);
  await server.kill();
  assert.ok(!server.isRunning);
  await deployment.restart([server]);
  assert.ok(server.isRunning);
});

test('an app is drained until nothing of it is in flight, and admitted until the balancer holds it for up', async () => {
  const { deployment, diary } = await started();
  await deployment.balancer.drain('app-2');
  await deployment.balancer.admit('app-2');
  assert.deepEqual(diary, ['app 2 gets bound', 'app 2 is idle', 'app 2 gets everybody', 'balancer is ready']);
  await assert.rejects(deployment.balancer.drain('app-7'), /no app app-7/);
});

test('a reload is over when another worker serves', async () => {
  const { deployment, diary } = await started();
  await deployment.balancer.reload();
  assert.deepEqual(diary, ['reload balancer-1', 'balancer is ready']);
});

test('usage is counted by tier, commands over all stores, requests by balancer and apps', async () => {
  const { deployment, diary } = await started();
  const { store, app, balancer, network } = await deployment.meter();
  assert.deepEqual(
    [store, app, balancer, network].map(({ cpuMicros }) => cpuMicros),
    [3, 2, 1, 0],
  );
  assert.deepEqual(await deployment.storeCommands(), { get: 4 });
  assert.deepEqual(await deployment.requestCounts(), {
    balancer: 10,
    byBalancer: 1,
    apps: [{ login: 1, read: 2, write: 3, logout: 4 }],
  });
  assert.equal(await deployment.clear(), 'store');
  at(diary, 'clear');
});

test('what apps hold is counted over all of them, without garbage; for a population stores tidy up before', async () => {
  const { deployment, diary } = await started();
  assert.equal(await deployment.liveMemory(), 3);
  assert.deepEqual(diary, ['collect garbage']);
  diary.length = 0;
  assert.equal(await deployment.population.tidy(), 3);
  assert.deepEqual(diary, ['tidy cache', 'tidy queue', 'collect garbage']);
});

const noClear = new Error('app-1: /clear answers 404: This strategy cannot end all sessions at once.');

test('where the store cannot end its sessions, its servers are emptied', async () => {
  const { deployment, diary, mishaps } = await started({ empties: ['cache', 'queue'] });
  mishaps.set('clear', noClear);
  diary.length = 0;
  assert.equal(await deployment.clear(), 'servers');
  assert.deepEqual(diary, ['clear', 'empty cache', 'empty queue']);
});

test('where servers cannot be emptied, they and the apps are started anew, one after the other', async () => {
  const { deployment, diary, mishaps } = await started({ empties: ['cache'] });
  mishaps.set('clear', noClear);
  diary.length = 0;
  assert.equal(await deployment.clear(), 'restart');
  at(diary, 'empty cache');
  assert.ok(!diary.includes('stop cache-1'));
  assertOrder(diary, 'stop queue-1', 'start again queue-1', 'queue is ready', 'stop app-1', 'app is ready');
  assertOrder(diary, 'start again app-1', 'stop app-2', 'start again app-2', 'balancer is ready');
});

test('sessions that no server keeps end with the apps', async () => {
  const { deployment, diary, mishaps } = await started({ stores: [] });
  mishaps.set('clear', noClear);
  diary.length = 0;
  assert.equal(await deployment.clear(), 'restart');
  assertOrder(
    diary,
    'stop app-1',
    'start again app-1',
    'stop app-2',
    'start again app-2',
    'balancer is ready',
  );
});

for (const [by, mishap] of [
  ['the store', null],
  ['its servers', noClear],
] as const) {
  test(`what is kept of sessions that ${by} ended is given back`, async () => {
    const { deployment, diary, mishaps } = await started({ empties: ['cache', 'queue'], logs: ['cache'] });
    if (mishap) mishaps.set('clear', mishap);
    await deployment.clear();
    assertOrder(diary, 'clear', 'shorten the log of cache');
    mishaps.set('shorten the log of cache', new Error('cache-1: no space left'));
    await assert.rejects(deployment.clear(), /no space left/);
  });
}

test('where nothing empties the store, both causes are told', async () => {
  const { deployment, mishaps } = await started({ empties: ['cache', 'queue'] });
  mishaps.set('clear', noClear);
  mishaps.set('empty queue', new Error('queue-1: no answer'));
  await assert.rejects(deployment.clear(), /app-1: \/clear answers 404.*\n.*queue-1: no answer/);
});

test('what servers and stores say of their limits is gathered; who does not tell is named, and nothing is thrown', async () => {
  const told = { node: 'cache-1', product: 'Redis', counts: { evicted: 2 }, memory: null };
  const counters = { login: 1, read: 1, write: 1, logout: 1 };
  const failures = (count: number) => [
    { reason: 'set: full', count },
    { reason: 'get: closed', count: 1 },
  ];
  const service = (name: string, strain?: () => Promise<readonly (typeof told)[]>) => ({
    plan: { name },
    control: strain ? { strain } : {},
  });
  const app = (...apps: readonly AppCounters[]) => ({
    plan: { name: 'app' },
    control: { counters: async () => apps },
  });
  const telling = app(
    { ...counters, storeFailures: failures(3) },
    { ...counters, storeFailures: failures(4) },
  );
  const dead = async () => await Promise.reject(new Error('no answer'));
  const all = await strainOf(
    [service('cache', async () => [told]), service('queue'), service('log', dead)],
    telling,
  );
  assert.deepEqual(
    { ...all, diskFreeBytes: 0 },
    {
      servers: [told],
      failures: [
        { reason: 'set: full', count: 7 },
        { reason: 'get: closed', count: 2 },
      ],
      diskFreeBytes: 0,
      unknown: ['queue', 'log'],
    },
  );
  assert.ok((all.diskFreeBytes ?? 0) > 0);
  // An app of an older checkout, and one that has ended.
  const older = app({ ...counters, storeFailures: failures(1) }, counters);
  assert.deepEqual((await strainOf([], older)).unknown, ['app']);
  assert.deepEqual((await strainOf([], { ...older, control: { counters: dead } })).unknown, ['app']);
  const calm = await strainOf([], app({ ...counters, storeFailures: [] }));
  assert.deepEqual([calm.servers, calm.failures, calm.unknown], [[], [], []]);
});

const counts: readonly (readonly [string, Parameters<typeof sessionsIn>, number | null])[] = [
  ['apps that share a store count the same sessions', [[5, 5], true], 5],
  ['one of them may count a moment later', [[5, 6], true], 6],
  ['apps that hold their own are added up', [[5, 3], false], 8],
  ['an app whose store has no count leaves it unknown', [[5, null], false], null],
  ['no app has told anything', [[], true], null],
];

for (const [what, [told, shared], expected] of counts)
  test(`sessions of a deployment: ${what}`, () => assert.equal(sessionsIn(told, shared), expected));

test('each server says where it is reached; one that does not is no safe one', async () => {
  const { deployment, nodes } = await started();
  const names = (await deployment.listeners()).map(({ node }) => node);
  assert.deepEqual(names, ['cache-1', 'cache-2', 'queue-1', 'app-1', 'app-2', 'balancer-1']);
  nodes.node('app-2').places = [];
  await assert.rejects(deployment.listeners(), /where app-2 listens cannot be read/);
});

test('the harness goes to the balancer where it reaches it, which need not be where the generator does', async () => {
  const { deployment, nodes } = await started();
  nodes.node('balancer-1').reachedAt = '172.18.0.5';
  assert.equal(deployment.url, 'http://127.0.0.1:4000');
  assert.equal(deployment.balancerUrl, 'http://172.18.0.5:4000');
});

test('proxies start behind the stores and before the apps, and are no server that faults choose from', async () => {
  const { deployment, diary } = planned({ network: 'proxied' });
  await deployment.start();
  assertOrder(
    diary,
    'confine queue-1',
    'start network',
    'network is ready',
    'confine network-1',
    'start app',
  );
  assert.deepEqual(
    deployment.servers.map(({ name }) => name),
    ['cache-1', 'cache-2', 'queue-1', 'app-1', 'app-2', 'balancer-1'],
  );
  diary.length = 0;
  await deployment.freeze();
  await deployment.thaw();
  await deployment.stop();
  assertOrder(diary, 'freeze app-1', 'freeze network-1', 'freeze cache-1', 'thaw cache-1', 'thaw network-1');
  assertOrder(
    diary,
    'thaw network-1',
    'thaw app-1',
    'stop app-1',
    'stop network-1',
    'stop cache-1',
    'remove',
  );
});

test('orders for the network go to the proxies; a direct way takes none', async () => {
  const { deployment, diary } = await started({ network: 'proxied' });
  const { network = assert.fail() } = deployment;
  await network?.slow(5);
  await network?.cut();
  await network?.reset();
  await network?.heal();
  assert.deepEqual(diary, ['slow by 5 ms', 'cut', 'reset', 'heal']);
  // No tier of what is measured, and not somebody else's either.
  const { store, network: proxies } = await deployment.meter();
  assert.deepEqual([store.cpuMicros, proxies.cpuMicros], [3, 1]);
  assert.equal((await started()).deployment.network, null);
});
