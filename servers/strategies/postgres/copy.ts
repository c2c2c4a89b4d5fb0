/** Many sessions by COPY, each row as `set` writes it. */
import pg from 'pg';
import type { BulkAccess, BulkSession } from '../../contract/store.ts';
import { encode } from '../shared/json-session.ts';

/** For one COPY of about a MiB, in milliseconds. */
const COPY_MS = 60_000;

export const copyingInto = (pool: pg.Pool): BulkAccess => ({
  async fill(sessions, ttlSeconds) {
    const client = await pool.connect();
    try {
      // By the server's clock, as the deadlines of `set`.
      const { rows } = await client.query<{ expires: string }>(
        `SELECT (now() + make_interval(secs => $1))::text AS expires, set_config('statement_timeout', '0', false)`,
        [ttlSeconds],
      );
      const expires = rows[0]?.expires;
      if (expires === undefined) throw new Error('the server did not tell its time');
      await copy(client, 'COPY sessions (sid, data, expires) FROM STDIN', linesOf(sessions, expires));
      await client.query('RESET statement_timeout');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  },
});

const linesOf = (sessions: readonly BulkSession[], expires: string): string =>
  sessions.map(({ key, session }) => `${[key, encode(session), expires].map(escaped).join('\t')}\n`).join('');

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** As the text format of COPY wants it. */
const escaped = (value: string): string => value.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found);

/** What node-pg hands its own connection to; it has no types for these of its methods. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** A statement that answers the server's wish for data, as node-pg runs any query object. */
class CopyIn extends pg.Query {
  readonly #data: Buffer;
  /** Read by node-pg: its own time-out, in milliseconds. */
  readonly query_timeout = COPY_MS;

  constructor(text: string, data: string, done: (error: Error | undefined) => void) {
    super(text, (error) => done(error ?? undefined));
    this.#data = Buffer.from(data, 'utf8');
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#data);
    connection.endCopyFrom();
  }
}

const copy = (client: pg.PoolClient, text: string, data: string): Promise<void> =>
  new Promise((resolve, reject) => {
    client.query(new CopyIn(text, data, (error) => (error ? reject(error) : resolve())));
  });
