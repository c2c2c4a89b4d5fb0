/** A store on one server of Redis or Valkey. See docs/store-choices.md. */
import { type ChainableCommander, Redis } from 'ioredis';
import type { BulkAccess, BulkSession, OpenStore, SessionStore, StoreContext } from '../../contract/store.ts';
import { trustIn } from '../../contract/tls.ts';
import { answer } from './answer.ts';
import { endpointOf } from './endpoints.ts';

/** ioredis' default backs off to 5 s, which would prolong every outage. */
const reconnectEveryMs = 100;

/** Adds what writes one session, as the store's `set` does, to a pipeline. @param ttlMs idle life */
export type AddSession = (line: ChainableCommander, session: BulkSession, ttlMs: number) => void;

/**
 * @param sessionsOn the operations on sessions, once the server answers
 * @param add the same as its `set`
 */
export async function openOnServer(
  context: StoreContext,
  sessionsOn: (redis: Redis) => SessionStore | Promise<SessionStore>,
  add: AddSession,
): Promise<OpenStore> {
  const redis = clientFor(context);
  // Operations report their own failures, and the app logs them; without a listener ioredis prints each error.
  redis.on('error', () => {});
  try {
    await redis.connect();
    return {
      store: {
        ...(await sessionsOn(redis)),
        // The server is the strategy's own: all its keys are sessions.
        clear: (callback) => answer(redis.flushdb(), callback),
        length: (callback) => answer(redis.dbsize(), callback),
      },
      bulk: pipelined(redis, add),
      ready: async () => {
        await redis.ping();
      },
      close: async () => redis.disconnect(),
    };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

/** All sessions of a call leave in one write, and their answers are waited for together. */
const pipelined = (redis: Redis, add: AddSession): BulkAccess => ({
  async fill(sessions, ttlSeconds) {
    const line = redis.pipeline();
    for (const each of sessions) add(line, each, Math.ceil(ttlSeconds * 1000));
    const answers = await line.exec();
    if (answers === null || answers.length < sessions.length)
      throw new Error('the connection gave no answer');
    for (const [error] of answers) if (error) throw error;
  },
});

function clientFor(context: StoreContext): Redis {
  const endpoint = endpointOf(context, 'cache');
  const { host, port, user, password } = endpoint;
  const { timeoutMs } = context;
  const trust = trustIn(endpoint);
  return new Redis({
    host,
    port,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(trust && { tls: { ...trust } }),
    lazyConnect: true,
    connectTimeout: timeoutMs,
    // For a server that hangs. ioredis' default is to wait for ever.
    commandTimeout: timeoutMs,
    // For a connection that went dead without being closed.
    socketTimeout: timeoutMs,
    // A command that finds no connection or loses it fails: sent after its request was answered, it could undo a logout.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    retryStrategy: () => reconnectEveryMs,
  });
}
