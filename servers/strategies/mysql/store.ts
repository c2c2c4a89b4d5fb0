/** Sessions in an InnoDB table of MySQL or MariaDB. See docs/store-choices.md. */
import mysql from 'mysql2';
import type { OpenStore, StoreContext } from '../../contract/store.ts';
import { endpointOf } from '../shared/endpoints.ts';
import { insertingInto } from './bulk.ts';
import { Connections } from './connections.ts';
import { addOwners, columnIsThere, createTable } from './schema.ts';
import { mysqlSessions } from './sessions.ts';
import { startSweeping } from './sweep.ts';
import { mysqlIndex } from './user-index.ts';

const connectionsPerApp = 8;

export default async function openMysql(context: StoreContext): Promise<OpenStore> {
  const connections = new Connections(connect(context), context.timeoutMs);
  try {
    await connections.query(createTable);
    if (context.userIndex) await prepareOwners(connections);
  } catch (error) {
    await connections.end();
    throw error;
  }
  const sweeper = startSweeping(connections, context);
  return {
    store: {
      ...mysqlSessions(connections, context),
      ...(context.userIndex && mysqlIndex(connections, context)),
    },
    bulk: insertingInto(connections),
    ready: () => connections.ping(),
    close: async () => {
      sweeper.stop();
      await connections.end();
    },
  };
}

async function prepareOwners(connections: Connections): Promise<void> {
  try {
    await connections.query(addOwners);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === columnIsThere)) throw error;
  }
}

function connect(context: StoreContext): mysql.Pool {
  const { host, port, user, password, database, certificate } = endpointOf(context, 'database');
  return mysql.createPool({
    host,
    port,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(certificate !== undefined && { ssl: { ca: certificate } }),
    connectionLimit: connectionsPerApp,
    maxIdle: connectionsPerApp,
    idleTimeout: 0,
    connectTimeout: context.timeoutMs,
    waitForConnections: true,
    enableKeepAlive: true,
  });
}
