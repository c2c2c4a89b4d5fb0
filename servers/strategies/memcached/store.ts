/** Sessions in one Memcached server: one round trip for each operation. See docs/store-choices.md. */
import type { OpenStore, SessionStore, StoreContext } from '../../contract/store.ts';
import { fillBySets } from '../../lib/fill-by-sets.ts';
import { endpointOf } from '../shared/endpoints.ts';
import { decode, encode } from '../shared/json-session.ts';
import { MemcachedClient } from './client.ts';
import { exptime } from './exptime.ts';
import { memcachedIndex } from './user-index.ts';
import { keyOf, textsOf, valuesOf } from './values.ts';

export default async function openMemcached(context: StoreContext): Promise<OpenStore> {
  const client = new MemcachedClient(endpointOf(context, 'cache'), context.timeoutMs);
  try {
    await client.statistics();
  } catch (error) {
    client.close();
    throw error;
  }
  const { userIndex } = context;
  return {
    store: {
      ...memcachedSessions(client, context),
      ...(userIndex && memcachedIndex(valuesOf(textsOf(client, context.ttlSeconds)), context, userIndex)),
    },
    bulk: {
      fill: (sessions, ttlSeconds) =>
        fillBySets(memcachedSessions(client, { ...context, ttlSeconds }), sessions, mostInFlight),
    },
    ready: async () => {
      await client.statistics();
    },
    close: async () => client.close(),
  };
}

/** Requests of a bulk that are on their way at once, all on one connection. */
const mostInFlight = 500;

function memcachedSessions(client: MemcachedClient, { ttlSeconds, log }: StoreContext): SessionStore {
  const texts = textsOf(client, ttlSeconds);
  return {
    get: (sid, callback) =>
      texts.get(keyOf(sid), (error, text) => {
        if (error) callback(error);
        else callback(null, text === null ? null : decode(text, log));
      }),
    set: (sid, session, callback) => texts.set(keyOf(sid), encode(session), callback),
    update: (sid, session, _changed, callback) => texts.replace(keyOf(sid), encode(session), callback),
    destroy: (sid, callback) => texts.delete(keyOf(sid), callback),
    touch: (sid, _session, callback) => texts.touch(keyOf(sid), exptime(ttlSeconds, Date.now()), callback),
    clear(callback) {
      client.run((memjs, done) => memjs.flush(done), callback);
    },
    /** An upper bound: the server also counts items that have ended, until its crawler comes by. */
    length(callback) {
      client.statistics().then(
        (statistics) => callback(null, Number(statistics.curr_items ?? 0)),
        (error: unknown) => callback(error),
      );
    },
  };
}
