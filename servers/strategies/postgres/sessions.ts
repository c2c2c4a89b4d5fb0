/** The session store's operations as statements. */
import type pg from 'pg';
import type { SessionStore, StoreContext } from '../../contract/store.ts';
import { decode, encode } from '../shared/json-session.ts';

/** Named, so that each connection parses and plans them once. */
const statements = {
  get: { name: 'get', text: 'SELECT data FROM sessions WHERE sid = $1 AND expires > now()' },
  set: {
    name: 'set',
    text: `INSERT INTO sessions (sid, data, expires) VALUES ($1, $2, now() + make_interval(secs => $3))
           ON CONFLICT (sid) DO UPDATE SET data = EXCLUDED.data, expires = EXCLUDED.expires`,
  },
  // It waits for a logout in progress, and then finds no row.
  update: {
    name: 'update',
    text: `UPDATE sessions SET data = $2, expires = now() + make_interval(secs => $3)
           WHERE sid = $1 AND expires > now()`,
  },
  destroy: { name: 'destroy', text: 'DELETE FROM sessions WHERE sid = $1' },
  touch: {
    name: 'touch',
    text: 'UPDATE sessions SET expires = now() + make_interval(secs => $2) WHERE sid = $1 AND expires > now()',
  },
} as const;

export function postgresSessions(pool: pg.Pool, { ttlSeconds, log }: StoreContext): SessionStore {
  const run = (
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
    callback: (error?: unknown) => void,
  ): void => {
    pool.query({ ...statement, values: [...values] }, (error) => callback(error));
  };
  return {
    get(sid, callback) {
      pool.query<{ data: string }>({ ...statements.get, values: [sid] }, (error, result) => {
        if (error) return callback(error);
        const row = result.rows[0];
        callback(null, row ? decode(row.data, log) : null);
      });
    },
    set: (sid, session, callback) => run(statements.set, [sid, encode(session), ttlSeconds], callback),
    update(sid, session, _changed, callback) {
      const values = [sid, encode(session), ttlSeconds];
      pool.query({ ...statements.update, values }, (error, result) =>
        error ? callback(error) : callback(null, result.rowCount === 1),
      );
    },
    destroy: (sid, callback) => run(statements.destroy, [sid], callback),
    touch: (sid, _session, callback) => run(statements.touch, [sid, ttlSeconds], callback),
  };
}
