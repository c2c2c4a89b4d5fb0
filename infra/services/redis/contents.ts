/** What clients have put into a Redis, and how it is spoilt, for checks of security. */
import type { Redis } from 'ioredis';

const isMaster = async (redis: Redis): Promise<boolean> => (await redis.role())[0] === 'master';

async function keysOf(redis: Redis): Promise<readonly string[]> {
  const keys = new Set<string>();
  const batches: AsyncIterable<readonly string[]> = redis.scanStream({ count: 1000 });
  for await (const batch of batches) for (const key of batch) keys.add(key);
  return [...keys];
}

/** Of each type, how a value is read. Of others the key alone is told. */
const readings: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  string: ['GET'],
  hash: ['HGETALL'],
  set: ['SMEMBERS'],
  zset: ['ZRANGE', '0', '-1'],
  list: ['LRANGE', '0', '-1'],
};

async function valuesOf(redis: Redis, key: string): Promise<readonly string[]> {
  const [command, ...args] = readings[await redis.type(key)] ?? [];
  if (command === undefined) return [];
  const found: unknown = await redis.call(command, key, ...args);
  return (Array.isArray(found) ? found : [found]).map(String);
}

/** Of a replica nothing: what it has, its master tells. */
export async function contentsOf(redis: Redis): Promise<readonly string[]> {
  if (!(await isMaster(redis))) return [];
  const keys = await keysOf(redis);
  const values = await Promise.all(keys.map((key) => valuesOf(redis, key)));
  return [...keys, ...values.flat()];
}

/** The deadline stays. In a hash, each of its values is overwritten. */
async function overwriteKey(redis: Redis, key: string, value: Buffer): Promise<void> {
  if ((await redis.type(key)) === 'hash')
    await Promise.all((await redis.hkeys(key)).map((field) => redis.hset(key, field, value)));
  else await redis.set(key, value, 'KEEPTTL');
}

/** Gives how many it had. */
export async function overwriteIn(redis: Redis, names: readonly string[], value: Buffer): Promise<number> {
  if (!(await isMaster(redis))) return 0;
  const keys = (await keysOf(redis)).filter((key) => names.some((name) => key.includes(name)));
  for (const key of keys) await overwriteKey(redis, key, value);
  return keys.length;
}
