/** Many sessions in one statement, each row as `set` writes it. */
import type { RowDataPacket } from 'mysql2';
import type { BulkAccess } from '../../contract/store.ts';
import { encode } from '../shared/json-session.ts';
import type { Connections } from './connections.ts';
import { nowMs } from './schema.ts';

/** For one statement of about a MiB, in milliseconds. */
const STATEMENT_MS = 60_000;

interface Now extends RowDataPacket {
  readonly now: number | string;
}

/** In the order of the ids, which is no order: rows that were sorted would fill pages as no logins do. */
export const insertingInto = (connections: Connections): BulkAccess => ({
  async fill(sessions, ttlSeconds) {
    // By the server's clock, as the deadlines of `set`.
    const [row] = (await connections.query<Now[]>(`SELECT ${nowMs} AS now`)) ?? [];
    if (!row) throw new Error('the server did not tell its time');
    const expires = Number(row.now) + Math.ceil(ttlSeconds * 1000);
    const rows = sessions.map(({ key, session }) => [key, Buffer.from(encode(session), 'utf8'), expires]);
    await connections.long('REPLACE INTO sessions (sid, data, expires) VALUES ?', [rows], STATEMENT_MS);
  },
});
