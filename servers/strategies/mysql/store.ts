/**
 * Sessions in an InnoDB table of MySQL 8.4, 9 or MariaDB 10.11 and later.
 *
 * - Statements are prepared once for each connection (`execute`) and sent in the binary protocol.
 * - Login and write are one `REPLACE`: the store contract's `set` does not say which of the two it is. For a row that is
 *   there, InnoDB updates it in place when the table has no other unique index, foreign key or trigger.
 *   `INSERT … ON DUPLICATE KEY UPDATE` does the same work, but names the new values in two ways of which MySQL
 *   deprecates one and MariaDB lacks the other, or carries the session twice.
 * - The primary key is the session id and the only index: InnoDB keeps the row in its leaf, so that a read is one descent. An
 *   index on the deadline would be changed by every write. Expired rows are invisible at once (`get` compares with the
 *   server's clock) and are removed off the request path; sweep.ts says how that goes without an index.
 * - `sid` is VARBINARY: compared byte by byte, without a collation's rules. `data` is MEDIUMBLOB (16 MiB): neither side
 *   converts character sets, and emoji need no utf8mb4.
 * - The deadline is a number of milliseconds, free of time zones.
 * - Durability is the server's default: a commit is on disk before it is answered.
 * - Pool: 8 connections for each app process, for the reasons in ../postgres/store.ts. A wait for a free one ends with
 *   the time-out (mysql2 itself would wait for ever). A connection whose statement timed out is closed: its answer
 *   may still come, and the next statement on it would wait behind.
 */
import mysql from 'mysql2';
import type { OpenStore, StoreContext } from '../../contract/store.ts';
import { endpointOf } from '../shared/endpoints.ts';
import { Connections } from './connections.ts';
import { createTable } from './schema.ts';
import { mysqlSessions } from './sessions.ts';
import { startSweeping } from './sweep.ts';

const connectionsPerApp = 8;

export default async function openMysql(context: StoreContext): Promise<OpenStore> {
  const connections = new Connections(connect(context), context.timeoutMs);
  try {
    await connections.query(createTable);
  } catch (error) {
    await connections.end();
    throw error;
  }
  const sweeper = startSweeping(connections, context);
  return {
    store: mysqlSessions(connections, context),
    ready: () => connections.ping(),
    close: async () => {
      sweeper.stop();
      await connections.end();
    },
  };
}

function connect(context: StoreContext): mysql.Pool {
  const { host, port, user, password, database } = endpointOf(context, 'database');
  return mysql.createPool({
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    connectionLimit: connectionsPerApp,
    maxIdle: connectionsPerApp,
    idleTimeout: 0,
    connectTimeout: context.timeoutMs,
    waitForConnections: true,
    enableKeepAlive: true,
  });
}
