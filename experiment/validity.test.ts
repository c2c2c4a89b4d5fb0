import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReasonCode } from '../record/reasons.ts';
import type { TrialRecord } from '../record/trial.ts';
import { achievedRate } from './achieved.ts';
import { usualLimits as limits } from './limits.ts';
import { type Evidence, invalidReasons, warnings } from './validity.ts';

const pacing: TrialRecord['pacing'] = {
  arrivals: 3000,
  answered: 3000,
  dropped: 0,
  waited: 0,
  waitP99Micros: 0,
  waitMaxMicros: 0,
  lastWaitMicros: 0,
  lagP50Micros: 20,
  lagP99Micros: 200,
  lagMaxMicros: 400,
  redraws: 0,
  reconnects: 0,
  generatorCpuShare: 0.3,
};
const noPhase = { seconds: 0, usage: { cpuMicros: 0, memoryBytes: 0 }, requests: 0, operations: {} };
const engine: NonNullable<Evidence['engine']> = {
  status: 'finished',
  phases: { seed: noPhase, warmup: noPhase, measure: noPhase, sweep: null },
};
const sound: Evidence = {
  engine,
  notReady: null,
  generatorFailure: null,
  exits: [],
  operations: {},
  requests: { generator: 3000, balancer: 3000, byBalancer: 0, apps: [1500, 1500] },
  pacing,
  stealShare: 0,
  foreignShare: 0.02,
  noise: null,
  interrupted: false,
  overtimeIsBounded: false,
};
const login = {
  count: 200,
  errors: { timeout: 0, connection: 0, server: 200, protocol: 0 },
  violations: { lost: 0, stale: 0, resurrected: 0, crossed: 0 },
};
const codes = (evidence: Evidence): string[] => invalidReasons(evidence, limits).map(({ code }) => code);

test('a sound trial has no reason against it', () => assert.deepEqual(codes(sound), []));

test('each fault of generator, host and counts has a reason of its own', () => {
  const withPacing = (changed: Partial<TrialRecord['pacing']>): Evidence => ({
    ...sound,
    pacing: { ...pacing, ...changed },
  });
  assert.deepEqual(codes(withPacing({ dropped: 1 })), ['generator-dropped']);
  assert.deepEqual(codes({ ...withPacing({ dropped: 1 }), overtimeIsBounded: true }), []);
  assert.deepEqual(codes(withPacing({ lagP99Micros: limits.lagP99Micros + 1 })), ['generator-late']);
  assert.deepEqual(codes(withPacing({ generatorCpuShare: limits.generatorCpuShare + 0.01 })), [
    'generator-cpu',
  ]);
  assert.deepEqual(codes({ ...sound, stealShare: limits.stealShare + 0.01 }), ['host-steal']);
  assert.deepEqual(codes({ ...sound, foreignShare: limits.foreignShare + 0.01 }), ['host-busy']);
  assert.deepEqual(codes({ ...sound, requests: { ...sound.requests, apps: [1500, 1499] } }), [
    'counts-differ',
  ]);
  assert.deepEqual(codes({ ...sound, requests: { ...sound.requests, balancer: null } }), ['counts-unknown']);
  assert.deepEqual(codes({ ...sound, engine: null, generatorFailure: 'exit code 107' }), [
    'generator-failed',
  ]);
});

test('operations that waited until they were given up are an overload, and no fault of the generator', () => {
  assert.deepEqual(codes({ ...sound, pacing: { ...pacing, dropped: 100, waited: 2000 } }), []);
});

test('what failed before the load, or while the population logged in, is named and not blamed on k6', () => {
  assert.deepEqual(codes({ ...sound, engine: null, notReady: 'the store could not be emptied: app-1: no' }), [
    'not-ready',
  ]);
  const seed = { ...noPhase, requests: 200, operations: { login } };
  const shut = { ...engine, status: 'failed', failure: '200 of 200 logins failed' } as const;
  const failure = { generatorFailure: 'exit code 107' };
  assert.deepEqual(codes({ ...sound, ...failure, engine: { ...shut, phases: { ...engine.phases, seed } } }), [
    'logins-failed',
  ]);
  assert.deepEqual(codes({ ...sound, ...failure, engine: shut }), ['generator-failed']);
});

const { requests } = sound;

type Pace = Partial<TrialRecord['pacing']>;
const paces: readonly (readonly [
  what: string,
  pace: Pace,
  rate: number,
  seconds: number,
  achieved: number,
  codes: readonly ReasonCode[],
])[] = [
  ['all is well', {}, 1500, 2, 1500, []],
  ['a short trial has no whole number of arrivals', { arrivals: 10, answered: 10 }, 7, 1.5, 7, []],
  ['what fails at once has kept up', { answered: 2850 }, 1500, 2, 1425, []],
  [
    'a stall at the very end is no queue',
    { waited: 60, lastWaitMicros: 90_000 },
    1500,
    2,
    1435.4,
    ['connections-busy'],
  ],
  ['a stall in between', { waited: 900 }, 1500, 2, 1500, ['connections-busy']],
  [
    'a queue to the end',
    { waited: 2900, lastWaitMicros: 1e6 },
    1500,
    2,
    1000,
    ['overloaded', 'connections-busy'],
  ],
  ['given up', { answered: 2000, dropped: 1000 }, 1500, 2, 1000, ['overloaded']],
];

test('overload is what waited to the end; the rate is of the arrivals that were due', () => {
  for (const [what, pace, rate, measureSeconds, expected, codes] of paces) {
    const paced = { ...pacing, ...pace };
    const achieved = achievedRate(paced, { rate, measureSeconds });
    assert.equal(Math.round(achieved * 10) / 10, expected, what);
    const measured = { offeredRate: rate, achievedRate: achieved, operations: {}, pacing: paced, requests };
    const found = warnings(measured, measureSeconds);
    assert.deepEqual(
      found.map(({ code }) => code),
      codes,
      what,
    );
  }
});

test('requests that failed on their way explain counts that differ; what nothing explains is told', () => {
  const read = {
    count: 3000,
    errors: { ...login.errors, server: 200, timeout: 5 },
    violations: login.violations,
  };
  const failing = {
    ...sound,
    operations: { read },
    engine: {
      ...engine,
      phases: { ...engine.phases, measure: { ...noPhase, requests: 3000, operations: { read } } },
    },
  };
  const counted = (balancer: number, byBalancer: number, apps: number): Evidence => ({
    ...failing,
    requests: { generator: 3000, balancer, byBalancer, apps: [apps] },
  });
  const known = { offeredRate: 1500, achievedRate: 1400, operations: { read }, pacing };
  assert.deepEqual(codes(counted(2997, 195, 2801)), []);
  const told = warnings({ ...known, requests: counted(2997, 195, 2801).requests }, 2);
  assert.deepEqual(
    told.map(({ code }) => code),
    ['balancer-answered'],
  );
  assert.deepEqual(codes(counted(3000, 195, 2700)), ['counts-differ']);
  assert.deepEqual(codes(counted(3000, 195, 3100)), ['counts-differ']);
  assert.deepEqual(codes(counted(3100, 0, 3100)), ['counts-differ']);
  // What stalls to the end does not tell its count either.
  const mute = { ...requests, apps: null };
  assert.deepEqual(codes({ ...failing, requests: mute }), []);
  assert.deepEqual(
    warnings({ ...known, requests: mute }, 2).map(({ code }) => code),
    ['counts-unknown'],
  );
});

test('a queue behind requests that fail is no overload', () => {
  const read = { count: 600, errors: { ...login.errors, server: 576 }, violations: login.violations };
  const paced = { ...pacing, waited: 2000, dropped: 11 };
  const found = warnings(
    { offeredRate: 100, achievedRate: 1, operations: { read }, pacing: paced, requests },
    6,
  );
  assert.deepEqual(
    found.map(({ code }) => code),
    ['connections-busy'],
  );
});

test('a dead server is named with its last words, and its broken counts are not told as a second fault', () => {
  const endings = {
    SIGKILL: 'server-killed',
    SIGTERM: 'server-killed',
    SIGINT: 'server-killed',
    SIGSEGV: 'server-died',
    SIGABRT: 'server-died',
    'exit code 0': 'server-died',
    'exit code 1': 'server-died',
    'out of memory: the kernel killed it at its limit of 40 MiB': 'server-died',
  };
  const requests = { generator: 3000, balancer: 2000, byBalancer: 0, apps: [1, 1] };
  for (const [cause, code] of Object.entries(endings)) {
    const exits = [{ service: 'cache-1', tier: 'store', cause, lastLogLines: ['Ready to accept'] }] as const;
    const reasons = invalidReasons({ ...sound, exits, requests }, limits);
    assert.deepEqual(
      reasons.map((reason) => reason.code),
      [code],
      cause,
    );
    assert.ok(reasons[0]?.message.includes(cause) && reasons[0].message.endsWith('Ready to accept'));
  }
});

test('a busy machine is told with who made it busy', () => {
  const loud = [
    { kind: 'process', name: 'cc1', pid: 7, cores: 0.97 },
    { kind: 'hypervisor', cores: 0.2 },
  ] as const;
  const noise = { waitedSeconds: 0, waitedFor: [], loud: [...loud] };
  const [reason] = invalidReasons({ ...sound, foreignShare: 0.5, noise }, limits);
  assert.equal(reason?.code, 'host-busy');
  assert.ok(reason.message.endsWith('(limit 10.0 %): cc1 (pid 7) 97 % of a core'), reason.message);
});
