/**
 * Sessions in one Memcached server, by memjs and the binary protocol: one round trip for each operation.
 *
 * - A failure is an error, never "no such session". No retries (memjs waits 200 ms between its tries, and a write
 *   sent again late could undo a logout) and no failover to "the next server" (it would answer "not found").
 *   client.ts says how connections that failed are dealt with.
 * - TTL: see exptime.ts. Memcached counts whole seconds, so that a session may outlive its idle life by up to 2 s;
 *   it is never cut short.
 * - Values are limited to 1 MiB by the server (`-I`). A larger set would not only fail there: the server also removes the
 *   value that it had. It is refused before it is sent.
 * - `length` is `curr_items` of the server's statistics, which counts expired and flushed items until the server's
 *   crawler comes by: an upper bound.
 * - Memcached evicts live sessions when its memory is full, by slab class: give it room.
 * - Authentication is SASL (PLAIN), where the endpoint has a user and a password.
 */
import type { OpenStore, SessionStore, StoreContext } from '../../contract/store.ts';
import { endpointOf } from '../shared/endpoints.ts';
import { decode, encode } from '../shared/json-session.ts';
import { MemcachedClient } from './client.ts';
import { exptime } from './exptime.ts';

/** The server's default limit for an item, less a generous allowance for its header and key. */
export const largestValue = 1024 * 1024 - 1024;

const keyOf = (sid: string): string => `session:${sid}`;

export default async function openMemcached(context: StoreContext): Promise<OpenStore> {
  const client = new MemcachedClient(endpointOf(context, 'cache'), context.timeoutMs);
  try {
    await client.statistics();
  } catch (error) {
    client.close();
    throw error;
  }
  return {
    store: memcachedSessions(client, context),
    ready: async () => {
      await client.statistics();
    },
    close: async () => client.close(),
  };
}

function memcachedSessions(client: MemcachedClient, { ttlSeconds, log }: StoreContext): SessionStore {
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
    set(sid, session, callback) {
      const text = encode(session);
      const bytes = Buffer.byteLength(text);
      if (bytes > largestValue) {
        return callback(
          new Error(`a session of ${bytes} bytes is too large for Memcached; the limit is ${largestValue}`),
        );
      }
      const expires = exptime(ttlSeconds, Date.now());
      client.run((memjs, done) => memjs.set(keyOf(sid), text, { expires }, done), callback);
    },
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
    length(callback) {
      client.statistics().then(
        (statistics) => callback(null, Number(statistics.curr_items ?? 0)),
        (error: unknown) => callback(error),
      );
    },
  };
}
