/** The sessions of a user: rows with the same owner, one statement for each operation. */
import type pg from 'pg';
import type { StoreContext, UserIndex } from '../../contract/store.ts';
import { encode } from '../shared/json-session.ts';
import { listed } from '../shared/listed.ts';

/** Named, as those of sessions are. What has expired is not ended: the sweep removes it. */
const statements = {
  setFor: {
    name: 'set for',
    text: `INSERT INTO sessions (sid, data, expires, owner) VALUES ($1, $2, now() + make_interval(secs => $3), $4)
           ON CONFLICT (sid) DO UPDATE SET data = EXCLUDED.data, expires = EXCLUDED.expires, owner = EXCLUDED.owner`,
  },
  destroyFor: { name: 'destroy', text: 'DELETE FROM sessions WHERE sid = $1' },
  list: { name: 'list', text: 'SELECT sid, data FROM sessions WHERE owner = $1 AND expires > now()' },
  end: {
    name: 'end',
    text: 'DELETE FROM sessions WHERE owner = $1 AND sid <> $2 AND expires > now()',
  },
} as const;

/** No session has it. */
const NOBODY = '';

export function postgresIndex(pool: pg.Pool, { ttlSeconds, log }: StoreContext): UserIndex {
  return {
    setFor(user, sid, session, callback) {
      const values = [sid, encode(session), ttlSeconds, user];
      pool.query({ ...statements.setFor, values }, (error) => callback(error));
    },
    destroyFor(_user, sid, callback) {
      pool.query({ ...statements.destroyFor, values: [sid] }, (error) => callback(error));
    },
    listByUser(user, callback) {
      pool.query<{ sid: string; data: string }>({ ...statements.list, values: [user] }, (error, result) => {
        if (error) return callback(error);
        const texts = result.rows.map(({ sid, data }) => [sid, data] as const);
        callback(null, listed(texts, log));
      });
    },
    destroyByUser(user, except, callback) {
      pool.query({ ...statements.end, values: [user, except ?? NOBODY] }, (error, result) => {
        if (error) callback(error);
        else callback(null, result.rowCount ?? 0);
      });
    },
  };
}
