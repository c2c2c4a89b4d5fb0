/**
 * An overload ends, is judged, and leaves nothing behind that the next trial would meet. What the generator used is held
 * against its budget.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { searchPlan } from '../../experiment/bench-plan.ts';
import { type ChosenLimits, usualLimits } from '../../experiment/limits.ts';
import { logsIn } from '../../experiment/load.ts';
import { presets } from '../../experiment/presets.ts';
import { silentProgress } from '../../experiment/progress.ts';
import { noWait } from '../../experiment/quiet.ts';
import { discoverScenarios } from '../../experiment/scenarios.ts';
import { readLatencies } from '../../experiment/search/latencies.ts';
import { outcomeOf } from '../../experiment/search/promise.ts';
import { parseSlo } from '../../experiment/search/slo.ts';
import { runTrial } from '../../experiment/trial.ts';
import { thisMachine } from '../../infra/machine/noise.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import { createNativeRuntime } from '../../infra/runtimes/index.ts';
import { appMain, discoverStrategies } from '../../infra/strategies.ts';
import { repository, temporaryFolder } from '../command.ts';

test('a trial far beyond the capacity is broken and ends, and the one after it is as if it had not been', async (context) => {
  const out = await temporaryFolder(context);
  const [strategy] = (await discoverStrategies([path.join(repository, 'tests/strategies')])).filter(
    ({ name }) => name === 'one-at-a-time',
  );
  const [[scenario], [preset]] = [await discoverScenarios(), presets];
  const parsed = parseSlo('errors<5%');
  assert.ok(strategy && scenario && preset && parsed.status === 'valid');
  const runtime = await createNativeRuntime({
    signal: new AbortController().signal,
    progress: (line) => context.diagnostic(line),
  });
  context.after(async () => assert.deepEqual(await runtime.close(), []));
  const placement = await choosePlacement();
  await runtime.provision([strategy], (line) => context.diagnostic(line));
  const options = {
    apps: 2,
    appMain,
    sessionTtlSeconds: 600,
    storeTimeoutMs: 2000,
    placement,
    slowdown: null,
  };
  const deployment = await runtime.deploy(strategy, options);
  const wishes = { preset, scenario, strategies: [strategy], sessions: 100, payload: undefined, duration: 2 };
  const { design, ...setting } = searchPlan(
    { ...wishes, apps: 2, seed: 3 },
    { slo: parsed.slo, maxTrials: undefined },
  );
  const { overtimeSeconds } = design;
  const trial = async (number: number, rate: number, limits: ChosenLimits = usualLimits) => {
    const folder = path.join(out, String(number));
    await mkdir(folder);
    const spec = {
      number,
      block: 1,
      rate,
      measureSeconds: 2,
      overtimeSeconds,
      wait: noWait,
      population: logsIn,
    };
    const record = await runTrial(deployment, spec, folder, setting, {
      runtime,
      placement,
      limits,
      machine: thisMachine,
      progress: silentProgress,
      signal: new AbortController().signal,
    });
    const evidence = { record, latencies: await readLatencies(folder), plannedSeconds: 2, placement };
    // What else goes on on this machine is not what this looks at.
    const reasons = record.reasons.filter(({ code }) => !/^(host|generator-late)/.test(code));
    const { outcome } = outcomeOf(parsed.slo, { ...evidence, record: { ...record, reasons } });
    return { record, reasons, outcome };
  };

  // The store carries 200 calls in a second.
  const over = await trial(1, 3000);
  assert.equal(over.outcome, 'broken', JSON.stringify(over.record, null, 2));
  assert.ok(over.record.pacing.dropped > 4000, 'what could not be sent in overtime is dropped');
  const sent = Object.values(over.record.operations).reduce((sum, { count }) => sum + count, 0);
  const probes = over.record.operations.probe?.count ?? 0;
  assert.ok(sent - probes + over.record.pacing.dropped >= 6000, 'every arrival is accounted for');

  const after = await trial(2, 40);
  assert.deepEqual(after.reasons, [], 'counts agree: nothing of the overload arrives late');
  const { operations } = after.record;
  const failed = Object.values(operations).flatMap(({ errors, violations }) => [
    ...Object.values(errors),
    ...Object.values(violations),
  ]);
  assert.equal(
    failed.reduce((sum, each) => sum + each, 0),
    0,
  );
  assert.equal(after.record.pacing.dropped, 0);

  // Less than a generator takes that does nothing.
  const beyond = await trial(3, 40, { ...usualLimits, generatorCpuShare: 0.0001 });
  assert.deepEqual(
    beyond.reasons.map(({ code }) => code),
    ['generator-cpu'],
  );
  assert.equal(beyond.outcome, 'generator-limited');
});
