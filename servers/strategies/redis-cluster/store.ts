/**
 * Sessions spread over the masters of a Redis Cluster. Each session is one key, so that every operation is one
 * round trip to the master that owns the key's slot.
 *
 * - Reads go to masters: a replica may not have the last write yet, and would answer with an older session.
 * - Time-outs and retries. ioredis' defaults retry for 16 x 100 ms and then give up, whatever the cluster's node time-out
 *   is, and have no command time-out at all. Here a command whose node is gone is tried again every 100 ms for as
 *   long as the app waits (`timeoutMs`), then fails: with a time-out above cluster-node-timeout + 1 to 2 s an
 *   operation outlasts a failover, below that clients get 503 until the replica has taken over. Retrying longer than
 *   the app waits would only deliver writes of requests that were answered with an error. One try costs up to two
 *   redirections (the closed connection, and the MOVED of the node that was asked instead), hence the factor.
 * - No offline queue: while the cluster is not to be reached, operations fail at once.
 * - Slots are read anew every 5 s (the default) and after each MOVED, so that a failover is noticed by both.
 * - Auto-pipelining is off; the reason is in ../redis/store.ts.
 */
import { Cluster } from 'ioredis';
import type { OpenStore, StoreContext } from '../../contract/store.ts';
import { answer } from '../shared/answer.ts';
import { endpointsOf } from '../shared/endpoints.ts';
import { redisSessions } from '../shared/redis-sessions.ts';

const retryEveryMs = 100;

export default async function openRedisCluster(context: StoreContext): Promise<OpenStore> {
  const cluster = connect(context);
  // Operations report their own failures, and the app logs them; without a listener ioredis prints each error.
  cluster.on('error', () => {});
  try {
    await cluster.connect();
  } catch (error) {
    cluster.disconnect();
    throw error;
  }
  return {
    store: {
      ...redisSessions(cluster, context),
      clear: (callback) =>
        answer(
          onMasters(cluster, (master) => master.flushdb()),
          callback,
        ),
      length: (callback) => answer(onMasters(cluster, (master) => master.dbsize()).then(sum), callback),
    },
    ready: () => checkMasters(cluster),
    close: async () => cluster.disconnect(),
  };
}

function connect(context: StoreContext): Cluster {
  const { timeoutMs } = context;
  const nodes = endpointsOf(context, 'cluster');
  const { user, password } = nodes[0];
  return new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    {
      lazyConnect: true,
      enableOfflineQueue: false,
      enableAutoPipelining: false,
      scaleReads: 'master',
      retryDelayOnFailover: retryEveryMs,
      retryDelayOnClusterDown: retryEveryMs,
      retryDelayOnTryAgain: retryEveryMs,
      maxRedirections: 2 * Math.ceil(timeoutMs / retryEveryMs) + 2,
      clusterRetryStrategy: () => retryEveryMs,
      slotsRefreshTimeout: timeoutMs,
      redisOptions: {
        ...(user !== undefined && { username: user }),
        ...(password !== undefined && { password }),
        connectTimeout: timeoutMs,
        commandTimeout: timeoutMs,
        socketTimeout: timeoutMs,
      },
    },
  );
}

type Master = ReturnType<Cluster['nodes']>[number];

function onMasters<Result>(cluster: Cluster, ask: (master: Master) => Promise<Result>): Promise<Result[]> {
  return Promise.all(cluster.nodes('master').map(ask));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Every master must answer, and say that all slots are served. */
async function checkMasters(cluster: Cluster): Promise<void> {
  const reports = await onMasters(cluster, (master) => master.cluster('INFO'));
  if (reports.length === 0) throw new Error('no master of the cluster can be reached');
  for (const report of reports) {
    const state = /^cluster_state:(\w+)/m.exec(String(report))?.[1];
    if (state !== 'ok') throw new Error(`cluster_state is ${state ?? 'not told'}: some slots are not served`);
  }
}
