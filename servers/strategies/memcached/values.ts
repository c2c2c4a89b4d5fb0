/** Texts in Memcached, as promises: for what takes several requests. */
import type { StoreContext } from '../../contract/store.ts';
import type { MemcachedClient } from './client.ts';
import { exptime } from './exptime.ts';

/** Bytes: the server's limit for an item (`-I`), less a generous allowance for its header and key. */
export const largestValue = 1024 * 1024 - 1024;

export const keyOf = (sid: string): string => `session:${sid}`;

/** Why a text cannot be kept; null where it can. The server would refuse it too, and remove what it had. */
export function whyTooLarge(text: string): Error | null {
  const bytes = Buffer.byteLength(text);
  if (bytes <= largestValue) return null;
  return new Error(`a session of ${bytes} bytes is too large for Memcached; the limit is ${largestValue}`);
}

export interface Values {
  get(key: string): Promise<string | null>;
  /** For the idle life. @throws Error where it is too large */
  set(key: string, text: string): Promise<void>;
  /** As `set`, and gives false where nothing is there: it is not brought back. */
  replace(key: string, text: string): Promise<boolean>;
  touch(key: string, expires: number): Promise<void>;
  /** Also where nothing is there. */
  delete(key: string): Promise<void>;
}

export function valuesOf(client: MemcachedClient, { ttlSeconds }: StoreContext): Values {
  const asked = <Result>(request: Parameters<typeof client.run<Result>>[0]): Promise<Result | undefined> =>
    new Promise((resolve, reject) => {
      client.run<Result>(request, (error, result) => (error ? reject(error) : resolve(result)));
    });
  return {
    async get(key) {
      const value = await asked<Buffer | null>((memjs, done) => memjs.get(key, done));
      return value ? value.toString('utf8') : null;
    },
    async set(key, text) {
      const tooLarge = whyTooLarge(text);
      if (tooLarge) throw tooLarge;
      const expires = exptime(ttlSeconds, Date.now());
      await asked((memjs, done) => memjs.set(key, text, { expires }, done));
    },
    async replace(key, text) {
      const tooLarge = whyTooLarge(text);
      if (tooLarge) throw tooLarge;
      const expires = exptime(ttlSeconds, Date.now());
      return (
        (await asked<boolean | null>((memjs, done) => memjs.replace(key, text, { expires }, done))) === true
      );
    },
    async touch(key, expires) {
      await asked((memjs, done) => memjs.touch(key, expires, done));
    },
    async delete(key) {
      await asked((memjs, done) => memjs.delete(key, done));
    },
  };
}
