/** The rules of a run of faults, on a runtime without servers. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { TrialFault } from '../../record/faults.ts';
import type { FaultsDesign, Plan } from '../plan.ts';
import {
  type FakeRun,
  type FakeRunOptions,
  fakeRun,
  invalid,
  measured,
  settingFor,
  strategyNamed,
} from '../testing/fake-run.ts';
import { faults } from './catalogue.ts';
import { faultsDesign } from './plan.ts';

const withStore = (name: string): Strategy => {
  const strategy = strategyNamed(name);
  const services = [{ name: 'cache', kind: 'redis', count: 1, memoryMiB: 64 }];
  return { ...strategy, topology: { ...strategy.topology, services } };
};

const sticky = strategyNamed('sticky');

function plan(names: readonly string[], strategies: readonly Strategy[]): Plan<FaultsDesign> {
  const wanted = names.flatMap((name) => faults.find((fault) => fault.name === name) ?? []);
  return {
    ...settingFor(),
    strategies,
    burstSeconds: 0,
    design: faultsDesign(wanted, strategies, { mode: 'given', value: 100 }),
  };
}

const run = (
  t: TestContext,
  names: readonly string[],
  strategies: readonly Strategy[],
  options: FakeRunOptions = {},
): Promise<FakeRun> => fakeRun(t, plan(names, strategies), options);

/** What was done to servers, and to deployments, in order. */
const acts = ({ runtime }: FakeRun): readonly string[] =>
  runtime.steps.filter(
    (step) => !/^(look|provision|save|clear|close|seed|(freeze|thaw) (redis|sticky)$)/.test(step),
  );

const faultsOf = ({ read }: FakeRun): readonly (TrialFault | null)[] =>
  read.trials.flatMap((trial) => ('record' in trial && trial.record ? [trial.record.fault] : []));

test('each fault is done to each strategy that can have it, on a deployment of its own', async (t) => {
  const done = await run(t, ['store-kill', 'app-kill'], [withStore('redis'), sticky]);
  assert.deepEqual(done.read.problems, []);
  assert.deepEqual([...measured(done)].sort(), ['1 redis', '2 redis', '2 sticky']);
  assert.ok(done.read.trials.every(({ kind }) => kind === 'valid'));
  assert.deepEqual(
    faultsOf(done).map((fault) => [fault?.name, fault?.servers, fault?.course.status]),
    [
      ['store-kill', ['cache-1'], 'healed'],
      ['app-kill', ['app-1'], 'healed'],
      ['app-kill', ['app-1'], 'healed'],
    ],
  );
  const stops = done.runtime.steps.filter((step) => step.startsWith('stop'));
  assert.equal(stops.length, 3, 'each is thrown away behind its trial');
  const { design } = done.record;
  assert.ok(design.kind === 'faults');
  assert.deepEqual(Object.keys(design.faults[0]?.impossible ?? {}), ['sticky']);
});

test('it is kept what each app was asked before the fault, and nothing of a time after it that there was not', async (t) => {
  const [fault] = faultsOf(await run(t, ['app-kill'], [sticky]));
  const { before, after } = fault?.appRequests ?? assert.fail('nobody asked the apps');
  assert.equal(before?.length, 2);
  // The load of the fake runtime has ended before the app is ready again.
  assert.equal(after, null);
});

const stories: readonly (readonly [fault: string, acts: readonly string[]])[] = [
  ['store-kill', ['kill cache-1', 'restart cache-1']],
  ['store-restart', ['restart cache-1']],
  ['store-freeze', ['freeze cache-1', 'thaw cache-1']],
  ['app-kill', ['kill app-1', 'restart app-1']],
  [
    'rolling-deploy',
    ['drain app-1', 'restart app-1', 'admit app-1', 'drain app-2', 'restart app-2', 'admit app-2'],
  ],
  ['balancer-reload', ['reload the balancer']],
  ['network-cut', ['redis: cut', 'redis: heal']],
  ['network-reset', ['redis: reset', 'redis: heal']],
  ['memory-full', ['limit the memory to full', 'limit the memory to planned']],
  ['network-slow-5', ['redis: slow by 5 ms', 'redis: heal']],
];

for (const [fault, story] of stories) {
  test(`${fault}: it is done while the load goes on, and taken back before the sessions are read once more`, async (t) => {
    const done = await run(t, [fault], [withStore('redis')]);
    const own = acts(done).filter((step) => !/^(deploy|measure|stop)|slow by 0 ms$/.test(step));
    assert.deepEqual(own, [...story, 'sweep']);
    assert.equal(faultsOf(done)[0]?.course.status, 'healed');
    assert.deepEqual(invalid(done), {});
  });
}

test('where there are no proxies, the faults that need none are done all the same', async (t) => {
  const lack = { what: 'toxiproxy', why: 'it cannot be built', remedy: 'Install Go.' };
  const done = await run(t, ['store-kill', 'network-cut'], [withStore('redis')], {
    script: { lacksProxies: lack },
  });
  assert.deepEqual(invalid(done), { 2: ['not-started'] });
  assert.match(
    done.record.faults.map(({ message }) => message).join(),
    /network could not be done: toxiproxy/,
  );
});

test('a strategy that lacks servers of its own takes no proxies from the others', async (t) => {
  const lack = { what: 'valkey-server', why: 'it is not here', remedy: 'Install it.' };
  const done = await run(t, ['network-cut'], [withStore('redis'), withStore('valkey')], {
    script: { lacks: { valkey: [lack] } },
  });
  assert.deepEqual(invalid(done), {});
});

test('a fault that does not take makes the trial invalid, and is no survival', async (t) => {
  const done = await run(t, ['store-kill'], [withStore('redis')], { script: { immortal: ['cache-1'] } });
  assert.deepEqual(invalid(done), { 1: ['fault-not-taken'] });
  assert.equal(faultsOf(done)[0]?.course.status, 'not-taken');
});

test('a deployment that does not get ready again is a result, and the run goes on with a new one', async (t) => {
  let restarts = 0;
  const before = (step: string): void => {
    if (step !== 'restart cache-1') return;
    restarts += 1;
    if (restarts === 1) throw new Error('cache is not ready');
  };
  const done = await run(t, ['store-kill', 'store-restart'], [withStore('redis')], { script: { before } });
  assert.deepEqual(invalid(done), {});
  const [first, second] = faultsOf(done);
  assert.deepEqual([first?.course.status, second?.course.status], ['not-healed', 'healed']);
  assert.equal(done.runtime.steps.filter((step) => step === 'deploy redis').length, 2);
});

test('servers that die of a fault are a result; what dies before it is none', async (t) => {
  const dies = { script: { trial: () => ({ dies: 'app-2' }) } };
  const done = await run(t, ['store-freeze'], [withStore('redis')], dies);
  assert.deepEqual(invalid(done), {});
  assert.deepEqual(faultsOf(done)[0]?.deaths, ['app-2: exit code 1']);
});

test('without the last reading of the sessions nothing is known', async (t) => {
  const done = await run(t, ['store-kill'], [withStore('redis')], {
    script: { trial: () => ({ sweep: 'missing' }) },
  });
  assert.deepEqual(invalid(done), { 1: ['sweep-missing'] });
});

test('a trial that the generator disturbed is measured again, once', async (t) => {
  const late = { lagP99Micros: 10_000_000 };
  const once = await run(t, ['app-kill'], [sticky], {
    script: { trial: ({ number }) => (number === 1 ? late : {}) },
  });
  assert.deepEqual(Object.keys(invalid(once)), ['1']);
  assert.deepEqual(measured(once), ['1 sticky', '1 sticky']);
  const always = await run(t, ['app-kill'], [sticky], { script: { trial: () => late } });
  assert.equal(always.read.trials.length, 2);
});

for (const step of ['measure redis', 'kill cache-1', 'restart cache-1']) {
  test(`an interruption at "${step}" ends the run, and nothing is left`, async (t) => {
    const interruption = new AbortController();
    const before = (each: string): void => {
      if (each === step) interruption.abort(new Error('Ctrl-C'));
    };
    const done = await run(t, ['store-kill', 'store-freeze'], [withStore('redis')], {
      interruption,
      script: { before },
    });
    assert.equal(done.record.status, 'interrupted');
    assert.equal(done.read.trials.length, 1);
    assert.equal(done.read.trials[0]?.kind, 'invalid');
  });
}
