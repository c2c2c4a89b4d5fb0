/** What a hash needs several commands for, as scripts. */
import type { Redis } from 'ioredis';
import { scriptOf } from '../shared/redis-scripts.ts';

/** `#!lua` (Redis 7): a full server refuses the script whole, and no session is removed in its first line and lost. */
const script = (lua: string) => scriptOf(`#!lua\n${lua}`);

/** The whole session, in place of what was there. Its first argument is the idle life in milliseconds, fields follow. */
export const replace = script(`
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return 1`);

/** Some fields of a session that is there; 0 where there is none. The same arguments. */
export const change = script(`
  if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  return 1`);

export async function loadScripts(redis: Redis): Promise<void> {
  for (const { text } of [replace, change]) await redis.script('LOAD', text);
}
