/** Asking Redis servers. */
import { Redis } from 'ioredis';
import { messageOf } from '../../machine/errors.ts';
import { portOf, type ReachableNode } from '../definition.ts';

/** Time for one question of ours, in milliseconds. */
const QUESTION_TIMEOUT_MS = 2_000;

/** A short-lived connection of ours to one node. */
export async function withRedis<Result>(
  node: ReachableNode,
  password: string,
  ask: (redis: Redis) => Promise<Result>,
): Promise<Result> {
  const redis = new Redis({
    host: node.reach.host,
    port: portOf({ name: node.name, ports: node.reach.ports }),
    password,
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    connectTimeout: QUESTION_TIMEOUT_MS,
    commandTimeout: QUESTION_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // The event alone has the reason of a refused login; the command fails because the connection was closed.
  let reason: Error | null = null;
  redis.on('error', (error: Error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    return await ask(redis);
  } catch (error) {
    const cause: unknown = reason ?? error;
    throw new Error(`${node.name}: ${messageOf(cause)}`, { cause });
  } finally {
    redis.disconnect();
  }
}

/** Commands about the server rather than about sessions: ours, the client library's at connecting, replication's. */
const administrative = new Set(
  'acl asking auth client cluster command config debug flushall hello info latency memory ping psync quit readonly replconf replicaof role script select slaveof slowlog sync wait'.split(
    ' ',
  ),
);

/** The `# Commandstats` section of INFO, as command -> calls, without administrative commands. */
export function parseCommandStats(info: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, name, calls] of info.matchAll(/^cmdstat_([^:|]+)(?:\|[^:]*)?:calls=(\d+)/gm)) {
    if (name === undefined || administrative.has(name.toLowerCase())) continue;
    const command = name.toLowerCase();
    counts[command] = (counts[command] ?? 0) + Number(calls);
  }
  return counts;
}

/** Commands that one node carried out for clients; on a replica, also those of its master. */
export async function commandCounts(node: ReachableNode, password: string): Promise<Record<string, number>> {
  return parseCommandStats(await withRedis(node, password, (redis) => redis.info('commandstats')));
}
