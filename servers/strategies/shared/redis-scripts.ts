/** Scripts in Redis: one round trip, and nothing comes between their commands. */
import { createHash } from 'node:crypto';
import { messageOf } from '../../lib/message-of.ts';

export interface Script {
  readonly text: string;
  readonly sha: string;
}

export const scriptOf = (text: string): Script => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
});

type Value = string | number;

/** What runs scripts: ioredis' `Redis` and `Cluster` do. */
export interface ScriptRunner {
  evalsha(sha: string, keys: number, key: string, ...args: Value[]): Promise<unknown>;
  eval(text: string, keys: number, key: string, ...args: Value[]): Promise<unknown>;
}

export async function run(
  redis: ScriptRunner,
  { text, sha }: Script,
  key: string,
  args: readonly Value[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, 1, key, ...args);
  } catch (error) {
    // The server was started anew, or was never told: it does not know the script.
    if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
    return await redis.eval(text, 1, key, ...args);
  }
}
