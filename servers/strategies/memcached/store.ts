/** Sessions in one Memcached server: one round trip for each operation. See docs/store-choices.md. */
import type { OpenStore, SessionData, SessionStore, StoreContext } from '../../contract/store.ts';
import { fillBySets } from '../../lib/fill-by-sets.ts';
import { endpointOf } from '../shared/endpoints.ts';
import { decode, encode } from '../shared/json-session.ts';
import { MemcachedClient } from './client.ts';
import { exptime } from './exptime.ts';
import { memcachedIndex } from './user-index.ts';
import { keyOf, valuesOf, whyTooLarge } from './values.ts';

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
      ...(userIndex && memcachedIndex(client, valuesOf(client, context), context, userIndex)),
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
  /** @param callback gets false where a replacement found nothing to replace */
  const write = (
    how: 'set' | 'replace',
    sid: string,
    session: SessionData,
    callback: (error: unknown, found?: boolean) => void,
  ): void => {
    const text = encode(session);
    const tooLarge = whyTooLarge(text);
    if (tooLarge) {
      callback(tooLarge);
      return;
    }
    const options = { expires: exptime(ttlSeconds, Date.now()) };
    client.run<boolean | null>(
      (memjs, done) =>
        how === 'set'
          ? memjs.set(keyOf(sid), text, options, done)
          : memjs.replace(keyOf(sid), text, options, done),
      (error, found) => callback(error, found === true),
    );
  };
  return {
    get(sid, callback) {
      client.run<Buffer | null>(
        (memjs, done) => memjs.get(keyOf(sid), done),
        (error, value) => {
          if (error) callback(error);
          else callback(null, value ? decode(value.toString('utf8'), log) : null);
        },
      );
    },
    set: (sid, session, callback) => write('set', sid, session, (error) => callback(error)),
    update: (sid, session, _changed, callback) => write('replace', sid, session, callback),
    destroy(sid, callback) {
      client.run((memjs, done) => memjs.delete(keyOf(sid), done), callback);
    },
    touch(sid, _session, callback) {
      const expires = exptime(ttlSeconds, Date.now());
      client.run((memjs, done) => memjs.touch(keyOf(sid), expires, done), callback);
    },
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
