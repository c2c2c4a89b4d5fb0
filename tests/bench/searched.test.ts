/** How a search for capacity ends, and what is said of it: on the fake runtime, as `bench` would tell it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { searchDesign } from '../../experiment/search/plan.ts';
import { parseSlo } from '../../experiment/search/slo.ts';
import { fakeRun, settingFor } from '../../experiment/testing/fake-run.ts';
import type { FakeScript } from '../../experiment/testing/fake-runtime.ts';
import { outcomeOf } from '../../reports/outcome.ts';
import { reportOf } from '../../reports/report.ts';
import { codeOf } from '../../scripts/cli/exit-codes.ts';

async function searched(t: TestContext, script: FakeScript, interruption = new AbortController()) {
  const parsed = parseSlo('p99<50ms');
  if (parsed.status === 'invalid') assert.fail(parsed.mistakes.join());
  const plan = { ...settingFor('redis'), design: searchDesign(parsed.slo, 4) };
  const { read } = await fakeRun(t, plan, { script, interruption });
  const { summary } = reportOf(read);
  if (summary.design.kind !== 'search') assert.fail(`the design is ${summary.design.kind}`);
  return { summary, answers: summary.design.answers, exitCode: codeOf[outcomeOf(summary, true)] };
}

test('a promise that nothing keeps ends with 2, and its trials are kept', async (t) => {
  const { answers, exitCode } = await searched(t, { trial: () => ({ latencyMicros: 80_000 }) });
  assert.equal(exitCode, 2);
  assert.deepEqual(
    answers.map(({ low, outcomes }) => [low, outcomes.broken]),
    [[null, 4]],
  );
});

test('an interruption ends with 130, and what the search has found is said', async (t) => {
  const interruption = new AbortController();
  let trials = 0;
  const script: FakeScript = {
    before(step) {
      if (step.startsWith('measure')) trials += 1;
      if (trials === 3) interruption.abort();
    },
  };
  const { summary, answers, exitCode } = await searched(t, script, interruption);
  assert.equal(exitCode, 130);
  assert.deepEqual(
    answers.map(({ ended, outcomes }) => [ended, outcomes.kept]),
    [['stopped', 2]],
  );
  assert.match(summary.answer, /^In a run that did not end, under p99 < 50 ms, REDIS carried/);
});
