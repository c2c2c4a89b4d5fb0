/**
 * memjs 1.3.2, used so that the faults it has after a failure cannot show (docs/decisions/0010-memcached-client.md
 * names them). A client has one connection in its life: when that closes or a request on it gets no answer, all
 * requests in flight on it end with an error, and the next request makes a new client.
 */
import { Client, Server } from 'memjs';
import type { Endpoint } from '../../contract/store.ts';

type Done<Result> = (error: Error | null, result?: Result) => void;

interface Connection {
  readonly server: Server;
  readonly client: Client;
}

export class MemcachedClient {
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;
  /** Made at the first request, and at the first one after a failure. */
  #connection: Connection | null = null;

  constructor(endpoint: Endpoint, timeoutMs: number) {
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs one request; `done` is called once, within the time-out. */
  run<Result>(request: (client: Client, done: Done<Result>) => void, done: Done<Result>): void {
    this.#connection ??= this.#connect();
    const connection = this.#connection;
    const timer = setTimeout(
      () => this.#fail(connection, new Error(`Memcached gave no answer within ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    );
    let answered = false;
    request(connection.client, (error, result) => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      if (!error) return done(null, result);
      const failure = asError(error);
      if (!isAnswer(failure)) this.#forget(connection);
      done(failure);
    });
  }

  statistics(): Promise<Readonly<Record<string, string>>> {
    return new Promise((resolve, reject) => {
      this.run<Readonly<Record<string, string>>>(
        (client, done) => client.stats((error, _server, stats) => done(error, stats ?? {})),
        (error, statistics) => (error ? reject(error) : resolve(statistics ?? {})),
      );
    });
  }

  close(): void {
    if (this.#connection) this.#fail(this.#connection, new Error('the store is closed'));
  }

  #connect(): Connection {
    const { host, port, user, password } = this.#endpoint;
    // 0 switches memjs' own time-outs off: each write restarts them, so that a busy dead connection would never end.
    const server = new Server(host, port, user, password, { timeout: 0, conntimeout: 0, keepAlive: true });
    // memjs' defaults retry twice, 200 ms apart: a write sent again late could undo a logout.
    const client = new Client([server], { retries: 0, failover: false, logger: { log: () => {} } });
    const connection: Connection = { server, client };
    // The first call opens the connection, the second hands it over at once, before anything can happen to it.
    server.sock(false, () => {});
    server.sock(true, (socket) => {
      // memjs leaves Nagle's algorithm on: a small request would wait until the one before it has been acknowledged.
      socket.setNoDelay(true);
      socket.once('close', () => this.#fail(connection, new Error('the connection to Memcached was closed')));
    });
    return connection;
  }

  /** Closes a connection; requests in flight on it end with the error. */
  #fail(connection: Connection, error: Error): void {
    this.#forget(connection);
    connection.server.error(error);
  }

  #forget(connection: Connection): void {
    if (this.#connection === connection) this.#connection = null;
  }
}

/** memjs gives some errors as text, which its types do not say. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** True for an error that the server answered with: the connection is sound then. memjs marks those by their text. */
function isAnswer(error: Error): boolean {
  return error.message.startsWith('MemJS ');
}
