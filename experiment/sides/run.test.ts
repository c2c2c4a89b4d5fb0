import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeployOptions } from '../../infra/runtimes/runtime.ts';
import type { Plan, SidesDesign } from '../plan.ts';
import { type FakeRun, fakeRun, measured, settingFor, strategyNamed } from '../testing/fake-run.ts';
import { type Pair, sideOf, sidesPlan } from './plan.ts';

const code = { label: 'the same code', commit: null, dirty: null, digest: null };

const pairOf = (name: string): Pair => ({
  strategy: name,
  baseline: sideOf(strategyNamed(name), 'baseline', 'main', {
    appMain: '/ref/servers/app/main.ts',
    slowdown: null,
  }),
  candidate: sideOf(strategyNamed(name), 'candidate', 'the working tree', {
    appMain: '/tree/servers/app/main.ts',
    slowdown: null,
  }),
  addedMicros: 0,
});

function plan(blocks: number, blocksPerDeployment: number, ...names: readonly string[]): Plan<SidesDesign> {
  const { strategies: _, ...setting } = settingFor();
  const rate = { mode: 'given', value: 500 } as const;
  const design = { command: 'compare', baseline: code, candidate: code, blocks, rate } as const;
  return sidesPlan(setting, { ...design, blocksPerDeployment }, names.map(pairOf));
}

const count = ({ runtime: { steps } }: FakeRun, wanted: string): number =>
  steps.filter((step) => step === wanted).length;

test('the sides of a strategy follow each other in every block', async (t) => {
  const run = await fakeRun(t, plan(4, 10, 'redis', 'sticky', 'postgres'));
  assert.equal(run.record.plan.order.length, 4);
  for (const order of run.record.plan.order) {
    assert.equal(new Set(order).size, 6);
    for (let at = 0; at < order.length; at += 2)
      assert.equal(order[at]?.split('-')[0], order[at + 1]?.split('-')[0], order.join());
  }
  assert.deepEqual(
    measured(run),
    run.record.plan.order.flatMap((order, index) => order.map((name) => `${index + 1} ${name}`)),
  );
  assert.ok(run.record.design.kind === 'sides');
  assert.deepEqual(run.record.design.pairs[0], {
    strategy: 'redis',
    baseline: 'redis-baseline',
    candidate: 'redis-candidate',
    addedMicros: 0,
  });
});

test('each side is deployed with its own code', async (t) => {
  const deployed = new Map<string, Pick<DeployOptions, 'appMain' | 'slowdown'>>();
  const slow = sideOf(strategyNamed('redis'), 'slow', 'slower', {
    appMain: '/tree/servers/app/main.ts',
    slowdown: { cpuMicrosPerRequest: 50 },
  });
  const { strategies: _, ...setting } = settingFor();
  const pair = pairOf('redis');
  const design = {
    command: 'selftest',
    baseline: code,
    candidate: code,
    blocks: 1,
    blocksPerDeployment: 1,
  } as const;
  const both = sidesPlan(setting, { ...design, rate: { mode: 'given', value: 500 } }, [
    { ...pair, candidate: slow, addedMicros: 50 },
  ]);
  await fakeRun(t, both, {
    script: {
      deployed: ({ name }, { appMain, slowdown }) => deployed.set(name, { appMain, slowdown }),
    },
  });
  assert.deepEqual(Object.fromEntries(deployed), {
    'redis-baseline': { appMain: '/ref/servers/app/main.ts', slowdown: null },
    'redis-slow': { appMain: '/tree/servers/app/main.ts', slowdown: { cpuMicrosPerRequest: 50 } },
  });
});

test('all servers are started anew, and have their bursts, after so many blocks', async (t) => {
  for (const [blocks, blocksPerDeployment, starts] of [
    [4, 2, 2],
    [5, 2, 3],
    [3, 3, 1],
    [3, 1, 3],
  ] as const) {
    const run = await fakeRun(t, plan(blocks, blocksPerDeployment, 'redis'));
    assert.equal(measured(run).length, 2 * blocks);
    for (const side of ['redis-baseline', 'redis-candidate'])
      for (const step of ['deploy', 'burst', 'stop'])
        assert.equal(count(run, `${step} ${side}`), starts, `${step} ${side} in ${blocks} blocks`);
  }
});

test('new servers have their bursts before the first trial of their block', async (t) => {
  const { runtime } = await fakeRun(t, plan(2, 1, 'redis'));
  const second = runtime.steps.slice(runtime.steps.lastIndexOf('deploy redis-candidate'));
  const measuring = second.findIndex((step) => step.startsWith('measure'));
  for (const side of ['redis-baseline', 'redis-candidate'])
    assert.ok(second.slice(0, measuring).includes(`burst ${side}`), second.join('; '));
});

test('a side whose other side does not start is not measured; other strategies are', async (t) => {
  const script = {
    before(step: string) {
      if (step === 'deploy redis-candidate') throw new Error('its store cannot be loaded');
    },
  };
  const run = await fakeRun(t, plan(2, 10, 'redis', 'sticky'), { script });
  assert.deepEqual(
    run.record.strategies.map(({ name, status, reasons }) => [
      name,
      status,
      ...reasons.map((each) => each.code),
    ]),
    [
      ['redis-baseline', 'planned'],
      ['redis-candidate', 'not-measured', 'not-started'],
      ['sticky-baseline', 'measured'],
      ['sticky-candidate', 'measured'],
    ],
  );
  assert.equal(measured(run).length, 4);
  assert.ok(measured(run).every((each) => each.includes('sticky')));

  const alone = await fakeRun(t, plan(2, 10, 'redis'), { script });
  assert.deepEqual([alone.record.status, alone.record.plan.order, measured(alone)], ['finished', [], []]);
});
