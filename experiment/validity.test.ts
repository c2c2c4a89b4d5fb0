import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReasonCode } from '../record/reasons.ts';
import type { TrialRecord } from '../record/trial.ts';
import { usualLimits as limits } from './limits.ts';
import { type Evidence, invalidReasons, wasDisturbed } from './validity.ts';

const pacing: TrialRecord['pacing'] = {
  arrivals: 3000,
  dropped: 0,
  waited: 0,
  waitP99Micros: 0,
  waitMaxMicros: 0,
  lagP50Micros: 20,
  lagP99Micros: 200,
  lagMaxMicros: 400,
  redraws: 0,
  reconnects: 0,
  generatorCpuShare: 0.3,
};
const sound: Evidence = {
  engine: { status: 'finished' },
  generatorFailure: null,
  exits: [],
  requests: { generator: 3000, balancer: 3000, apps: [1500, 1500] },
  pacing,
  stealShare: 0,
  foreignShare: 0.02,
  interrupted: false,
  overtimeIsBounded: false,
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

test('a dead server is named with its last words, and its broken counts are not told as a second fault', () => {
  const exits = [
    { service: 'cache-1', tier: 'store', cause: 'SIGKILL', lastLogLines: ['Ready to accept'] },
  ] as const;
  const requests = { generator: 3000, balancer: 2000, apps: [1, 1] };
  const reasons = invalidReasons({ ...sound, exits, requests }, limits);
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ['server-died'],
  );
  assert.match(reasons[0]?.message ?? '', /cache-1 .*SIGKILL.*Ready to accept/);
});

test('a trial that only the machine disturbed is measured again, one with a fault of its own is not', () => {
  const reason = (code: ReasonCode) => ({ code, message: '', remedy: '' });
  const invalid = (...found: ReasonCode[]) => ({ status: 'invalid' as const, reasons: found.map(reason) });
  assert.equal(wasDisturbed(invalid('generator-late', 'host-steal', 'host-busy')), true);
  assert.equal(wasDisturbed(invalid('generator-late', 'server-died')), false);
  assert.equal(wasDisturbed(invalid('counts-differ')), false);
  assert.equal(wasDisturbed({ status: 'valid', reasons: [] }), false);
});
