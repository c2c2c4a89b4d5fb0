/** Asks one Memcached for its statistics, and empties it. */
import { Client, Server } from 'memjs';
import { messageOf } from '../../machine/errors.ts';
import { portOf, type ReachableNode } from '../definition.ts';

const QUESTION_TIMEOUT_MS = 2_000;

export interface Login {
  readonly user: string;
  readonly password: string;
}

type Answer<Result> = (error: unknown, result: Result) => void;

/** @throws when the server does not answer within 2 s or refuses the login */
export const memcachedStats = (
  node: ReachableNode,
  login: Login,
): Promise<Readonly<Record<string, string>>> =>
  ask(node, login, (client, answer) => client.stats((error, _server, stats) => answer(error, stats ?? {})));

/** Drops every item. @throws as `memcachedStats` */
export const memcachedFlush = (node: ReachableNode, login: Login): Promise<unknown> =>
  ask(node, login, (client, answer) => client.flush((error, dropped) => answer(error, dropped)));

/** One question that takes several requests, on one connection. @throws as `memcachedStats` */
export const askMemcached = <Result>(
  node: ReachableNode,
  login: Login,
  question: (client: Client) => Promise<Result>,
): Promise<Result> =>
  ask<Result | undefined>(node, login, (client, answer) => {
    question(client).then(
      (result) => answer(null, result),
      (error: unknown) => answer(error, undefined),
    );
    // Only an answer without an error resolves, and that has a result.
  }) as Promise<Result>;

/**
 * A connection for each question, which memjs' faults after a failure (docs/decisions/0010-memcached-client.md) cannot
 * outlive.
 */
function ask<Result>(
  node: ReachableNode,
  login: Login,
  question: (client: Client, answer: Answer<Result>) => void,
): Promise<Result> {
  const port = portOf({ name: node.name, ports: node.reach.ports });
  // memjs' own time-outs are off: they do not end what waits for a connection that was closed.
  const server = new Server(node.reach.host, port, login.user, login.password, {
    timeout: 0,
    conntimeout: 0,
  });
  const client = new Client([server], { retries: 0, logger: { log() {} } });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => server.error(new Error('no answer')), QUESTION_TIMEOUT_MS);
    question(client, (error, result) => {
      clearTimeout(timer);
      client.close();
      if (error) reject(new Error(`${node.name}: ${messageOf(error)}`));
      else resolve(result);
    });
  });
}
