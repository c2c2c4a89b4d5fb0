/** What a hash needs several commands for, as scripts: one round trip, and nothing comes between the commands. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** `#!lua` (Redis 7): a full server refuses the script whole, and no session is removed in its first line and lost. */
const script = (lua: string) => {
  const text = `#!lua\n${lua}`;
  return { text, sha: createHash('sha1').update(text).digest('hex') };
};

export type Script = ReturnType<typeof script>;

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

export async function run(
  redis: Redis,
  { text, sha }: Script,
  key: string,
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, 1, key, ...args);
  } catch (error) {
    // The server was started anew, and knows no scripts.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await redis.eval(text, 1, key, ...args);
  }
}
