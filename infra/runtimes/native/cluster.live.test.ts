import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../machine/until.ts';
import { serviceKind } from '../../services/index.ts';
import { CLUSTER_NODE_TIMEOUT_MS, parseClusterNodes } from '../../services/redis/cluster.ts';
import { withRedis } from '../../services/redis/connection.ts';
import type { ServiceGroup } from './service-group.ts';
import { groupForTest } from './testing/group.ts';

const service = serviceKind('redis').configure({ cluster: true, replicas: 1 }, 6);
/** Longer than any node waits for another. */
const long = CLUSTER_NODE_TIMEOUT_MS * 1.5;

/** What the last node of the group takes for masters with slots, and the number of takeovers so far. */
async function masters(group: ServiceGroup): Promise<{ readonly ids: string[]; readonly epoch: string }> {
  const node = group.nodes.at(-1) ?? assert.fail('no node');
  return withRedis(node, group.secret('password'), async (redis) => {
    const members = parseClusterNodes(String(await redis.call('CLUSTER', 'NODES')));
    const info = String(await redis.call('CLUSTER', 'INFO'));
    return {
      ids: members.flatMap(({ id, serving }) => (serving ? [id] : [])).sort(),
      epoch: /cluster_current_epoch:(\d+)/.exec(info)?.[1] ?? '',
    };
  });
}

const settings = (group: ServiceGroup) =>
  Promise.all(
    group.nodes.map((node) =>
      withRedis(node, group.secret('password'), async (redis) => [
        await redis.config('GET', 'cluster-node-timeout'),
        await redis.config('GET', 'cluster-replica-no-failover'),
      ]),
    ),
  );

test('a master that sleeps longer than the others loses nothing, and failover works again afterwards', async (t) => {
  const { group, end } = await groupForTest(service, { count: 6 });
  t.after(end);
  await group.start();
  const before = await masters(group);
  const settingsBefore = await settings(group);
  const [master = assert.fail('no process')] = group.children;

  await group.control.beforeFreeze?.();
  await master.freeze();
  await pause(long);
  assert.deepEqual(await masters(group), before, 'a replica took over');
  master.thaw();
  await group.control.afterThaw?.();
  await group.untilReady();
  assert.deepEqual(await settings(group), settingsBefore);

  await master.freeze();
  await until('a replica takes over', long * 2, async () =>
    assert.notDeepEqual(await masters(group), before),
  );
});

test('a cluster that is frozen as a whole for long keeps its masters', async (t) => {
  const { group, end } = await groupForTest(service, { count: 6 });
  t.after(end);
  await group.start();
  const before = await masters(group);
  await group.freeze();
  await pause(long);
  await group.thaw();
  assert.deepEqual(await masters(group), before);
});
