/** The session store over Redis' commands, for one server and for a cluster. */
import type { SessionStore, StoreContext } from '../../contract/store.ts';
import { decode, encode } from './json-session.ts';
import type { AddSession } from './redis-bulk.ts';

type Sessions = Required<Pick<SessionStore, 'get' | 'set' | 'destroy' | 'touch' | 'update'>>;
type Reply<Result> = (error: Error | null | undefined, result?: Result) => void;

/** The commands that ioredis' `Redis` and `Cluster` have in common and the store needs. */
export interface RedisCommands {
  get(key: string, reply: Reply<string | null>): unknown;
  set(key: string, value: string, unit: 'PX', milliseconds: number, reply: Reply<'OK'>): unknown;
  /** Where the key is there; null where it is not. */
  set(
    key: string,
    value: string,
    unit: 'PX',
    milliseconds: number,
    condition: 'XX',
    reply: Reply<'OK' | null>,
  ): unknown;
  del(key: string, reply: Reply<number>): unknown;
  pexpire(key: string, milliseconds: number, reply: Reply<number>): unknown;
}

export const keyPrefix = 'session:';

export const keyOf = (sid: string): string => keyPrefix + sid;

export const ttlMsOf = ({ ttlSeconds }: StoreContext): number => Math.ceil(ttlSeconds * 1000);

/** What `set` sends. */
export const addSession: AddSession = (line, { key, session }, ttlMs) => {
  line.set(keyOf(key), encode(session), 'PX', ttlMs);
};

export function redisSessions(redis: RedisCommands, context: StoreContext): Sessions {
  const { log } = context;
  const ttlMs = ttlMsOf(context);
  return {
    get(sid, callback) {
      redis.get(keyOf(sid), (error, text) => {
        if (error) callback(error);
        else callback(null, text == null ? null : decode(text, log));
      });
    },
    set(sid, session, callback) {
      // Value and deadline at once: at no moment is a session kept without a deadline.
      redis.set(keyOf(sid), encode(session), 'PX', ttlMs, (error) => callback(error));
    },
    update(sid, session, _changed, callback) {
      redis.set(keyOf(sid), encode(session), 'PX', ttlMs, 'XX', (error, result) =>
        callback(error, result === 'OK'),
      );
    },
    destroy(sid, callback) {
      redis.del(keyOf(sid), (error) => callback(error));
    },
    touch(sid, _session, callback) {
      redis.pexpire(keyOf(sid), ttlMs, (error) => callback(error));
    },
  };
}
