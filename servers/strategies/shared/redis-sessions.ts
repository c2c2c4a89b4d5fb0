/** The session store over Redis' commands, for one server and for a cluster: one round trip for each operation. */
import type { SessionStore, StoreContext } from '../../contract/store.ts';
import { decode, encode } from './json-session.ts';

type Reply<Result> = (error: Error | null | undefined, result?: Result) => void;

/** The commands that ioredis' `Redis` and `Cluster` have in common and the store needs. */
export interface RedisCommands {
  get(key: string, reply: Reply<string | null>): unknown;
  set(key: string, value: string, unit: 'PX', milliseconds: number, reply: Reply<'OK'>): unknown;
  del(key: string, reply: Reply<number>): unknown;
  pexpire(key: string, milliseconds: number, reply: Reply<number>): unknown;
}

const keyOf = (sid: string): string => `session:${sid}`;

/** `SET … PX` writes value and deadline at once: there is no moment at which a session is kept without a deadline. */
export function redisSessions(redis: RedisCommands, { ttlSeconds, log }: StoreContext): SessionStore {
  const ttlMs = Math.ceil(ttlSeconds * 1000);
  return {
    get(sid, callback) {
      redis.get(keyOf(sid), (error, text) => {
        if (error) callback(error);
        else callback(null, text == null ? null : decode(text, log));
      });
    },
    set(sid, session, callback) {
      redis.set(keyOf(sid), encode(session), 'PX', ttlMs, (error) => callback(error));
    },
    destroy(sid, callback) {
      redis.del(keyOf(sid), (error) => callback(error));
    },
    touch(sid, _session, callback) {
      redis.pexpire(keyOf(sid), ttlMs, (error) => callback(error));
    },
  };
}
