import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { blocksPlan } from '../../experiment/bench-plan.ts';
import type { RateChoice } from '../../experiment/plan.ts';
import { presets } from '../../experiment/presets.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { readHost } from '../../infra/machine/host.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { reasonOf } from '../../record/reasons.ts';
import type { RunRecord } from '../../record/run.ts';
import { inventedStrategies, writeRunFolder } from '../../reports/fixtures/run-folder.ts';
import { temporaryFolder } from '../../reports/fixtures/temporary.ts';
import { outlookOf } from './outlook.ts';

const host = await readHost();
const [scenarios, strategies] = [await discoverScenarios(), await discoverStrategies()];
const scenario = scenarios.find(({ workload }) => workload.name === 'steady') ?? assert.fail('no scenario');
const preset = presets.find(({ name }) => name === 'quick') ?? assert.fail('no preset');
const wishes = { preset, scenario, strategies, apps: 2, seed: 1 };
const sizes = { sessions: undefined, payload: undefined, duration: undefined };
const plan = blocksPlan({ ...wishes, ...sizes }, { extent: { by: 'preset' }, rate: { mode: 'auto' } });

const invented = { strategies: inventedStrategies.slice(0, 3), blocks: 4, measureSeconds: 2, rate: 200 };

async function outlookWith(t: TestContext, runs: Readonly<Record<string, (record: RunRecord) => RunRecord>>) {
  const out = await temporaryFolder(t);
  for (const [name, change] of Object.entries(runs))
    await writeRunFolder(path.join(out, name), {
      ...invented,
      run: (record) =>
        change({ ...record, runId: name, host, scenario: { ...record.scenario, name: 'steady' } }),
    });
  return { out, told: await outlookOf(plan, strategies, out) };
}

const asIs = (record: RunRecord) => record;
const [old, middle, late, latest] = ['20261101-1', '20261102-1', '20261103-1', '20261104-1'].map(
  (day) => `${day.slice(0, 8)}-000000-aaaa`,
) as [string, string, string, string];

test('the noise is that of the last fitting runs on this machine', async (t) => {
  const one = await outlookWith(t, { [old]: asIs });
  assert.match(one.told, new RegExp(`by the noise of ${old}, with trials of 2 s`));
  const many = await outlookWith(t, { [old]: asIs, [middle]: asIs, [late]: asIs, [latest]: asIs });
  assert.match(many.told, new RegExp(`by the noise of the last 3 runs, up to ${latest}`));
});

const unfit: Readonly<Record<string, (record: RunRecord) => RunRecord>> = {
  'another machine': (record) => ({ ...record, host: { ...host, hostname: 'elsewhere' } }),
  'another processor': (record) => ({ ...record, host: { ...host, cpuModel: 'other' } }),
  'other cores': (record) => ({ ...record, host: { ...host, cores: 999 } }),
  'another scenario': (record) => ({ ...record, scenario: { ...record.scenario, name: 'login-storm' } }),
  'tolerated noise': (record) => ({ ...record, faults: [reasonOf('noise-tolerated', 'told')] }),
};

test('runs that do not fit say nothing, and an assumption is told as one', async (t) => {
  for (const [name, change] of Object.entries(unfit)) {
    const { told } = await outlookWith(t, { [late]: change });
    assert.match(told, /assumed: two trials differ by 12 % in CPU per request/, name);
    const { told: besides } = await outlookWith(t, { [old]: asIs, [late]: change });
    assert.match(besides, new RegExp(`by the noise of ${old}`), name);
  }
});

test('what is damaged, foreign or missing in the folder is no obstacle', async (t) => {
  const { out } = await outlookWith(t, { [old]: asIs });
  await mkdir(path.join(out, latest));
  await mkdir(path.join(out, late));
  await writeFile(path.join(out, late, 'run.json'), '{"schemaVersion": 99');
  await writeFile(path.join(out, `${middle}`), 'no folder');
  await writeFile(path.join(out, 'notes.txt'), '');
  assert.match(await outlookOf(plan, strategies, out), new RegExp(`by the noise of ${old}`));
  assert.match(await outlookOf(plan, strategies, path.join(out, 'nowhere')), /assumed/);
});

const at = (rate: RateChoice, duration: number | undefined) =>
  blocksPlan({ ...wishes, ...sizes, duration }, { extent: { by: 'blocks', blocks: 12 }, rate });
const given = (value: number): RateChoice => ({ mode: 'given', value });

test('nothing is assumed of trials that are too small for it, by their rate or their length', async (t) => {
  const nowhere = path.join(await temporaryFolder(t), 'nowhere');
  const cases: readonly (readonly [RateChoice, number | undefined, RegExp])[] = [
    [given(1), 1, /^unknown: .* trials of about 1 request differ/],
    [given(1), undefined, /^unknown: .* trials of about 3 requests/],
    [given(1), 500, /^unknown: .* trials of about 500 requests/],
    [given(500), 1, /^unknown: .* trials of about 500 requests/],
    [{ mode: 'auto' }, 1, /^unknown: .* trials of 1 s/],
    [{ mode: 'auto' }, 3, /assumed/],
    [{ mode: 'auto' }, undefined, /assumed/],
    [given(200), undefined, /assumed/],
    [given(1000), 2, /assumed/],
  ];
  for (const [rate, duration, expected] of cases)
    assert.match(await outlookOf(at(rate, duration), strategies, nowhere), expected);
});

test('the noise of trials that hold far more or fewer requests is another noise', async (t) => {
  // 200/s for 2 s, at a rate that was found.
  const { out } = await outlookWith(t, { [old]: asIs });
  const told = (rate: RateChoice, duration: number) => outlookOf(at(rate, duration), strategies, out);
  for (const alike of [
    told(given(200), 2),
    told(given(400), 2),
    told(given(150), 1),
    told({ mode: 'auto' }, 1),
  ])
    assert.match(await alike, /by the noise of/);
  for (const other of [
    told(given(1), 2),
    told(given(2000), 2),
    told(given(200), 60),
    told({ mode: 'auto' }, 60),
  ])
    assert.doesNotMatch(await other, /by the noise of/);
  const ofOneRequest = await outlookWith(t, {
    [old]: (record) =>
      record.design.kind === 'blocks' && record.design.rate
        ? {
            ...record,
            design: { ...record.design, rate: { ...record.design.rate, mode: 'given', value: 1 } },
          }
        : assert.fail('no rate'),
  });
  assert.match(ofOneRequest.told, /assumed/);
});

test('what cannot run here is compared with nothing', async (t) => {
  const nowhere = path.join(await temporaryFolder(t), 'nowhere');
  assert.match(
    await outlookOf(plan, strategies.slice(0, 1), nowhere),
    /^no difference, since .* only .+ can run/,
  );
  const [all, some] = [
    await outlookOf(plan, strategies, nowhere),
    await outlookOf(plan, strategies.slice(0, 2), nowhere),
  ];
  assert.notEqual(all, some);
});
