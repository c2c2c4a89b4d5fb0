import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { unknownCores } from '../../infra/machine/cores.ts';
import { placeOn } from '../../infra/machine/placement.ts';
import type { ReasonCode } from '../../record/reasons.ts';
import type { PromiseOutcome } from '../../record/search.ts';
import { type TrialRecord, trialRecord } from '../../record/trial.ts';
import { type AnsweredLatencies, readLatencies } from './latencies.ts';
import { outcomeOf } from './promise.ts';
import { parseSlo, type Slo } from './slo.ts';

const recorded = path.join(import.meta.dirname, 'recorded-trials');

interface Recorded {
  readonly record: TrialRecord;
  readonly latencies: AnsweredLatencies;
}

async function trial(name: string): Promise<Recorded> {
  const folder = path.join(recorded, name);
  const text = await readFile(path.join(folder, 'trial.json'), 'utf8');
  return { record: trialRecord.parse(JSON.parse(text)), latencies: await readLatencies(folder) };
}

function slo(text: string): Slo {
  const parsed = parseSlo(text);
  return parsed.status === 'valid' ? parsed.slo : assert.fail(parsed.mistakes.join());
}

const placement = placeOn(unknownCores([0, 1]));
const judged = (promise: string, { record, latencies }: Recorded): PromiseOutcome =>
  outcomeOf(slo(promise), { record, latencies, plannedSeconds: 1, placement });
const withReasons = (of: Recorded, ...codes: readonly ReasonCode[]): Recorded => ({
  ...of,
  record: {
    ...of.record,
    status: codes.length > 0 ? 'invalid' : 'valid',
    reasons: codes.map((code) => ({ code, message: code, remedy: '' })),
  },
});
const read = (of: Recorded) => of.record.operations.read ?? assert.fail('no reads');

const kept = await trial('kept');
const beyondGenerator = await trial('beyond-the-generator');
const pastEdge = await trial('past-the-edge');
const overloaded = await trial('overloaded');

test('recorded trials are judged again as they were judged then', () => {
  for (const each of [kept, beyondGenerator, pastEdge, overloaded])
    assert.equal(judged('errors<5%', each).outcome, each.record.promise?.outcome);
});

test('a promise is kept or broken by its own terms', () => {
  assert.deepEqual(judged('p99<1s,errors<0.1%', kept), { outcome: 'kept', why: [] });
  const broken = judged('p50<1us', kept);
  assert.equal(broken.outcome, 'broken');
  assert.match(broken.why.join(), /^p50 .* ms \(limit 0.001 ms\)$/);
});

test('what the generator could not offer is not the fault of the strategy, kept or broken', () => {
  for (const promise of ['p99<5s', 'p50<1us']) {
    const { outcome, why } = judged(promise, beyondGenerator);
    assert.equal(outcome, 'generator-limited');
    assert.match(why.join(), /the generator used .* of its CPU budget/);
  }
});

test('operations that were never sent have broken any promise, and are the overload of the strategy', () => {
  assert.ok(overloaded.record.pacing.dropped > 100_000);
  const { outcome, why } = judged('p50<5s,errors<0.1%', overloaded);
  assert.equal(outcome, 'broken');
  assert.match(why.join('\n'), /of the offered rate was carried.*\np50 never: .*\nerrors 99.8 %/);
});

test('a rate that is not reached breaks a promise that says nothing of latency', () => {
  assert.match(judged('errors<99%', pastEdge).why.join(), /of the offered rate was carried/);
});

test('the last answers may come as late as the promise allows', () => {
  const late = { ...kept, record: { ...kept.record, measuredSeconds: 1.4 } };
  assert.equal(judged('p99<500ms', late).outcome, 'kept');
  assert.equal(judged('p99<200ms', late).outcome, 'broken');
});

test('a queue, a failure and a slow answer break a promise in words of their own', () => {
  const paced = (pacing: Partial<TrialRecord['pacing']>): string => {
    const { arrivals } = kept.record.pacing;
    const all = { ...kept.record.pacing, answered: arrivals, lastWaitMicros: 0, ...pacing };
    return judged('p99<200ms', { ...kept, record: { ...kept.record, pacing: all } }).why.join();
  };
  assert.equal(paced({}), '');
  assert.match(
    paced({ lastWaitMicros: 400_000 }),
    /^only \d+(\.\d)? % of the offered rate was carried, and the rest queued$/,
  );
  assert.match(
    paced({ answered: kept.record.pacing.arrivals - 10 }),
    /^only 95.2 % of the operations got an answer$/,
  );
  assert.match(judged('p99<1us', kept).why.join(), /^p99 /);
  // Answers that come late without a queue are slow, and the phase is longer for them.
  const late = {
    ...kept.record,
    measuredSeconds: 2,
    pacing: { ...kept.record.pacing, answered: 210, lastWaitMicros: 0 },
  };
  assert.equal(judged('p99<200ms', { ...kept, record: late }).outcome, 'kept');
});

test('a strategy that lets nobody log in breaks any promise', () => {
  assert.equal(judged('p99<5s', withReasons(kept, 'logins-failed')).outcome, 'broken');
});

test('a wrong answer breaks any promise', () => {
  const violations = { lost: 1, stale: 0, resurrected: 0, crossed: 2 };
  const operations = { ...kept.record.operations, read: { ...read(kept), violations } };
  const { outcome, why } = judged('p50<5s,errors<100%', { ...kept, record: { ...kept.record, operations } });
  assert.deepEqual({ outcome, why }, { outcome: 'broken', why: ['wrong answers: 1 lost, 2 crossed'] });
});

test('failed operations count as slower than any answer', () => {
  const count = read(kept).count;
  const failing = (server: number): Recorded => ({
    ...kept,
    record: {
      ...kept.record,
      operations: {
        ...kept.record.operations,
        read: {
          count: count + server,
          errors: { timeout: 0, connection: 0, protocol: 0, server },
          violations: read(kept).violations,
        },
      },
    },
  });
  assert.doesNotMatch(judged('read.p50<5s', failing(count - 1)).why.join(), /read.p50/);
  const { why } = judged('read.p50<5s', failing(count + 1));
  assert.match(why.join(), /read.p50 never/);
});

test('the machine and faults of the tool say nothing of the strategy', () => {
  for (const code of [
    'host-steal',
    'host-busy',
    'interrupted',
    'generator-failed',
    'not-started',
    'counts-unknown',
  ] as const)
    for (const promise of ['p99<5s', 'p50<1us'])
      assert.equal(judged(promise, withReasons(kept, code)).outcome, 'invalid', code);
  // Disturbed and beyond the generator: perhaps it was only the disturbance.
  assert.equal(judged('p99<5s', withReasons(kept, 'generator-cpu', 'host-busy')).outcome, 'invalid');
});

test('a generator that is late is at its limit only where its core was full', () => {
  const late = withReasons(kept, 'generator-late');
  assert.equal(judged('p99<5s', late).outcome, 'invalid');
  const busy = (share: number) => ({ cpuMicros: share * 1e6, memoryBytes: 1 });
  const usage = { ...late.record.usage, generator: busy(0.5), balancer: busy(0.48) };
  const full = { ...late, record: { ...late.record, usage } };
  assert.equal(judged('p99<5s', full).outcome, 'generator-limited');
  assert.match(judged('p99<5s', full).why.join(), /core of generator and balancer was full \(98 %\)/);
});

test('a core of generator and balancer that is full is the limit, and not the strategy behind it', () => {
  const usage = {
    ...kept.record.usage,
    generator: { cpuMicros: 5e5, memoryBytes: 1 },
    balancer: { cpuMicros: 5e5, memoryBytes: 1 },
  };
  const full = { ...kept, record: { ...kept.record, usage } };
  assert.equal(judged('p99<5s', full).outcome, 'kept');
  assert.equal(judged('p50<1us', full).outcome, 'generator-limited');
  const onOneCore = { cores: placeOn(unknownCores([0])).cores };
  const evidence = { ...full, plannedSeconds: 1, placement: onOneCore };
  assert.equal(outcomeOf(slo('p50<1us'), evidence).outcome, 'broken', 'the apps may have filled it');
});

test('a server that dies under a load does not carry it', () => {
  const died = withReasons(kept, 'server-died', 'counts-unknown');
  assert.equal(judged('p99<5s', withReasons(kept, 'server-died')).outcome, 'broken');
  assert.equal(judged('p99<5s', died).outcome, 'broken');
  // Of whoever killed it.
  assert.equal(judged('p99<5s', withReasons(kept, 'server-killed')).outcome, 'invalid');
});

test('counts that differ are explained by requests that were given up, and by nothing else', () => {
  const differ = withReasons(kept, 'counts-differ');
  assert.equal(judged('p50<1us', differ).outcome, 'invalid');
  const errors = { timeout: 1, connection: 0, server: 0, protocol: 0 };
  const operations = { ...kept.record.operations, read: { ...read(kept), errors } };
  const given = { ...differ, record: { ...differ.record, operations } };
  assert.equal(judged('errors<0.1%', given).outcome, 'broken');
  assert.equal(judged('errors<50%', given).outcome, 'invalid');
});
