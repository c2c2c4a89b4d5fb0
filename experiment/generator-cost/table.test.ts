import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allGenerators, engineName, type Pace, stockName, wrk2Name, wrkName } from './generators.ts';
import { type Findings, goals, type Measured, markdown } from './table.ts';

const load = { url: 'http://127.0.0.1:1', cookie: 'a=b', connections: 32, seconds: 1, out: null };
const wrk = { path: '/bin/wrk', env: {}, origin: 'system', root: null, version: null } as const;

const paces: readonly Pace[] = ['closed', 500, 2000];

function found(costs: Readonly<Record<string, readonly number[]>>): Findings {
  const windows = Object.entries(costs).flatMap(([generator, ofRounds]) =>
    paces.flatMap((pace) =>
      ofRounds.map((cpuMicrosPerRequest, round): Measured => {
        const lag = generator === engineName ? { p50Micros: 70, p99Micros: 90 } : null;
        return { generator, pace, round, window: { cpuMicrosPerRequest, requestsPerSecond: 500, lag } };
      }),
    ),
  );
  const setting = { connections: 32, rounds: 3, windowSeconds: 4, machine: 'here', date: '2026-11-26' };
  return { windows, paces, memory: [{ requests: 1, bytes: 10 }], ...setting };
}

const outcomes = (findings: Findings) => goals(findings).map(({ outcome }) => outcome);

test('each pace has a goal to its peer and to stock k6, by the ratios of the same round', () => {
  // A machine that is ten times as slow in the second round changes no ratio.
  const findings = found({
    [engineName]: [14, 140, 14],
    [wrkName]: [10, 100, 10],
    [wrk2Name]: [10, 100, 10],
    [stockName]: [100, 1000, 100],
  });
  assert.deepEqual(outcomes(findings), Array(7).fill('reached'));
  const slower = found({ [engineName]: [60], [wrkName]: [10], [wrk2Name]: [10], [stockName]: [100] });
  assert.deepEqual(outcomes(slower), [...Array(6).fill('missed'), 'reached']);
});

test('what was not measured is no number, and no goal is reached or missed by it', () => {
  const findings = found({ [engineName]: [14], [stockName]: [100] });
  const open = ['not measured', 'reached'];
  assert.deepEqual(outcomes(findings), [...open, ...open, ...open, 'reached']);
  const text = markdown(findings);
  assert.doesNotMatch(text, /NaN|Infinity/);
  assert.match(text, /70 \/ 90 µs/);
  assert.deepEqual(outcomes({ ...found({}), memory: [] }), Array(7).fill('not measured'));
});

test('a generator that is not here is left out, and one without such a pace is not started', () => {
  const names = (wrk2: string | null, there: typeof wrk | null, pace: Pace) =>
    allGenerators({ k6: '/bin/k6', wrk: there, wrk2 })
      .filter((each) => each.invoke({ ...load, pace }) !== null)
      .map(({ name }) => name);
  assert.deepEqual(names(null, null, 500), [engineName, 'k6 `http`, tuned', stockName]);
  assert.equal(names('/bin/wrk2', wrk, 500).includes(wrk2Name), true);
  assert.equal(names('/bin/wrk2', wrk, 'closed').includes(wrk2Name), false);
  assert.equal(names('/bin/wrk2', wrk, 'closed').includes(wrkName), true);
});
