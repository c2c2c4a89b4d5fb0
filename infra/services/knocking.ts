/** How a kind of server is asked whether it lets in who was told no secret. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../machine/errors.ts';
import { type Encryption, type Knock, portOf, type ReachableNode } from './definition.ts';

const QUESTION_TIMEOUT_MS = 2_000;

/** A login that needs no secret, or one that everybody knows. */
export interface Attempt {
  /** `as root without a password` */
  readonly how: string;
  /** Resolves when the server did what it does for those alone who may; rejects with its refusal, or any other error. */
  enter(): Promise<unknown>;
}

/**
 * @param isRefusal whether the error is the server's word that this login is none. Any other tells nothing of its doors.
 * @throws Error where there is such another
 */
export async function knockAt(
  node: Pick<ReachableNode, 'name'>,
  attempts: readonly Attempt[],
  isRefusal: (error: unknown) => boolean,
): Promise<readonly Knock[]> {
  const knocks: Knock[] = [];
  for (const { how, enter } of attempts) {
    const refusal: unknown = await enter().then(
      () => null,
      (error: unknown) => error ?? new Error('it refused without a word'),
    );
    if (refusal !== null && !isRefusal(refusal))
      throw new Error(`${node.name} ${how}: ${messageOf(refusal)}`, { cause: refusal });
    knocks.push({ node: node.name, how, admitted: refusal === null });
  }
  return knocks;
}

/** An error and what it was made of, the outermost first. */
export function causesOf(error: unknown): readonly unknown[] {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined || cause === error ? [error] : [error, ...causesOf(cause)];
}

/**
 * Sends bytes to a node's main port and gives what comes back, once it is enough or the connection is closed.
 * @param enough asked after each piece
 * @throws Error when neither comes within 2 s, or the node cannot be reached
 */
export function answerTo(
  { name, reach }: ReachableNode,
  bytes: Buffer,
  enough: (answer: Buffer) => boolean,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    let connected = false;
    const socket = connect({ host: reach.host, port: portOf({ name, ports: reach.ports }) }, () => {
      connected = true;
      if (bytes.length > 0) socket.write(bytes);
    });
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(QUESTION_TIMEOUT_MS, () =>
      socket.destroy(new Error(`${name}: no answer within ${QUESTION_TIMEOUT_MS / 1000} s`)),
    );
    socket.on('data', (piece) => {
      answer = Buffer.concat([answer, piece]);
      if (enough(answer)) done();
    });
    socket.on('end', done);
    // Who closes a connection on which there is more to read resets it.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      connected && error.code === 'ECONNRESET' ? done() : reject(error),
    );
  });
}

/** Begins a TLS connection at once, as Redis and Memcached have it; the server's certificate is not looked at. */
export function takesTls({ name, reach }: ReachableNode): Promise<Encryption['tls']> {
  const port = portOf({ name, ports: reach.ports });
  return new Promise((resolve, reject) => {
    let connected = false;
    const socket = connectTls({ host: reach.host, port, rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve('taken');
    });
    socket.on('connect', () => {
      connected = true;
    });
    // A server without TLS answers with something else, closes the connection, or waits for the end of what it takes for a command.
    const none = (): void => {
      socket.destroy();
      resolve('not taken');
    };
    socket.setTimeout(QUESTION_TIMEOUT_MS, none);
    socket.on('error', (error) => (connected ? none() : reject(new Error(`${name}: ${messageOf(error)}`))));
    socket.on('close', none);
  });
}
