/** Forming, checking and freezing a Redis Cluster. */

import type { Redis } from 'ioredis';
import { counted } from '../../../record/counted.ts';
import { until } from '../../machine/until.ts';
import { sumCounts } from '../counts.ts';
import { portOf, type ReachableNode, type ServiceControl } from '../definition.ts';
import { commandCounts, withRedis } from './connection.ts';

/** Milliseconds after which a cluster node that does not answer counts as dead. */
export const CLUSTER_NODE_TIMEOUT_MS = 5_000;
const FROZEN_NODE_TIMEOUT_MS = 24 * 3600 * 1000;
const SLOTS = 16_384;
const FORMING_TIMEOUT_MS = 20_000;
/** In the answer to `CLUSTER SLOTS`: a node that goes by a name which has not been heard of. */
const NO_NAME = '"?"';

interface ClusterMember {
  readonly id: string;
  readonly flags: readonly string[];
  /** Milliseconds since 1970 of a ping without an answer yet; 0 when there is none. */
  readonly pingSent: number;
  readonly connected: boolean;
  /** True for a master that has slots. */
  readonly serving: boolean;
}

/** The answer to `CLUSTER NODES`. */
export function parseClusterNodes(text: string): ClusterMember[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [id = '', , flags = '', , pingSent = '0', , , linkState = '', slots = ''] = line.split(' ');
      return {
        id,
        flags: flags.split(','),
        pingSent: Number(pingSent),
        connected: flags.includes('myself') || linkState === 'connected',
        serving: slots !== '',
      };
    });
}

function ranges(masters: number): (readonly [number, number])[] {
  const edge = (index: number) => Math.round((index * SLOTS) / masters);
  return Array.from({ length: masters }, (_, index) => [edge(index), edge(index + 1) - 1] as const);
}

async function members(redis: Redis): Promise<ClusterMember[]> {
  return parseClusterNodes(String(await redis.call('CLUSTER', 'NODES')));
}

/** Rejects unless this node sees every other one, linked and well. Gives what it sees. */
async function expectFullView(redis: Redis, count: number): Promise<readonly ClusterMember[]> {
  const seen = await members(redis);
  const odd = seen.filter(
    (each) => !each.connected || each.flags.some((flag) => /fail|handshake|noaddr/.test(flag)),
  );
  if (seen.length !== count || odd.length > 0) {
    throw new Error(`sees ${seen.length} of ${counted(count, 'node')}, ${odd.length} of them not linked`);
  }
  return seen;
}

async function expectReady(redis: Redis, count: number): Promise<void> {
  const info = String(await redis.call('CLUSTER', 'INFO'));
  for (const expected of ['cluster_state:ok', `cluster_slots_ok:${SLOTS}`, `cluster_known_nodes:${count}`]) {
    const [field = ''] = expected.split(':');
    const line = new RegExp(`^${field}:\\S+`, 'm').exec(info)?.[0] ?? `${field}: missing`;
    if (line !== expected) throw new Error(`${line}, not ${expected}`);
  }
  const seen = await expectFullView(redis, count);
  // News of who follows whom travels with the nodes' pings and may arrive later than all else.
  const idle = seen.filter(({ flags, serving }) => flags.includes('master') && !serving);
  if (idle.length > 0) throw new Error(`takes ${counted(idle.length, 'node')} for masters without slots`);
  const replication = await redis.info('replication');
  if (/^role:slave/m.test(replication) && !/^master_link_status:up/m.test(replication)) {
    throw new Error('its link to its master is down');
  }
  // What clients would be told. Behind proxies nodes go by names, which travel with their pings too.
  const slots = JSON.stringify(await redis.call('CLUSTER', 'SLOTS'));
  if (slots.includes(NO_NAME)) throw new Error('does not know the names of all other nodes');
}

export function clusterControl(
  nodes: readonly ReachableNode[],
  password: string,
  replicas: number,
): Pick<ServiceControl, 'establish' | 'ready' | 'commands' | 'beforeFreeze' | 'afterThaw'> {
  const masterCount = nodes.length / (replicas + 1);
  const masters = nodes.slice(0, masterCount);
  const everyNode = <Result>(ask: (redis: Redis, node: ReachableNode) => Promise<Result>) =>
    Promise.all(nodes.map((node) => withRedis(node, password, (redis) => ask(redis, node))));
  const setEverywhere = (settings: Readonly<Record<string, string | number>>) =>
    everyNode(async (redis) => {
      for (const [name, value] of Object.entries(settings)) await redis.config('SET', name, value);
    });

  return {
    /**
     * The steps of `redis-cli --cluster create`, without its pauses: own epochs, slots, everybody meets everybody,
     * replicas follow masters.
     */
    async establish() {
      // A node takes an epoch only while it knows no other, so all must have theirs before the first one meets anybody.
      await everyNode((redis, node) => redis.call('CLUSTER', 'SET-CONFIG-EPOCH', nodes.indexOf(node) + 1));
      const ids = await everyNode(async (redis, node) => {
        const range = ranges(masterCount)[masters.indexOf(node)];
        if (range) await redis.call('CLUSTER', 'ADDSLOTSRANGE', ...range);
        for (const other of nodes) {
          if (other !== node) {
            await redis.call('CLUSTER', 'MEET', other.host, portOf(other), portOf(other, 'bus'));
          }
        }
        return String(await redis.call('CLUSTER', 'MYID'));
      });
      await until('every Redis node knows every other', FORMING_TIMEOUT_MS, () =>
        everyNode((redis) => expectFullView(redis, nodes.length)),
      );
      await Promise.all(
        nodes.slice(masterCount).map((replica, index) =>
          withRedis(replica, password, async (redis) => {
            await redis.call('CLUSTER', 'REPLICATE', ids[index % masterCount] ?? '');
          }),
        ),
      );
    },

    async ready() {
      await everyNode((redis) => expectReady(redis, nodes.length));
    },

    /** Replicas repeat what their masters did; only what masters did for clients counts. */
    async commands() {
      const roles = await everyNode(async (redis) => (await redis.role())[0]);
      const acting = nodes.filter((_, index) => roles[index] === 'master');
      return sumCounts(await Promise.all(acting.map((node) => commandCounts(node, password))));
    },

    /** A frozen node looks dead to the one that wakes first; nobody may act on that. */
    async beforeFreeze() {
      await setEverywhere({
        'cluster-replica-no-failover': 'yes',
        'cluster-node-timeout': FROZEN_NODE_TIMEOUT_MS,
      });
    },

    /** The time-out comes back when no ping from before the freeze waits for its answer any more. */
    async afterThaw() {
      await until('no Redis node waits for an old ping', FORMING_TIMEOUT_MS, () =>
        everyNode(async (redis) => {
          const oldest = Date.now() - CLUSTER_NODE_TIMEOUT_MS / 5;
          const waiting = (await members(redis)).filter(
            (each) => each.pingSent !== 0 && each.pingSent < oldest,
          );
          if (waiting.length > 0) throw new Error(`${waiting.length} pings without an answer`);
        }),
      );
      await setEverywhere({
        'cluster-node-timeout': CLUSTER_NODE_TIMEOUT_MS,
        'cluster-replica-no-failover': 'no',
      });
    },
  };
}
