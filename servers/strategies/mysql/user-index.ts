/** The sessions of a user: rows with the same owner, one statement for each operation. */
import type { ResultSetHeader, RowDataPacket } from 'mysql2';
import type { StoreContext, UserIndex } from '../../contract/store.ts';
import { encode } from '../shared/json-session.ts';
import { listed } from '../shared/listed.ts';
import type { Connections } from './connections.ts';
import { nowMs } from './schema.ts';

/** What has expired is not ended: the sweep removes it. */
const statements = {
  setFor: `REPLACE INTO sessions (sid, data, expires, owner) VALUES (?, ?, ${nowMs} + ?, ?)`,
  destroyFor: 'DELETE FROM sessions WHERE sid = ?',
  list: `SELECT sid, data FROM sessions WHERE owner = ? AND expires > ${nowMs}`,
  end: `DELETE FROM sessions WHERE owner = ? AND sid <> ? AND expires > ${nowMs}`,
} as const;

interface OwnedSession extends RowDataPacket {
  readonly sid: Buffer;
  readonly data: Buffer;
}

/** No session has it. */
const NOBODY = '';

export function mysqlIndex(connections: Connections, { ttlSeconds, log }: StoreContext): UserIndex {
  const ttlMs = Math.ceil(ttlSeconds * 1000);
  return {
    setFor(user, sid, session, callback) {
      const data = Buffer.from(encode(session), 'utf8');
      const values = [sid, data, ttlMs, user];
      connections.execute<ResultSetHeader>(statements.setFor, values, (error) => callback(error));
    },
    destroyFor(_user, sid, callback) {
      connections.execute<ResultSetHeader>(statements.destroyFor, [sid], (error) => callback(error));
    },
    listByUser(user, callback) {
      connections.execute<OwnedSession[]>(statements.list, [user], (error, rows = []) => {
        if (error) return callback(error);
        const texts = rows.map(({ sid, data }) => [sid.toString('utf8'), data.toString('utf8')] as const);
        callback(null, listed(texts, log));
      });
    },
    destroyByUser(user, except, callback) {
      connections.execute<ResultSetHeader>(statements.end, [user, except ?? NOBODY], (error, result) => {
        if (error) callback(error);
        else callback(null, result?.affectedRows ?? 0);
      });
    },
  };
}
