/** Asks one Memcached for its statistics. */
import { Client, Server } from 'memjs';
import { messageOf } from '../../machine/errors.ts';
import { portOf, type ReachableNode } from '../definition.ts';

const QUESTION_TIMEOUT_MS = 2_000;

/**
 * A connection for each question, which memjs' faults after a failure (docs/decisions/0010-memcached-client.md) cannot
 * outlive.
 * @throws when the server does not answer within 2 s or refuses the login
 */
export function memcachedStats(
  node: ReachableNode,
  login: { readonly user: string; readonly password: string },
): Promise<Readonly<Record<string, string>>> {
  const port = portOf({ name: node.name, ports: node.reach.ports });
  // memjs' own time-outs are off: they do not end what waits for a connection that was closed.
  const server = new Server(node.reach.host, port, login.user, login.password, {
    timeout: 0,
    conntimeout: 0,
  });
  const client = new Client([server], { retries: 0, logger: { log() {} } });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => server.error(new Error('no answer')), QUESTION_TIMEOUT_MS);
    client.stats((error, _server, stats) => {
      clearTimeout(timer);
      client.close();
      if (error) reject(new Error(`${node.name}: ${messageOf(error)}`));
      else resolve(stats ?? {});
    });
  });
}
