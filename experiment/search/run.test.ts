import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CapacityRecord, capacityRecord } from '../../record/search.ts';
import { trialSeconds } from '../estimate.ts';
import type { Plan, SearchDesign } from '../plan.ts';
import { type FakeRun, type FakeRunOptions, fakeRun, measured, settingFor } from '../testing/fake-run.ts';
import type { FakeScript, FakeTrial } from '../testing/fake-runtime.ts';
import { searchDesign } from './plan.ts';
import { parseSlo } from './slo.ts';

function plan(maxTrials: number | undefined, ...names: readonly string[]): Plan<SearchDesign> {
  const parsed = parseSlo('p99<50ms,errors<0.1%');
  if (parsed.status === 'invalid') assert.fail(parsed.mistakes.join());
  return { ...settingFor(...names), design: searchDesign(parsed.slo, maxTrials) };
}

/** Answers fast up to a rate, and slowly above. */
const carries =
  (limits: Readonly<Record<string, number>>) =>
  ({ strategy, rate }: { readonly strategy: string; readonly rate: number }): FakeTrial => ({
    latencyMicros: rate > (limits[strategy] ?? 0) ? 80_000 : 1000,
  });

async function searched(
  t: TestContext,
  wanted: Plan<SearchDesign>,
  options: FakeRunOptions,
): Promise<{ readonly run: FakeRun; readonly capacity: CapacityRecord }> {
  const run = await fakeRun(t, wanted, options);
  assert.deepEqual(run.read.problems, [], 'capacity.json and the trials agree');
  const text = await readFile(path.join(run.read.folder, 'capacity.json'), 'utf8').catch(() => null);
  const none = { schemaVersion: 1, promise: wanted.design.slo, search: wanted.design, strategies: [] };
  const capacity = text === null ? none : JSON.parse(text);
  return { run, capacity: text === null ? capacity : capacityRecord.parse(capacity) };
}

const searchOf = ({ strategies }: CapacityRecord, name: string) =>
  strategies.find((each) => each.name === name) ?? assert.fail(`no search of ${name}`);

test('each strategy gets the rate that it carries, in rounds of those whose search goes on', async (t) => {
  const limits = { slow: 900, fast: 30_000 };
  const script = { burst: (name: string) => (name === 'slow' ? 2000 : 4000), trial: carries(limits) };
  const { run, capacity } = await searched(t, plan(undefined, 'slow', 'fast'), { script });
  for (const [name, limit] of Object.entries(limits)) {
    const { answer, history } = searchOf(capacity, name);
    assert.deepEqual([answer.limit, answer.ended, answer.precise], ['strategy', 'answered', true], name);
    assert.ok((answer.low ?? 0) <= limit && limit <= (answer.high ?? 0), JSON.stringify(answer));
    assert.equal(answer.trials, history.length);
  }
  assert.deepEqual([searchOf(capacity, 'slow').start, searchOf(capacity, 'fast').start], [1000, 2000]);
  assert.match(searchOf(capacity, 'slow').startedFrom, /half of 2000\/s/);

  const { order } = run.record.plan;
  assert.ok(run.record.design.kind === 'search');
  assert.equal(run.record.design.rounds, order.length);
  assert.deepEqual(
    measured(run),
    order.flatMap((names, index) => names.map((name) => `${index + 1} ${name}`)),
  );
  const shorter = Math.min(...capacity.strategies.map(({ history }) => history.length));
  for (const [index, names] of order.entries()) assert.equal(names.length, index < shorter ? 2 : 1);
  assert.ok(order.some(([first]) => first === 'slow') && order.some(([first]) => first === 'fast'));
});

test('trials are told how long to send what waits, and each says what it is', async (t) => {
  const overtimes = new Set<string | undefined>();
  const script: FakeScript = {
    trial: carries({ redis: 900 }),
    generating: ({ env }) => overtimes.add(env.SESSION_OVERTIME),
  };
  const { run } = await searched(t, plan(6, 'redis'), { script });
  assert.deepEqual([...overtimes], [undefined, '1'], 'of the burst, and of the trials');
  assert.equal(run.announced[0]?.title, 'redis, trial 1 of at most 6, looking for the edge');
  assert.deepEqual(
    run.announced.map(({ secondsLeft }) => Math.round(secondsLeft / trialSeconds(settingFor(), 4000))),
    [6, 5, 4, 3, 2, 1],
  );
  assert.ok(run.announced.every(({ trials }) => trials === 6));
  assert.match(run.said.join('\n'), /redis: 6 trials, all that it may have/);
});

test('a promise that nothing keeps, and one that the generator cannot test', async (t) => {
  const none = await searched(t, plan(4, 'redis'), { script: { trial: carries({}) } });
  assert.deepEqual(searchOf(none.capacity, 'redis').answer.outcomes.broken, 4);
  assert.equal(searchOf(none.capacity, 'redis').answer.low, null);
  const script: FakeScript = { trial: ({ rate }) => ({ generatorCpuShare: rate > 2000 ? 0.9 : 0.3 }) };
  const fast = await searched(t, plan(undefined, 'redis'), { script });
  const { limit, low, generatorLimit } = searchOf(fast.capacity, 'redis').answer;
  assert.equal(limit, 'generator');
  assert.ok((low ?? 0) <= 2000 && (generatorLimit ?? 0) > 2000);
});

test('operations that were never sent are an overload of the strategy, and no fault of the generator', async (t) => {
  const script: FakeScript = { trial: ({ rate }) => ({ dropped: rate > 900 ? 500 : 0 }) };
  const { run, capacity } = await searched(t, plan(4, 'redis'), { script });
  for (const { rate, outcome } of searchOf(capacity, 'redis').history)
    assert.equal(outcome, rate > 900 ? 'broken' : 'kept');
  assert.ok(run.read.trials.every(({ kind }) => kind === 'valid'));
});

test('a search whose burst fails begins blind, and says so', async (t) => {
  const script: FakeScript = {
    trial: carries({ redis: 900 }),
    before(step) {
      if (step === 'burst redis') throw new Error('nothing answers');
    },
  };
  const { run, capacity } = await searched(t, plan(4, 'redis'), { script });
  const { start, startedFrom } = searchOf(capacity, 'redis');
  assert.deepEqual([start, startedFrom], [500, 'its burst failed']);
  assert.deepEqual(
    run.record.faults.map(({ code, remedy }) => [code, remedy]),
    [['not-sized', 'Its search began at a rate that knows nothing of it.']],
  );
});

test('a deployment that lost a server is replaced, and has its burst before its next trial', async (t) => {
  const script: FakeScript = {
    trial: ({ strategy, rate, number }) =>
      number === 2 ? { dies: 'cache-1' } : carries({ redis: 900 })({ strategy, rate }),
  };
  const { run, capacity } = await searched(t, plan(5, 'redis'), { script });
  const { steps } = run.runtime;
  const between = steps.slice(steps.indexOf('stop redis'), steps.lastIndexOf('measure redis'));
  assert.deepEqual(between.filter((step) => /^(deploy|burst|measure)/.test(step)).slice(0, 3), [
    'deploy redis',
    'burst redis',
    'measure redis',
  ]);
  // A strategy whose server ends under a load does not carry it.
  assert.equal(searchOf(capacity, 'redis').history[1]?.outcome, 'broken');
});

test('trials that say nothing end the search of their strategy, and not of the others', async (t) => {
  const script: FakeScript = {
    trial: ({ strategy, rate }) =>
      strategy === 'sticky' ? { foreignShare: 0.4 } : carries({ redis: 900 })({ strategy, rate }),
  };
  const { run, capacity } = await searched(t, plan(undefined, 'redis', 'sticky'), { script });
  const { answer } = searchOf(capacity, 'sticky');
  assert.deepEqual([answer.ended, answer.outcomes.invalid, answer.limit], ['disturbed', 6, 'unknown']);
  assert.match(answer.why ?? '', /other processes of this machine used 40.0 %/);
  assert.equal(searchOf(capacity, 'redis').answer.ended, 'answered');
  assert.match(run.said.join('\n'), /sticky: 6 trials, the last of them were disturbed/);
});

test('a strategy that does not start has no search; the others have', async (t) => {
  const script: FakeScript = {
    trial: carries({ redis: 900 }),
    before(step) {
      if (step === 'deploy sticky') throw new Error('no port is free');
    },
  };
  const { capacity } = await searched(t, plan(4, 'redis', 'sticky'), { script });
  assert.deepEqual(
    capacity.strategies.map(({ name }) => name),
    ['redis'],
  );
});

test('an interruption keeps every trial that was judged, with the answer so far', async (t) => {
  const whole = await searched(t, plan(2, 'redis', 'sticky'), { script: { trial: carries({ redis: 900 }) } });
  for (const [index, step] of whole.run.runtime.steps.entries()) {
    const interruption = new AbortController();
    let steps = 0;
    const script: FakeScript = {
      trial: carries({ redis: 900 }),
      before() {
        steps += 1;
        if (steps > index) interruption.abort();
      },
    };
    const { run, capacity } = await searched(t, plan(2, 'redis', 'sticky'), { script, interruption });
    const finished = step === 'close' || step.startsWith('stop');
    assert.equal(run.record.status, finished ? 'finished' : 'interrupted', step);
    const histories = capacity.strategies.flatMap(({ history }) => history);
    assert.equal(histories.length, run.read.trials.length, step);
    for (const { answer, history } of capacity.strategies) assert.equal(answer.trials, history.length);
  }
});
