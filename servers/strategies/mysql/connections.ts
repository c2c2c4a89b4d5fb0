/** Runs statements on the pool's connections, each within the time-out. See docs/store-choices.md. */
import type { Pool, PoolConnection, QueryError, ResultSetHeader, RowDataPacket } from 'mysql2';
import { atMost } from '../../lib/within.ts';

export type Rows = RowDataPacket[];
/** What the statements of sessions take. */
export type Values = readonly (string | number | Buffer)[];
type Done<Result> = (error: Error | null, result?: Result) => void;
type Finish<Result> = (error: QueryError | null, result?: Result) => void;
type Work<Result> = (connection: PoolConnection, finish: Finish<Result>) => void;

export class Connections {
  readonly #pool: Pool;
  readonly #timeoutMs: number;

  constructor(pool: Pool, timeoutMs: number) {
    this.#pool = pool;
    this.#timeoutMs = timeoutMs;
  }

  /** Runs a statement that is prepared once for each connection. */
  execute<Result extends Rows | ResultSetHeader>(sql: string, values: Values, done: Done<Result>): void {
    this.#use<Result>((connection, finish) => {
      connection.execute<Result>({ sql, timeout: this.#timeoutMs, values: [...values] }, finish);
    }, done);
  }

  /** Sends a statement as text. */
  query<Result extends Rows | ResultSetHeader>(sql: string): Promise<Result | undefined> {
    return this.#promise<Result>((connection, finish) =>
      connection.query<Result>({ sql, timeout: this.#timeoutMs }, finish),
    );
  }

  /** Sends one long statement, which may take so many milliseconds. */
  async long(sql: string, values: readonly unknown[], ms: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#use<ResultSetHeader>(
        (connection, finish) =>
          connection.query<ResultSetHeader>({ sql, timeout: ms, values: [...values] }, finish),
        (error) => (error ? reject(error) : resolve()),
        ms,
      );
    });
  }

  /** Sends statements as text, one after the other on one connection. */
  async sequence(statements: readonly string[]): Promise<void> {
    await this.#promise<undefined>((connection, finish) =>
      runAll(connection, statements, this.#timeoutMs, finish),
    );
  }

  async ping(): Promise<void> {
    await this.#promise<undefined>((connection, finish) => connection.ping((error) => finish(error)));
  }

  /** Bounded by the time-out. */
  end(): Promise<void> {
    return atMost(this.#timeoutMs, new Promise((resolve) => this.#pool.end(resolve)));
  }

  #promise<Result>(work: Work<Result>): Promise<Result | undefined> {
    return new Promise((resolve, reject) => {
      this.#use(work, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }

  /** Takes a connection, lets `work` use it, and gives it back, or closes it after an error or a late answer. */
  #use<Result>(work: Work<Result>, done: Done<Result>, ms = this.#timeoutMs): void {
    let connection: PoolConnection | null = null;
    let over = false;
    const finish = (error: Error | null, result?: Result): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      if (error) connection?.destroy();
      else connection?.release();
      done(error, result);
    };
    const timer = setTimeout(() => finish(new Error(`MySQL gave no answer within ${ms} ms`)), ms);
    this.#pool.getConnection((error, taken) => {
      if (error) return finish(error);
      if (over) return taken.release();
      connection = taken;
      work(taken, finish);
    });
  }
}

function runAll(
  connection: PoolConnection,
  [sql, ...others]: readonly string[],
  timeout: number,
  finish: Finish<undefined>,
): void {
  if (sql === undefined) {
    finish(null);
    return;
  }
  connection.query({ sql, timeout }, (error) => {
    if (error) finish(error);
    else runAll(connection, others, timeout, finish);
  });
}
