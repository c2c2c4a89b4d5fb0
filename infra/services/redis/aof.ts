/** The append-only file, in which a server keeps every write. */
import type { Redis } from 'ioredis';
import { until } from '../../machine/until.ts';
import type { ReachableNode } from '../definition.ts';
import { withRedis } from './connection.ts';

/** Rewriting what holds nothing takes milliseconds; the disk may be busy. */
const REWRITE_TIMEOUT_MS = 20_000;

/**
 * Rewrites the file of a server that has been emptied: the writes so far go, and a trial begins with a short file and
 * without a rewrite to come.
 * @throws Error when it is not done within 20 s
 */
export async function shortenFile(node: ReachableNode, password: string): Promise<void> {
  await withRedis(node, password, (redis) => redis.bgrewriteaof());
  await until(`${node.name} has rewritten its append-only file`, REWRITE_TIMEOUT_MS, () =>
    withRedis(node, password, expectRewritten),
  );
}

async function expectRewritten(redis: Redis): Promise<void> {
  const info = await redis.info('persistence');
  const field = (name: string): string => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? 'missing';
  for (const [name, expected] of Object.entries(rewritten))
    if (field(name) !== expected) throw new Error(`${name} is ${field(name)}, not ${expected}`);
}

/** Of INFO's section on persistence. */
const rewritten = {
  aof_rewrite_scheduled: '0',
  aof_rewrite_in_progress: '0',
  aof_last_bgrewrite_status: 'ok',
} as const;
