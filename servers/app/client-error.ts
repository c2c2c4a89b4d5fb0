/** Answers what is no request that Fastify is given. There is no reply object for it: the answer is written by hand. */
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problem, problemType } from './problems.ts';

const statusOf: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Bytes that are not an HTTP request. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusOf[error.code ?? ''] ?? 400;
  endWith(socket, status, 'The app cannot read these bytes as an HTTP request.');
}

/** Node.js closes the connection of a CONNECT that nobody listens for, without a word. */
export function refuseConnect(server: Server): void {
  server.on('connect', (_request, socket) => {
    // Who goes away meanwhile is no matter.
    socket.on('error', () => {});
    endWith(socket, 405, 'There is nothing to connect to here.');
  });
}

function endWith(socket: Duplex, status: number, detail: string): void {
  const body = JSON.stringify(problem(status, detail));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
