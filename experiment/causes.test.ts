import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UnexpectedExit } from '../infra/runtimes/runtime.ts';
import type { ServerStrain, Strain, StrainCount } from '../record/strain.ts';
import { causesOf, strainBetween, unknownCause } from './causes.ts';
import type { BlocksDesign, Plan } from './plan.ts';
import { type FakeRun, fakeRun, invalid, measured, settingFor } from './testing/fake-run.ts';

const nothing: Strain = { servers: [], failures: [], diskFreeBytes: null, unknown: [] };
const memory = { usedBytes: 2 ** 28, limitBytes: 2 ** 28 };

const server = (
  counts: Partial<Record<StrainCount, number>>,
  node = 'cache-1',
  more: Partial<ServerStrain> = {},
): ServerStrain => ({ node, product: 'Redis', counts, memory, ...more });

const codes = (strain: Partial<Strain>, exits: readonly UnexpectedExit[] = []) =>
  causesOf({ ...nothing, ...strain }, exits).map(({ code }) => code);

test('a cause has the name of the server, its limit and its count', () => {
  const one = causesOf({ ...nothing, servers: [server({ refusedForMemory: 812, evicted: 0 })] });
  assert.deepEqual(
    one.map(({ message }) => message),
    ['the memory limit of cache-1 (Redis, 256 MiB of memory) was reached: 812 writes were refused'],
  );
  const two = [server({ evicted: 1000 }), server({ evicted: 234 }, 'cache-2'), server({}, 'cache-3')];
  const [evicted] = causesOf({ ...nothing, servers: two });
  assert.equal(
    evicted?.message,
    'cache-1, cache-2 (Redis, 256 MiB of memory each) evicted 1,234 sessions to make room',
  );
  assert.match(evicted?.remedy ?? '', /--sessions.*--payload.*memoryMiB/);
});

test('every count of a server is a cause of its own, and none where it is 0 or not told', () => {
  const cases = [
    ['refusedForMemory', 'memory-limit'],
    ['evicted', 'evictions'],
    ['tooLarge', 'entry-too-large'],
    ['refusedConnections', 'connections-refused'],
    ['expired', 'expired-early'],
    ['deadlocks', 'deadlocks'],
  ] as const;
  for (const [count, code] of cases) {
    assert.deepEqual(codes({ servers: [server({ [count]: 1 })] }), [code]);
    assert.deepEqual(codes({ servers: [server({ [count]: 0 }), server({})] }), []);
  }
});

test("a store's words are known by what they mean, and quoted where they are not known", () => {
  const cases = [
    ["set: OOM command not allowed when used memory > 'maxmemory'.", 'memory-limit'],
    ['set: the memory for sessions is full; raise the bounds or end sessions', 'memory-limit'],
    ['set: MemJS SET: SERVER_ERROR out of memory storing object', 'memory-limit'],
    ["set: could not extend file 'base/16': No space left on device", 'disk-full'],
    ["set: could not extend file 'base/16': wrote only 4096 of 8192 bytes at block 2", 'disk-full'],
    ["set: The table 'sessions' is full", 'disk-full'],
    ['get: sorry, too many clients already', 'connections-refused'],
    ['get: Too many connections', 'connections-refused'],
    ['set: a session of 2000000 bytes is too large for Memcached; the limit is 1047552', 'entry-too-large'],
    ['get: Connection is closed.', 'store-failed'],
    ['get: no answer within 2000 ms', 'store-failed'],
  ] as const;
  for (const [reason, code] of cases) {
    const [cause, ...others] = causesOf({ ...nothing, failures: [{ reason, count: 3 }] });
    assert.deepEqual([cause?.code, others], [code, []], reason);
    assert.ok(cause?.message.includes(`3 times with "${reason}"`), cause?.message);
  }
});

test('the same cause is told once, by the count of the server', () => {
  const strain = {
    ...nothing,
    servers: [server({ refusedForMemory: 812 })],
    failures: [
      { reason: 'set: OOM command not allowed', count: 813 },
      { reason: 'get: Connection is closed.', count: 2 },
      { reason: 'get: no answer', count: 1 },
    ],
  };
  const [memoryLimit, other, ...more] = causesOf(strain);
  assert.match(memoryLimit?.message ?? '', /cache-1.*812 writes/);
  assert.match(other?.message ?? '', /failed 3 times, most often with "get: Connection is closed\."/);
  assert.deepEqual(more, []);
});

test('a process that ended tells its cause in its last words', () => {
  const exit = (...lastLogLines: readonly string[]): UnexpectedExit => ({
    service: 'app-1',
    tier: 'app',
    cause: 'SIGABRT',
    lastLogLines,
  });
  const heap = exit(
    'FATAL ERROR: Reached heap limit: JavaScript heap out of memory',
    '1: 0xb9 node',
    '2: 0xba node',
  );
  assert.deepEqual(codes({}, [heap]), ['heap-full']);
  assert.deepEqual(codes({}, [exit('PANIC: could not write to file: No space left on device')]), [
    'disk-full',
  ]);
  assert.deepEqual(codes({}, [{ ...exit(), cause: 'out of memory: its limit is 64 MiB' }]), ['memory-limit']);
  assert.deepEqual(codes({}, [exit('Ready to accept connections')]), []);
});

test('a disk without room is a cause; one with room, or of which nothing is known, is none', () => {
  assert.deepEqual(codes({ diskFreeBytes: 0 }), ['disk-full']);
  for (const diskFreeBytes of [null, 2 ** 30]) assert.deepEqual(codes({ diskFreeBytes }), []);
});

test('what is known by its meaning comes before what is quoted', () => {
  const failures = [
    { reason: 'set: no answer within 2000 ms', count: 191 },
    { reason: "set: The table 'sessions' is full", count: 9 },
  ];
  assert.deepEqual(codes({ failures }), ['disk-full', 'store-failed']);
});

test('what happened before a trial is none of its causes, and a new server counts from 0', () => {
  const before = {
    servers: [server({ evicted: 10, expired: 4 }), server({ evicted: 10 }, 'cache-2')],
    failures: [{ reason: 'a', count: 5 }],
    diskFreeBytes: 5,
    unknown: ['app'],
  };
  const after = {
    servers: [server({ evicted: 12, expired: 4 }), server({ evicted: 3 }, 'cache-2')],
    failures: [
      { reason: 'a', count: 5 },
      { reason: 'b', count: 1 },
    ],
    diskFreeBytes: 5,
    unknown: ['app'],
  };
  const { servers, failures, unknown } = strainBetween(before, after);
  assert.deepEqual(
    servers.map(({ counts }) => counts),
    [{ evicted: 2, expired: 0 }, { evicted: 3 }],
  );
  assert.deepEqual([failures, unknown], [[{ reason: 'b', count: 1 }], ['app']]);
});

test('who does not tell is worth a word only where something was lost or refused for no known reason', () => {
  const silent = { ...nothing, unknown: ['cache'] };
  assert.deepEqual(
    unknownCause(silent, true, []).map(({ code }) => code),
    ['cause-unknown'],
  );
  assert.deepEqual(unknownCause(silent, false, []), []);
  assert.deepEqual(unknownCause(nothing, true, []), []);
  assert.deepEqual(
    unknownCause(silent, true, causesOf({ ...nothing, servers: [server({ evicted: 1 })] })),
    [],
  );
});

const plan: Plan<BlocksDesign> = {
  ...settingFor('redis'),
  burstSeconds: 0,
  design: { kind: 'blocks', blocks: 1, rate: { mode: 'given', value: 500 }, fewestReads: 0 },
};

const firstRecord = ({ read: { trials } }: FakeRun) => {
  const [trial] = trials;
  assert.ok(trial && (trial.kind === 'valid' || trial.kind === 'invalid'));
  return trial.record;
};

test('a population that the store refused: the cause stands before what it led to', async (t) => {
  const run = await fakeRun(t, plan, {
    script: {
      trial: () => ({
        generatorFails: 'the population could not log in',
        strain: { ...nothing, servers: [server({ refusedForMemory: 200 })] },
      }),
    },
  });
  assert.deepEqual(invalid(run)[1], ['memory-limit', 'generator-failed']);
});

test('sessions that were evicted leave the trial valid, and the cause is kept with it', async (t) => {
  const strain = { ...nothing, servers: [server({ evicted: 234 })] };
  const run = await fakeRun(t, plan, { script: { trial: () => ({ violations: { lost: 7 }, strain }) } });
  const { status, warnings, strain: kept } = firstRecord(run);
  assert.equal(status, 'valid');
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['evictions'],
  );
  assert.deepEqual(kept, strain);
});

test('a trial that the machine disturbed is measured once more, whatever its store met', async (t) => {
  const strain = { ...nothing, failures: [{ reason: 'get: closed', count: 1 }] };
  const run = await fakeRun(t, plan, {
    script: { trial: ({ number }) => (number === 1 ? { foreignShare: 0.5, strain } : {}) },
  });
  assert.deepEqual([measured(run).length, invalid(run)[1]], [2, ['host-busy']]);
});
