/** What ends and is started again is where it was: the nodes of a Redis Cluster and the balancer remember addresses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePlacement } from '../../infra/machine/placement.ts';
import { createRuntime } from '../../infra/runtimes/index.ts';
import type { Deployment, Strategy } from '../../infra/runtimes/runtime.ts';
import { appMain, discoverStrategies } from '../../infra/strategies.ts';
import { assertSameAs, contents, engine, needsEngine } from './engine.ts';

/** Without replicas, whose containers take seconds to start. */
async function smallCluster(): Promise<Strategy> {
  const strategy = (await discoverStrategies()).find(({ name }) => name === 'redis-cluster') ?? assert.fail();
  const services = strategy.topology.services.map((service) => ({
    ...service,
    count: 3,
    settings: { cluster: true, replicas: 0 },
  }));
  return { ...strategy, topology: { ...strategy.topology, services } };
}

/** Of each server in the network of its deployment. */
async function addresses(deployment: Deployment): Promise<readonly string[]> {
  const listeners = await deployment.listeners();
  return listeners
    .filter(({ reach }) => reach !== 'loopback')
    .map(({ node, address }) => `${node} ${address}`);
}

test(
  'all servers of a Redis Cluster end at once and find each other again, each at its address',
  needsEngine,
  async (context) => {
    const before = await contents();
    const runtime = await createRuntime(
      { status: 'docker', why: 'for a test', engine: await engine() },
      { images: new Map(), budgets: {}, signal: context.signal, progress() {} },
    );
    context.after(async () => {
      assert.deepEqual(await runtime.close(), []);
      await assertSameAs(before);
    });
    const strategy = await smallCluster();
    await runtime.provision([strategy], () => {});
    const deployment = await runtime.deploy(strategy, {
      apps: 1,
      appMain,
      sessionTtlSeconds: 600,
      storeTimeoutMs: 2_000,
      placement: await choosePlacement(),
      slowdown: null,
    });
    const stores = deployment.servers.filter(({ tier }) => tier === 'store');
    const asStarted = await addresses(deployment);
    await Promise.all(stores.map((store) => store.kill()));
    await deployment.restart(stores);
    assert.deepEqual(await addresses(deployment), asStarted);
    await deployment.untilReady();
  },
);
