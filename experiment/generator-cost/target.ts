/**
 * The session routes of the app on a bare HTTP server, with sessions in a map: as little work for a request as Node
 * can do, so that a generator shows its own cost. Run as a child process; answers any message with its counts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionView } from '../../servers/contract/app.ts';

/** Told when the target listens, and in answer to each message. */
export interface TargetReport {
  readonly port: number;
  /** Requests answered so far. */
  readonly requests: number;
  /** Of these, reads. */
  readonly reads: number;
}

const sessions = new Map<string, SessionView>();
let requests = 0;
let reads = 0;
let nextId = 0;

function answer(response: ServerResponse, status: number, view: SessionView, id?: string): void {
  const body = JSON.stringify(view);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    ...(id && { 'set-cookie': `session=${id}; Path=/; HttpOnly; SameSite=Lax` }),
  });
  response.end(body);
}

async function login(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = (await request.setEncoding('utf8').toArray()).join('');
  // Only the generators of this folder call it, and they send what the app's schema asks for.
  const { user, payloadBytes } = JSON.parse(text) as Pick<SessionView, 'user' | 'payloadBytes'>;
  nextId += 1;
  // As long as the app's cookie: 32 characters of id and 43 of signature.
  const id = String(nextId).padStart(76, '0');
  const view = { user, version: 1, payloadBytes };
  sessions.set(id, view);
  answer(response, 201, view, id);
}

function route(request: IncomingMessage, response: ServerResponse): void {
  requests += 1;
  if (request.method === 'POST') {
    void login(request, response);
    return;
  }
  reads += 1;
  const id = request.headers.cookie?.slice('session='.length) ?? '';
  const view = sessions.get(id);
  if (view) answer(response, 200, view);
  else response.writeHead(401, { 'content-length': 0 }).end();
}

const server = createServer(route);
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a TCP port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const report = () => process.send?.({ port, requests, reads } satisfies TargetReport);
  process.on('message', report);
  process.on('disconnect', () => process.exit());
  report();
});
