/** What a run of faults is told to have found: by hand from the numbers of the fixture, and by rules for all numbers. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { noErrors } from '../../record/common.ts';
import type { FaultResult, TrialFault } from '../../record/faults.ts';
import { readRun } from '../../record/read/run.ts';
import { writeFaultsRun } from '../fixtures/faults.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { outcomeOf } from '../outcome.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { reportOf } from '../report.ts';
import { isExpected, judgedResult, type SeenResult } from './fault-verdicts.ts';

const report = temporaryFolder({ after }).then(async (folder) => {
  const run = await readRun(await writeFaultsRun(path.join(folder, 'faults')));
  assert.deepEqual(run.problems, []);
  return reportOf(run);
});

async function resultsOf(): Promise<readonly FaultResult[]> {
  const { design } = (await report).summary;
  assert.ok(design.kind === 'faults');
  return design.results;
}

const find = (results: readonly FaultResult[], fault: string, strategy: string): FaultResult =>
  results.find((each) => each.fault === fault && each.strategy === strategy) ??
  assert.fail(`no result of ${strategy} under ${fault}`);

test('each pair has one result, and those that are not possible have none', async () => {
  const results = await resultsOf();
  assert.equal(results.length, 5 + 5 + 6);
  assert.equal(results.filter(({ strategy }) => strategy === 'sticky').length, 1);
});

const told: readonly (readonly [
  fault: string,
  strategy: string,
  Pick<FaultResult, 'survival' | 'asExpected' | 'silentSeconds'>,
])[] = [
  ['store-kill', 'redis', { survival: 'harmed', asExpected: true, silentSeconds: 1.3 }],
  ['store-kill', 'postgres', { survival: 'survived', asExpected: true, silentSeconds: 1.6 }],
  ['store-kill', 'mysql', { survival: 'harmed', asExpected: false, silentSeconds: 3.4 }],
  ['store-freeze', 'mysql', { survival: 'unknown', asExpected: null, silentSeconds: null }],
  ['store-freeze', 'postgres', { survival: 'unknown', asExpected: null, silentSeconds: 10.4 }],
  ['app-kill', 'sticky', { survival: 'harmed', asExpected: true, silentSeconds: 0 }],
  ['app-kill', 'redis', { survival: 'survived', asExpected: true, silentSeconds: 0 }],
];

for (const [fault, strategy, expected] of told) {
  test(`${strategy} under ${fault}: ${expected.survival}`, async () => {
    const { survival, asExpected, silentSeconds } = find(await resultsOf(), fault, strategy);
    const seconds = silentSeconds === null ? null : Math.round(silentSeconds * 1000) / 1000;
    assert.deepEqual({ survival, asExpected, silentSeconds: seconds }, expected);
  });
}

test('counts are exact where every session was read, and have an interval where some were not', async () => {
  const results = await resultsOf();
  assert.deepEqual(find(results, 'app-kill', 'sticky').sessions, {
    lost: 491,
    of: 1000,
    unknown: 0,
    interval: null,
  });
  const { sessions } = find(results, 'store-freeze', 'postgres');
  assert.deepEqual([sessions?.lost, sessions?.of, sessions?.unknown], [0, 1000, 40]);
  assert.ok(sessions?.interval && sessions.interval.low === 0 && sessions.interval.high > 0);
});

test('what is worse than on paper is an alarm, and the command fails; losses that were expected are results', async () => {
  const { summary } = await report;
  const worse = summary.findings.filter(({ code }) => code === 'worse-than-expected');
  assert.equal(worse.length, 1);
  assert.match(worse[0]?.message ?? '', /MySQL, store killed/);
  assert.equal(outcomeOf(summary, false), 'violations');
  assert.ok(summary.findings.every(({ code }) => code !== 'violations'));
});

test('the worst come first, in every output', async () => {
  const { document } = await report;
  for (const text of [markdown(document), terminal(document)]) {
    assert.match(text, /When things break/);
    assert.ok(text.indexOf('harmed') < text.lastIndexOf('survived'));
    assert.match(text, /1,000 of 1,000/);
  }
  const xml = junit(document);
  assert.match(xml, /tests="16" failures="1" errors="2" skipped="0"/);
});

const count = fc.integer({ min: 0, max: 3 });
const seenResult: fc.Arbitrary<SeenResult> = fc.record({
  sessions: fc.record({
    lost: count,
    of: fc.constant(100),
    unknown: fc.oneof(count, fc.constant(100)),
    interval: fc.constant(null),
  }),
  writesLost: count,
  logouts: fc.record({ undone: count, of: fc.constant(10), interval: fc.constant(null) }),
  stale: count,
  crossed: count,
  failed: fc.constant({ ...noErrors, of: 100, neverSent: 0 }),
  silentSeconds: fc.constantFrom(0, 1, null),
  lastFailureSeconds: fc.constant(0),
  normalAgainSeconds: fc.constant(0),
  balance: fc.constant(null),
});

const fault = (deaths: readonly string[]): TrialFault => ({
  name: 'store-kill',
  plannedSeconds: 9,
  servers: ['cache-1'],
  course: { status: 'healed', beganAt: 3, struckAt: 3, healedAt: 4 },
  sweep: null,
  losses: null,
  gaps: [],
  deaths: [...deaths],
  appRequests: null,
});

test('nobody who lost anything survives, and who survives has nothing held against it', () => {
  fc.assert(
    fc.property(seenResult, fc.subarray(['app-1: exit code 1']), (seen, deaths) => {
      const { survival, why } = judgedResult(seen, fault(deaths));
      const { sessions, writesLost, logouts, stale, crossed, silentSeconds } = seen;
      const harm =
        (sessions?.lost ?? 0) + (writesLost ?? 0) + (logouts?.undone ?? 0) + (stale ?? 0) + (crossed ?? 0);
      const back = silentSeconds !== null || (sessions?.unknown ?? 0) < (sessions?.of ?? 0);
      const whole = harm === 0 && deaths.length === 0 && back;
      assert.equal(survival === 'harmed', !whole);
      assert.equal(survival === 'survived', whole && sessions?.unknown === 0);
      assert.equal(why.length === 0, survival === 'survived');
      for (const fate of ['kept', 'newest-lost', 'lost'] as const)
        assert.equal(isExpected(fate, survival, seen, 1000) === null, survival === 'unknown');
      assert.equal(isExpected('kept', survival, seen, 1000) === true, survival === 'survived');
    }),
  );
});
