/** What a strategy did stays in its numbers: an outage of its servers makes no trial vanish. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readLimits } from '../../experiment/limits.ts';
import { logsIn } from '../../experiment/load.ts';
import { silentProgress } from '../../experiment/progress.ts';
import { noWait } from '../../experiment/quiet.ts';
import { settingFor } from '../../experiment/testing/fake-run.ts';
import { runTrial } from '../../experiment/trial.ts';
import { thisMachine } from '../../infra/machine/noise.ts';
import { choosePlacement } from '../../infra/machine/placement.ts';
import { until } from '../../infra/machine/until.ts';
import { createNativeRuntime } from '../../infra/runtimes/index.ts';
import type { Deployment } from '../../infra/runtimes/runtime.ts';
import { appMain, discoverStrategies } from '../../infra/strategies.ts';
import { sumOf } from '../../record/common.ts';
import { failureIn } from '../../record/failure.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { repository, temporaryFolder } from '../command.ts';

const RATE = 60;

/** A trial of Redis; what else goes on on this machine is not what this looks at. @param fault from the first second on */
async function trialWith(
  context: TestContext,
  measureSeconds: number,
  fault: (deployment: Deployment) => Promise<void>,
): Promise<TrialRecord> {
  const limits = readLimits({ SESSION_BENCH_NOISE: 'tolerate', SESSION_BENCH_GENERATOR_BUDGET: '1' });
  assert.ok(limits.status === 'ok');
  const { signal } = new AbortController();
  const runtime = await createNativeRuntime({ signal, progress: (line) => context.diagnostic(line) });
  context.after(async () => assert.deepEqual(await runtime.close(), []));
  const [strategy = assert.fail('there is no redis')] = (await discoverStrategies()).filter(
    ({ name }) => name === 'redis',
  );
  await runtime.provision([strategy], () => {});
  const placement = await choosePlacement();
  const times = { sessionTtlSeconds: 600, storeTimeoutMs: 500 };
  const deployment = await runtime.deploy(strategy, {
    apps: 2,
    appMain,
    placement,
    slowdown: null,
    ...times,
  });
  const setting = settingFor('redis');
  let faults: Promise<void> | null = null;
  const record = await runTrial(
    deployment,
    {
      number: 1,
      block: 1,
      rate: RATE,
      measureSeconds,
      overtimeSeconds: null,
      wait: noWait,
      population: logsIn,
    },
    await temporaryFolder(context),
    {
      ...setting,
      script: path.join(repository, 'scenarios/steady.ts'),
      workload: { ...setting.workload, sessions: 100 },
      warmupSeconds: 0.2,
    },
    {
      runtime,
      placement,
      limits: limits.value,
      machine: thisMachine,
      signal,
      progress: {
        ...silentProgress,
        second({ phase }) {
          if (phase === 'measure') faults ??= fault(deployment);
        },
      },
    },
  );
  assert.ok(faults, 'the fault was never begun');
  await faults;
  return record;
}

const cacheOf = ({ servers }: Deployment) =>
  servers.find(({ tier }) => tier === 'store') ?? assert.fail('there is no store');

const failedIn = ({ operations }: TrialRecord): number =>
  Object.values(operations).reduce((sum, { errors }) => sum + sumOf(errors), 0);

test('a server that is gone until the balancer answers itself leaves a valid trial with the failures in it', async (context) => {
  const record = await trialWith(context, 6, async (deployment) => {
    const server = cacheOf(deployment);
    await server.kill();
    await until('the balancer answers itself', 60_000, async () => {
      assert.ok((await deployment.requestCounts()).byBalancer > 0);
    });
    await server.restart();
  });
  const { byBalancer, generator, apps } = record.requests;
  assert.deepEqual([record.reasons, record.status], [[], 'valid']);
  assert.ok(byBalancer !== null && byBalancer > 0, JSON.stringify(record.requests));
  assert.equal(sumOf(Object.fromEntries((apps ?? []).entries())) + byBalancer, generator);
  assert.ok(failedIn(record) >= byBalancer);
  assert.notEqual(failureIn([record.operations]), null);
});

test('a server that stalls past the end of the trial leaves a valid one too', async (context) => {
  const record = await trialWith(context, 2, (deployment) => cacheOf(deployment).freeze());
  assert.deepEqual([record.reasons, record.status], [[], 'valid']);
  assert.ok(failedIn(record) > 0);
  assert.equal(record.storeCommands, null, 'a frozen server does not tell');
});
