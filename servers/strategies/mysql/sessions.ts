/** The session store's operations as statements. */
import type { ResultSetHeader, RowDataPacket } from 'mysql2';
import type { SessionStore, StoreContext } from '../../contract/store.ts';
import { answer } from '../shared/answer.ts';
import { decode, encode } from '../shared/json-session.ts';
import type { Connections } from './connections.ts';
import { nowMs } from './schema.ts';

const statements = {
  get: `SELECT data FROM sessions WHERE sid = ? AND expires > ${nowMs}`,
  set: `REPLACE INTO sessions (sid, data, expires) VALUES (?, ?, ${nowMs} + ?)`,
  update: `UPDATE sessions SET data = ?, expires = ${nowMs} + ? WHERE sid = ? AND expires > ${nowMs}`,
  destroy: 'DELETE FROM sessions WHERE sid = ?',
  touch: `UPDATE sessions SET expires = ${nowMs} + ? WHERE sid = ? AND expires > ${nowMs}`,
  clear: 'TRUNCATE TABLE sessions',
  length: `SELECT COUNT(*) AS alive FROM sessions WHERE expires > ${nowMs}`,
} as const;

interface StoredSession extends RowDataPacket {
  readonly data: Buffer;
}

interface Count extends RowDataPacket {
  readonly alive: number;
}

export function mysqlSessions(connections: Connections, { ttlSeconds, log }: StoreContext): SessionStore {
  const ttlMs = Math.ceil(ttlSeconds * 1000);
  return {
    get(sid, callback) {
      connections.execute<StoredSession[]>(statements.get, [sid], (error, rows) => {
        if (error) return callback(error);
        const row = rows?.[0];
        callback(null, row ? decode(row.data.toString('utf8'), log) : null);
      });
    },
    set(sid, session, callback) {
      const data = Buffer.from(encode(session), 'utf8');
      connections.execute<ResultSetHeader>(statements.set, [sid, data, ttlMs], (error) => callback(error));
    },
    update(sid, session, _changed, callback) {
      const data = Buffer.from(encode(session), 'utf8');
      connections.execute<ResultSetHeader>(statements.update, [data, ttlMs, sid], (error, result) =>
        // mysql2 has the server count rows that were found, and not those alone that were changed.
        error ? callback(error) : callback(null, result?.affectedRows === 1),
      );
    },
    destroy(sid, callback) {
      connections.execute<ResultSetHeader>(statements.destroy, [sid], (error) => callback(error));
    },
    touch(sid, _session, callback) {
      connections.execute<ResultSetHeader>(statements.touch, [ttlMs, sid], (error) => callback(error));
    },
    clear(callback) {
      answer(connections.query(statements.clear), callback);
    },
    length(callback) {
      answer(
        connections.query<Count[]>(statements.length).then((rows) => Number(rows?.[0]?.alive ?? 0)),
        callback,
      );
    },
  };
}
