/** Connections to the server. */
import pg from 'pg';
import type { StoreContext } from '../../contract/store.ts';
import { trustIn } from '../../contract/tls.ts';
import { endpointOf } from '../shared/endpoints.ts';

const connectionsPerApp = 8;

export function createPool(context: StoreContext): pg.Pool {
  const endpoint = endpointOf(context, 'database');
  const { host, port, user, password, database } = endpoint;
  const { timeoutMs } = context;
  const trust = trustIn(endpoint);
  const pool = new pg.Pool({
    host,
    port,
    user,
    password,
    database,
    ...(trust && { ssl: { ...trust } }),
    application_name: `session-bench app ${context.instance}`,
    max: connectionsPerApp,
    idleTimeoutMillis: 0,
    // Also bounds the wait for a free connection; node-pg's default is to wait for ever.
    connectionTimeoutMillis: timeoutMs,
    // Ends the work in the server.
    statement_timeout: timeoutMs,
    // Ends the wait for a server that does not answer; node-pg's pool then drops the connection.
    query_timeout: timeoutMs,
    keepAlive: true,
  });
  // Without listeners a connection that breaks would end the process: the pool's is for idle connections, each client's
  // own for those that the sweep has taken. Statements on it fail with the same error, and the pool replaces it.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
