/** Free ports on loopback. */
import { createServer } from 'node:net';

/**
 * Below the range from which Linux takes the ports of outgoing connections (32768 and up), so that no
 * connection takes a port between our finding it free and its server's listening there.
 */
export const FIRST_PORT = 20_000;
const LAST = 32_000;
const ATTEMPTS = 200;

/** Ports that this process gave out and that its servers may not have taken yet. */
const given = new Set<number>();

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port on which nothing listens now. Another process may take it before the caller: ask again then. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST - FIRST_PORT));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port, host)) return port;
    given.delete(port);
  }
  throw new Error(
    `no free port found between ${FIRST_PORT} and ${LAST} on ${host}; end programs that listen there and try again`,
  );
}

export function givePortBack(port: number): void {
  given.delete(port);
}
