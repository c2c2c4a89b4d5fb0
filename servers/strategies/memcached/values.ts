/** Texts in Memcached: how they are kept, under which keys, and for how long. */
import type { MemcachedClient } from './client.ts';
import { exptime } from './exptime.ts';

/** Bytes: the server's limit for an item (`-I`), less a generous allowance for its header and key. */
export const largestValue = 1024 * 1024 - 1024;

export const keyOf = (sid: string): string => `session:${sid}`;

/** Why a text cannot be kept; null where it can. The server would refuse it too, and remove what it had. */
function whyTooLarge(text: string): Error | null {
  const bytes = Buffer.byteLength(text);
  if (bytes <= largestValue) return null;
  return new Error(`a session of ${bytes} bytes is too large for Memcached; the limit is ${largestValue}`);
}

type Done<Result> = (error: Error | null, result: Result) => void;
type Ended = (error: Error | null) => void;

/** Each is one request. Callbacks, so that what is asked for each request of a user makes no promise. */
export interface Texts {
  get(key: string, done: Done<string | null>): void;
  /** For the idle life. An error where it is too large. */
  set(key: string, text: string, done: Ended): void;
  /** As `set`, and gives false where nothing is there: it is not brought back. */
  replace(key: string, text: string, done: Done<boolean>): void;
  /** Whether it was added or another was there before is not told. */
  add(key: string, text: string, expires: number, done: Ended): void;
  touch(key: string, expires: number, done: Ended): void;
  /** Also where nothing is there. */
  delete(key: string, done: Ended): void;
}

/** @param ttlSeconds idle life, more than 0 */
export function textsOf(client: MemcachedClient, ttlSeconds: number): Texts {
  const options = () => ({ expires: exptime(ttlSeconds, Date.now()) });
  return {
    get(key, done) {
      client.run<Buffer | null>(
        (memjs, answered) => memjs.get(key, answered),
        (error, value) => done(error, value ? value.toString('utf8') : null),
      );
    },
    set(key, text, done) {
      const tooLarge = whyTooLarge(text);
      if (tooLarge) return done(tooLarge);
      client.run<boolean | null>(
        (memjs, answered) => memjs.set(key, text, options(), answered),
        (error) => done(error),
      );
    },
    replace(key, text, done) {
      const tooLarge = whyTooLarge(text);
      if (tooLarge) return done(tooLarge, false);
      client.run<boolean | null>(
        (memjs, answered) => memjs.replace(key, text, options(), answered),
        (error, found) => done(error, found === true),
      );
    },
    add(key, text, expires, done) {
      client.run<boolean | null>(
        (memjs, answered) => memjs.add(key, text, { expires }, answered),
        (error) => done(error),
      );
    },
    touch(key, expires, done) {
      client.run<boolean | null>(
        (memjs, answered) => memjs.touch(key, expires, answered),
        (error) => done(error),
      );
    },
    delete(key, done) {
      client.run<boolean | null>(
        (memjs, answered) => memjs.delete(key, answered),
        (error) => done(error),
      );
    },
  };
}

/** The same as promises: for what takes several requests. */
export interface Values {
  get(key: string): Promise<string | null>;
  /** @throws Error where it is too large */
  set(key: string, text: string): Promise<void>;
  /** @throws Error where it is too large */
  replace(key: string, text: string): Promise<boolean>;
  add(key: string, text: string, expires: number): Promise<void>;
  touch(key: string, expires: number): Promise<void>;
  delete(key: string): Promise<void>;
}

export const valuesOf = (texts: Texts): Values => ({
  get: (key) => promised((done) => texts.get(key, done)),
  set: (key, text) => ended((done) => texts.set(key, text, done)),
  replace: (key, text) => promised((done) => texts.replace(key, text, done)),
  add: (key, text, expires) => ended((done) => texts.add(key, text, expires, done)),
  touch: (key, expires) => ended((done) => texts.touch(key, expires, done)),
  delete: (key) => ended((done) => texts.delete(key, done)),
});

const promised = <Result>(ask: (done: Done<Result>) => void): Promise<Result> =>
  new Promise((resolve, reject) => {
    ask((error, result) => (error ? reject(error) : resolve(result)));
  });

const ended = (ask: (done: Ended) => void): Promise<void> =>
  promised<void>((done) => ask((error) => done(error, undefined)));
