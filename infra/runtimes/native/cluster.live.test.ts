import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { assertNothingLeft } from '../../machine/testing/traces.ts';
import { until } from '../../machine/until.ts';
import { CLUSTER_NODE_TIMEOUT_MS, parseClusterNodes } from '../../services/redis/cluster.ts';
import { withRedis } from '../../services/redis/connection.ts';
import type { RunningService } from '../running-service.ts';
import { startServices } from '../testing/services.ts';

/** Longer than any node waits for another. */
const long = CLUSTER_NODE_TIMEOUT_MS * 1.5;

async function startCluster(t: TestContext): Promise<RunningService> {
  const settings = { cluster: true, replicas: 1 };
  const spec = { name: 'cache', kind: 'redis', count: 6, memoryMiB: 64, settings };
  const started = await startServices({ services: [spec] });
  t.after(async () => {
    await started.stop();
    await assertNothingLeft([]);
  });
  const [cluster = assert.fail('no service')] = started.services;
  return cluster;
}

const password = ({ plan }: RunningService) => plan.secret('password');

/** What the last node of the cluster takes for masters with slots, and the number of takeovers so far. */
async function masters(cluster: RunningService): Promise<{ readonly ids: string[]; readonly epoch: string }> {
  const node = cluster.nodes.at(-1) ?? assert.fail('no node');
  return withRedis(node.reachable, password(cluster), async (redis) => {
    const members = parseClusterNodes(String(await redis.call('CLUSTER', 'NODES')));
    const info = String(await redis.call('CLUSTER', 'INFO'));
    return {
      ids: members.flatMap(({ id, serving }) => (serving ? [id] : [])).sort(),
      epoch: /cluster_current_epoch:(\d+)/.exec(info)?.[1] ?? '',
    };
  });
}

const settings = (cluster: RunningService) =>
  Promise.all(
    cluster.nodes.map((node) =>
      withRedis(node.reachable, password(cluster), async (redis) => [
        await redis.config('GET', 'cluster-node-timeout'),
        await redis.config('GET', 'cluster-replica-no-failover'),
      ]),
    ),
  );

test('a master that sleeps longer than the others loses nothing, and failover works again afterwards', async (t) => {
  const cluster = await startCluster(t);
  const before = await masters(cluster);
  const settingsBefore = await settings(cluster);
  const [master = assert.fail('no node')] = cluster.nodes;

  await cluster.control.beforeFreeze?.();
  await master.freeze();
  await pause(long);
  assert.deepEqual(await masters(cluster), before, 'a replica took over');
  await master.thaw();
  await cluster.control.afterThaw?.();
  await cluster.untilReady();
  assert.deepEqual(await settings(cluster), settingsBefore);

  await master.freeze();
  await until('a replica takes over', long * 2, async () =>
    assert.notDeepEqual(await masters(cluster), before),
  );
});

test('a cluster that is frozen as a whole for long keeps its masters', async (t) => {
  const cluster = await startCluster(t);
  const before = await masters(cluster);
  await cluster.freeze();
  await pause(long);
  await cluster.thaw();
  assert.deepEqual(await masters(cluster), before);
});
