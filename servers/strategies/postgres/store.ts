/**
 * Sessions in a table of PostgreSQL 14 or later.
 *
 * - Statements are named, so that each connection parses and plans them once.
 * - Login and write are one upsert: the store contract's `set` does not say which of the two it is.
 * - HOT updates. The primary key is the only index and an update changes neither its column nor any other indexed one,
 *   and pages are filled to 70 per cent, so that the new version of a row finds room beside the old one
 *   (heap-only tuple: no index entry is written and the old version is reclaimed without VACUUM). An index on
 *   `expires`, as connect-pg-simple has, would make no update HOT, since every write moves the deadline. A BRIN index
 *   would keep them HOT, but from PostgreSQL 16 on only (release notes of 16: "Allow HOT updates if only
 *   BRIN-indexed columns are updated").
 * - Expired rows are invisible at once (`get` compares with the server's clock) and are removed off the request path; see
 *   sweep.ts for how that goes without an index.
 * - `data` is text. JSON.stringify has made it and JSON.parse will read it: jsonb would parse it once more, reorder
 *   its keys, and refuse NUL and lone surrogates. It is never compressed (STORAGE EXTERNAL): the compressor's CPU time
 *   buys nothing that a session table needs. Rows up to 4 kB stay in their page; schema.ts has the figures.
 * - The key is compared byte by byte (COLLATE "C"), not by the rules of a language.
 * - Durability is the server's default: a commit is on disk before it is answered.
 * - Pool: 8 connections for each app process. A connection carries one statement at a time, and a write holds it
 *   while the log is flushed; more connections let more commits share one flush, but each is a server process that
 *   competes for the cores. Waiting for a free one is bounded by the time-out (node-pg waits for ever unless told).
 *   They are never closed for being idle, so that a trial does not pay for opening them again.
 * - Time-outs on both sides: `statement_timeout` ends the work in the server, `query_timeout` the wait for a server
 *   that does not answer, after which node-pg's pool drops the connection.
 */
import type pg from 'pg';
import type { OpenStore, StoreContext } from '../../contract/store.ts';
import { answer } from '../shared/answer.ts';
import { atMost } from '../shared/at-most.ts';
import { createPool } from './pool.ts';
import { prepareTable } from './schema.ts';
import { postgresSessions } from './sessions.ts';
import { startSweeping } from './sweep.ts';

export default async function openPostgres(context: StoreContext): Promise<OpenStore> {
  const pool = createPool(context);
  try {
    await prepareTable(pool);
  } catch (error) {
    await atMost(context.timeoutMs, pool.end());
    throw error;
  }
  const sweeper = startSweeping(pool, context);
  return {
    store: {
      ...postgresSessions(pool, context),
      clear: (callback) => answer(pool.query('TRUNCATE sessions'), callback),
      length: (callback) => answer(countAlive(pool), callback),
    },
    ready: async () => {
      // An empty statement goes to the server and back, and counts as no statement there.
      await pool.query('-- ready?');
    },
    close: async () => {
      sweeper.stop();
      await atMost(context.timeoutMs, pool.end());
    },
  };
}

async function countAlive(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ alive: string }>(
    'SELECT count(*) AS alive FROM sessions WHERE expires > now()',
  );
  return Number(rows[0]?.alive ?? 0);
}
