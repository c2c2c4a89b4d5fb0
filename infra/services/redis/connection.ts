/** Asking Redis servers. */
import type { Redis } from 'ioredis';
import type { ServerStrain, StrainCount } from '../../../record/strain.ts';
import { trustIn } from '../../../servers/contract/tls.ts';
import { messageOf } from '../../machine/errors.ts';
import {
  type Encryption,
  type Holding,
  type Knock,
  nothingTold,
  portOf,
  type ReachableNode,
} from '../definition.ts';
import { answerTo, causesOf, knockAt, takesTls } from '../knocking.ts';

/** Time for one question of ours, in milliseconds. */
const QUESTION_TIMEOUT_MS = 2_000;

function tlsOptions(node: ReachableNode) {
  const trust = trustIn(node);
  return trust ? { tls: { ...trust } } : {};
}

/** A short-lived connection of ours to one node. @param timeoutMs for each command */
export async function withRedis<Result>(
  node: ReachableNode,
  password: string,
  ask: (redis: Redis) => Promise<Result>,
  timeoutMs = QUESTION_TIMEOUT_MS,
): Promise<Result> {
  // Loaded when a server is asked: every command imports the services, and most ask none.
  const { Redis } = await import('ioredis');
  const redis = new Redis({
    host: node.reach.host,
    port: portOf({ name: node.name, ports: node.reach.ports }),
    password,
    ...tlsOptions(node),
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    connectTimeout: QUESTION_TIMEOUT_MS,
    commandTimeout: timeoutMs,
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
  'acl asking auth bgrewriteaof client cluster command config debug flushall hello info latency memory ping psync quit readonly replconf replicaof role script select slaveof slowlog sync'.split(
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

/** Sections of INFO that tell of limits. */
const limitSections = ['server', 'memory', 'stats', 'errorstats'] as const;

const named = {
  evicted: 'evicted_keys',
  expired: 'expired_keys',
  refusedConnections: 'rejected_connections',
} as const satisfies Partial<Record<StrainCount, string>>;

/** Of one node. What it does not tell is left out. */
export function parseStrain(node: string, info: string): ServerStrain {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
  const told = Object.entries(named).flatMap(([count, name]) =>
    field(name) === undefined ? [] : [[count, Number(field(name))]],
  );
  const [usedBytes = Number.NaN, limitBytes = 0] = [field('used_memory'), field('maxmemory')].map(Number);
  return {
    node,
    product: field('valkey_version') ? 'Valkey' : 'Redis',
    counts: { ...Object.fromEntries(told), ...refusals(info) },
    memory: usedBytes >= 0 && limitBytes > 0 ? { usedBytes, limitBytes } : null,
  };
}

/** Redis before 6.2 does not count errors. An error that was never met has no line. */
function refusals(info: string): ServerStrain['counts'] {
  if (!/^total_error_replies:/m.test(info)) return {};
  return { refusedForMemory: Number(/^errorstat_OOM:count=(\d+)/m.exec(info)?.[1] ?? 0) };
}

export async function strainOfNode(node: ReachableNode, password: string): Promise<ServerStrain> {
  const sections = await withRedis(node, password, (redis) =>
    Promise.all(limitSections.map((section) => redis.info(section))),
  );
  return parseStrain(node.name, sections.join('\n'));
}

const fieldOf = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];

/** Of one node. A replica holds the sessions of its master once more, and they take its memory too. */
export function parseHolding(info: string): Holding {
  const [memory, file] = [fieldOf(info, 'used_memory'), fieldOf(info, 'aof_current_size')];
  return {
    ...nothingTold,
    memoryBytes: memory === undefined ? null : Number(memory),
    ...(file !== undefined && { diskBytes: Number(file), logBytes: Number(file) }),
  };
}

/** Of one node; none of a replica, whose master has them. */
export function parseEntries(info: string): number {
  if (fieldOf(info, 'role') === 'slave') return 0;
  // Empty databases have no line.
  return [...info.matchAll(/^db\d+:keys=(\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

const sectionsOf = async (
  node: ReachableNode,
  password: string,
  sections: readonly string[],
): Promise<string> =>
  withRedis(node, password, async (redis) =>
    (await Promise.all(sections.map((section) => redis.info(section)))).join('\n'),
  );

export const holdingOfNode = async (node: ReachableNode, password: string): Promise<Holding> =>
  parseHolding(await sectionsOf(node, password, ['memory', 'persistence']));

export const entriesOfNode = async (node: ReachableNode, password: string): Promise<number> =>
  parseEntries(await sectionsOf(node, password, ['replication', 'keyspace']));
/** Passwords of examples and of nobody. */
const guesses = [
  ['without a password', ''],
  ['with the password "redis"', 'redis'],
  ['with the password "foobared"', 'foobared'],
] as const;

/** Who may not log in may not count the keys either. */
export const knockAtRedis = (node: ReachableNode): Promise<readonly Knock[]> =>
  knockAt(
    node,
    guesses.map(([how, password]) => ({
      how,
      enter: () => withRedis(node, password, (redis) => redis.dbsize()),
    })),
    (error) =>
      causesOf(error).some((each) => /\b(NOAUTH|WRONGPASS|DENIED)\b|invalid password/.test(messageOf(each))),
  );

/** In clear, a server answers that a password is needed; one that speaks TLS alone takes the bytes for a broken greeting. */
export async function encryptionOfRedis(node: ReachableNode): Promise<Encryption> {
  const told = await answerTo(node, Buffer.from('PING\r\n'), ({ length }) => length > 0);
  const understood = /^[-+]/.test(told.toString('latin1'));
  return { node: node.name, tls: await takesTls(node), clear: understood ? 'taken' : 'refused' };
}
