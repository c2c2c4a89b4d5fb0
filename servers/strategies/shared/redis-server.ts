/** A store on one server of Redis or Valkey. See docs/store-choices.md. */
import { Redis } from 'ioredis';
import type { OpenStore, SessionStore, StoreContext } from '../../contract/store.ts';
import { trustIn } from '../../contract/tls.ts';
import { answer } from './answer.ts';
import { endpointOf } from './endpoints.ts';
import { type AddSession, pipelined } from './redis-bulk.ts';
import { countSessions, type Reading, serverIndex } from './redis-user-index.ts';

/** ioredis' default backs off to 5 s, which would prolong every outage. */
const reconnectEveryMs = 100;

/**
 * @param sessionsOn the operations on sessions, once the server answers
 * @param reading how the index of users reads them
 * @param add the same as their `set`
 */
export async function openOnServer(
  context: StoreContext,
  sessionsOn: (redis: Redis) => SessionStore | Promise<SessionStore>,
  reading: Reading,
  add: AddSession,
): Promise<OpenStore> {
  const redis = clientFor(context);
  // Operations report their own failures, and the app logs them; without a listener ioredis prints each error.
  redis.on('error', () => {});
  try {
    await redis.connect();
    const sessions = await sessionsOn(redis);
    const { userIndex } = context;
    return {
      store: {
        ...sessions,
        ...(userIndex && serverIndex(redis, sessions, userIndex, reading)),
        // The server is the strategy's own: all its keys are sessions, but for those of the index.
        clear: (callback) => answer(redis.flushdb(), callback),
        length: (callback) => answer(userIndex ? countSessions(redis) : redis.dbsize(), callback),
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
