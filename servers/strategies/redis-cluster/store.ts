/** Sessions spread over the masters of a Redis Cluster, each under one key. See docs/store-choices.md. */
import { Cluster, type ClusterOptions } from 'ioredis';
import { z } from 'zod';
import type { BulkAccess, Endpoint, OpenStore, StoreContext } from '../../contract/store.ts';
import { inFlight } from '../../lib/in-flight.ts';
import { answer } from '../shared/answer.ts';
import { withDeadline } from '../shared/deadline.ts';
import { endpointsOf } from '../shared/endpoints.ts';
import { encode } from '../shared/json-session.ts';
import { keyOf, type RedisCommands, redisSessions } from '../shared/redis-sessions.ts';
import { countSessions } from '../shared/redis-user-index.ts';
import { replicatedScripts, replicatedWrites } from './replicated-writes.ts';
import { clusterIndex } from './user-index.ts';

const retryEveryMs = 100;

const settingsSchema = z.strictObject({
  /** A write is answered when so many replicas of its master have it: Redis' `WAIT`. */
  waitForReplicas: z.int().min(0).max(4).default(0),
  /** The client waits for failovers, and for answers, as ioredis does where nothing is said. */
  clientDefaults: z.boolean().default(false),
});

export default async function openRedisCluster(context: StoreContext): Promise<OpenStore> {
  const { waitForReplicas } = settingsSchema.parse(context.settings);
  const cluster = connect(context);
  // A connection that waits for replicas answers nothing meanwhile, so that reads have others.
  const writing = waitForReplicas > 0 ? connect(context) : cluster;
  const clients = new Set([cluster, writing]);
  const all = <Result>(work: (client: Cluster) => Promise<Result>) => Promise.all([...clients].map(work));
  const disconnect = () => clients.forEach((client) => void client.disconnect());
  // Operations report their own failures, and the app logs them; without a listener ioredis prints each error.
  for (const client of clients) client.on('error', () => {});
  try {
    await all((client) => client.connect());
  } catch (error) {
    disconnect();
    throw error;
  }
  const replication = { replicas: waitForReplicas, timeoutMs: context.timeoutMs, retryEveryMs };
  const commands =
    waitForReplicas > 0 ? { ...replicatedWrites(writing, replication), get: getFrom(cluster) } : cluster;
  // Each try on another connection has a time-out of its own; hung nodes took commands through five of them.
  const sessions = withDeadline(redisSessions(commands, context), 2 * context.timeoutMs);
  const scripts = waitForReplicas > 0 ? replicatedScripts(writing, replication) : cluster;
  const { userIndex } = context;
  return {
    store: {
      ...sessions,
      ...(userIndex && clusterIndex({ cluster, scripts, commands, sessions, settings: userIndex })),
      clear: (callback) =>
        answer(
          onMasters(cluster, (master) => master.flushdb()),
          callback,
        ),
      length: (callback) =>
        answer(
          onMasters(cluster, (master) => (userIndex ? countSessions(master) : master.dbsize())).then(sum),
          callback,
        ),
    },
    bulk: manyAtOnce(commands),
    ready: async () => {
      await all(checkMasters);
    },
    close: async () => disconnect(),
  };
}

/** A pipeline is of one master; commands that do not wait for each other fill the connections to all of them as well. */
const MOST_AT_ONCE = 1_000;

const manyAtOnce = (commands: Pick<RedisCommands, 'set'>): BulkAccess => ({
  fill: (sessions, ttlSeconds) =>
    inFlight(
      sessions,
      MOST_AT_ONCE,
      ({ key, session }) =>
        new Promise((resolve, reject) => {
          const ttlMs = Math.ceil(ttlSeconds * 1000);
          commands.set(keyOf(key), encode(session), 'PX', ttlMs, (error) =>
            error ? reject(error) : resolve(),
          );
        }),
    ),
});

const getFrom =
  (cluster: Cluster): RedisCommands['get'] =>
  (key, reply) =>
    cluster.get(key, reply);

function connect(context: StoreContext): Cluster {
  const { timeoutMs } = context;
  const { clientDefaults } = settingsSchema.parse(context.settings);
  const nodes = endpointsOf(context, 'cluster');
  const { user, password } = nodes[0];
  return new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    {
      natMap: behindProxies(nodes),
      lazyConnect: true,
      ...(clientDefaults ? {} : patience(timeoutMs)),
      redisOptions: {
        ...(user !== undefined && { username: user }),
        ...(password !== undefined && { password }),
        ...(clientDefaults
          ? {}
          : { connectTimeout: timeoutMs, commandTimeout: timeoutMs, socketTimeout: timeoutMs }),
      },
    },
  );
}

/** How long a failover is waited for, and how an operation fails when there is nobody to ask. */
const patience = (timeoutMs: number): ClusterOptions => ({
  // While the cluster cannot be reached, operations fail at once.
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  // A replica may not have the last write yet, and would answer with an older session.
  scaleReads: 'master',
  retryDelayOnFailover: retryEveryMs,
  retryDelayOnClusterDown: retryEveryMs,
  retryDelayOnTryAgain: retryEveryMs,
  // One try costs up to two: the closed connection, and the MOVED of the node that was asked instead.
  maxRedirections: 2 * Math.ceil(timeoutMs / retryEveryMs) + 2,
  clusterRetryStrategy: () => retryEveryMs,
  slotsRefreshTimeout: timeoutMs,
  // Each connection looks its own name up. ioredis would look all up before it connects again, give up where one has none, and
  // stay closed for good where an old connection ends meanwhile (seen with 6.0.0).
  dnsLookup: (name, found) => found(null, name),
});

/** The way to each node that is not reached where the cluster says that it is. */
const behindProxies = (nodes: readonly Endpoint[]): Record<string, Pick<Endpoint, 'host' | 'port'>> =>
  Object.fromEntries(
    nodes.flatMap(({ host, port, announcedAs }) => (announcedAs ? [[announcedAs, { host, port }]] : [])),
  );

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
  if (reports.length === 0) {
    // It learns of masters by its commands, and an app that is not ready is sent none.
    cluster.refreshSlotsCache();
    throw new Error('no master of the cluster can be reached');
  }
  for (const report of reports) {
    const state = /^cluster_state:(\w+)/m.exec(String(report))?.[1];
    if (state !== 'ok')
      throw new Error(`cluster_state is ${state ?? 'not reported'}: some slots are not served`);
  }
}
