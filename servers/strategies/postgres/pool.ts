/** Connections to the server; store.ts says why so many, and why these time-outs. */
import pg from 'pg';
import type { StoreContext } from '../../contract/store.ts';
import { endpointOf } from '../shared/endpoints.ts';

const connectionsPerApp = 8;

export function createPool(context: StoreContext): pg.Pool {
  const { host, port, user, password, database } = endpointOf(context, 'database');
  const { timeoutMs } = context;
  const pool = new pg.Pool({
    host,
    port,
    user,
    password,
    database,
    application_name: `session-bench app ${context.instance}`,
    max: connectionsPerApp,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  // Without listeners a connection that breaks would end the process: the pool's is for idle ones, each client's own for
  // those that the sweep has taken. What was asked on it fails with the same error, and the pool replaces it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
