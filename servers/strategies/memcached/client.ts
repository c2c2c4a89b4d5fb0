/**
 * memjs, made safe against what it does after a failure (1.3.2, lib/memjs/server.js):
 * - when a connection closes, requests in flight on it are never answered, and their time-out is cancelled;
 * - after a time-out, the old connection's `close` event throws away the new connection;
 * - the unread rest of an answer stays in the buffer and is read before the answers of the next connection.
 * So a client has one connection in its life: when that closes or a request on it fails, requests in flight on it end
 * with an error, and the next request makes a new client. Each request has a time-out of its own beside memjs'.
 */
import type { Socket } from 'node:net';
import memjs from 'memjs';
import type { Endpoint } from '../../contract/store.ts';
import type { MemjsClient, MemjsModule } from './types.ts';

type Done<Result> = (error: Error | null, result?: Result) => void;

// The package has no types; types.ts describes what is used of it.
const { Client } = memjs as MemjsModule;

/** A memjs client, its connection, and the requests that it has not answered. */
interface Generation {
  readonly client: MemjsClient;
  readonly waiting: Set<(error: Error) => void>;
  socket: Socket | null;
}

export class MemcachedClient {
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;
  /** The client in use; made at the first request after a failure. */
  #current: Generation | null = null;

  constructor(endpoint: Endpoint, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs one request; `done` is called once, within the time-out. */
  run<Result>(request: (client: MemjsClient, done: Done<Result>) => void, done: Done<Result>): void {
    this.#current ??= { client: this.#connect(), waiting: new Set(), socket: null };
    const generation = this.#current;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      done(error);
    };
    const timer = setTimeout(
      () => this.#retire(generation, new Error(`Memcached gave no answer within ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    );
    generation.waiting.add(fail);
    request(generation.client, (error, result) => {
      if (!generation.waiting.delete(fail)) return;
      if (!error) {
        clearTimeout(timer);
        return done(null, result);
      }
      const failure = asError(error);
      fail(failure);
      if (!isAnswer(failure)) this.#retire(generation, failure);
    });
    if (!generation.socket) this.#watch(generation);
  }

  /** memjs has made its connection by the time that the first request was handed to it. */
  #watch(generation: Generation): void {
    const socket = generation.client.servers[0]?._socket;
    if (!socket) return;
    generation.socket = socket;
    socket.once('close', () => this.#retire(generation, new Error('the connection to Memcached was closed')));
  }

  statistics(): Promise<Readonly<Record<string, string | undefined>>> {
    return new Promise((resolve, reject) => {
      this.run<Readonly<Record<string, string | undefined>>>(
        (client, done) => client.stats((error, _server, stats) => done(error, stats ?? {})),
        (error, statistics) => (error ? reject(error) : resolve(statistics ?? {})),
      );
    });
  }

  close(): void {
    if (this.#current) this.#retire(this.#current, new Error('the store is closed'));
  }

  #retire(generation: Generation, error: Error): void {
    if (this.#current === generation) this.#current = null;
    generation.socket?.destroy();
    const waiting = [...generation.waiting];
    generation.waiting.clear();
    for (const fail of waiting) fail(error);
  }

  #connect(): MemjsClient {
    const { host, port, user, password } = this.#endpoint;
    const seconds = this.#timeoutMs / 1000;
    return Client.create(`${host}:${port}`, {
      ...(user !== undefined && { username: user }),
      ...(password !== undefined && { password }),
      timeout: seconds,
      conntimeout: seconds,
      retries: 0,
      failover: false,
      keepAlive: true,
      logger: { log: () => {} },
    });
  }
}

/** memjs gives some errors as text. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** True for an error that the server answered with: the connection is sound then. memjs marks those by their text. */
function isAnswer(error: Error): boolean {
  return error.message.startsWith('MemJS ');
}
