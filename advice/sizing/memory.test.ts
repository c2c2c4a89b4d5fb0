import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FootprintEvidence, StrategyEvidence } from '../evidence/evidence.ts';
import { footprintOf, inventedEvidence, measured, missingPart, withStrategy } from '../testing/evidence.ts';
import { foretoldBy, memoriesOf } from './memory.ts';

const memoryOf = (strategy: StrategyEvidence, payload: number) => memoriesOf(strategy, payload)[0];

function strategyWith(name: string, footprints: readonly FootprintEvidence[]): StrategyEvidence {
  const evidence = withStrategy(inventedEvidence, name, (strategy) => ({
    ...strategy,
    footprint:
      footprints.length === 0 ? missingPart('bytes', 'npm run bench -- --footprint') : measured(footprints),
  }));
  return evidence.strategies.find((each) => each.name === name) ?? assert.fail(name);
}

const perSession = (payload: number, ...footprints: readonly FootprintEvidence[]): number | undefined =>
  memoryOf(strategyWith('redis', footprints), payload)?.store.perSession;

test('bytes of a session lie on the line through the payloads that were weighed', () => {
  const weighed = [
    footprintOf(600, false, 200),
    footprintOf(2100, false, 1700),
    footprintOf(12_000, false, 10_000),
  ];
  assert.equal(perSession(200, ...weighed), 600);
  assert.equal(perSession(950, ...weighed), 1350);
  assert.equal(perSession(1700, ...weighed), 2100);
  assert.ok(Math.abs((perSession(5850, ...weighed) ?? 0) - 7050) < 1e-6);
  // Beyond them, on the line through the two nearest.
  assert.ok((perSession(20_000, ...weighed) ?? 0) > 23_000);
  assert.equal(perSession(0, ...weighed), 400);
});

test('of one payload alone, a byte more of payload is a byte more of memory where sessions live', () => {
  assert.equal(perSession(2700, footprintOf(2100, false)), 3100);
  const inApps = memoryOf(strategyWith('sticky', [footprintOf(2400, true)]), 2700);
  assert.deepEqual([inApps?.app.perSession, inApps?.store.perSession], [3400, 0]);
  const leaking = memoryOf(
    strategyWith('redis', [{ ...footprintOf(2100, false), appBytesPerSession: 30 }]),
    2700,
  );
  assert.equal(leaking?.app.perSession, 30);
});

test('without a footprint all memory that was held is put down to the sessions', () => {
  const memory = memoryOf(strategyWith('redis', []), 1700);
  assert.equal(memory?.of, 'all');
  assert.equal(memory?.store.perSession, 50e6 / 5000);
  assert.equal(memory?.tested.to, 5000);
});

test('beside what a store has on its disk its servers take memory of their own', () => {
  const fixedOf = (keptIn: FootprintEvidence['keptIn']) =>
    memoryOf(strategyWith('postgres', [{ ...footprintOf(3000, false), keptIn }]), 1700)?.store.fixed;
  assert.deepEqual([fixedOf('memory'), fixedOf('disk')], [10e6, 50e6]);
});

test('a line carries where it has three decades and foretold its largest number', () => {
  const line = { testedFrom: 1000, testedTo: 1e6, heldOutError: -0.08, heldOutTimes: 10 };
  assert.deepEqual(foretoldBy(line), { times: 10, error: -0.08 });
  const others = [
    { ...line, heldOutError: 0.12 },
    { ...line, heldOutError: null },
    { ...line, heldOutTimes: null },
    { ...line, testedFrom: 10_000 },
  ];
  for (const other of others) assert.equal(foretoldBy(other), null);
});
