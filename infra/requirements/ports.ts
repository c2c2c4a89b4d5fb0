/** What a run needs of the network of this machine beside loopback itself: ports to listen on, and connections at once. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { codeOf, messageOf } from '../machine/errors.ts';
import { FIRST_PORT, freePort, givePortBack } from '../machine/ports.ts';
import { readOrEmpty } from '../machine/read-or-empty.ts';
import { CONNECTIONS } from '../services/k6/index.ts';
import { type Answer, bad, good, type Requirement } from './requirement.ts';

/** Twice those of the generator: the ones of the trial before may not be forgotten yet. */
const AT_ONCE = 2 * CONNECTIONS;
/** Time for all of them, in milliseconds. */
const CONNECT_MS = 20_000;

export const portsRequirement: Requirement = {
  name: 'connections',
  means: `servers listen on ports of their own, and the generator holds ${CONNECTIONS} connections at once`,
  ask: askConnections,
};

async function askConnections(): Promise<Answer | null> {
  return (await askListening()) ?? (await askQueue()) ?? (await askAtOnce());
}

/** Null where servers can listen. They do not run as root. */
async function askListening(): Promise<Answer | null> {
  const from = Number(await readOrEmpty('/proc/sys/net/ipv4/ip_unprivileged_port_start'));
  if (from > FIRST_PORT)
    return bad(
      `only root may listen on ports below ${from}, and servers take ports from ${FIRST_PORT} on`,
      `Lower it: sysctl net.ipv4.ip_unprivileged_port_start=1024`,
    );
  try {
    givePortBack(await freePort());
    return null;
  } catch (error) {
    return bad(messageOf(error), 'Or run in a container of its own.');
  }
}

/** Null where a server may keep the generator's connections waiting until it takes them. */
async function askQueue(): Promise<Answer | null> {
  const text = await readOrEmpty('/proc/sys/net/core/somaxconn');
  if (text === '' || Number(text) >= CONNECTIONS) return null;
  return bad(
    `no more than ${Number(text)} connections may wait to be taken by a server, and ${CONNECTIONS} come at once`,
    'Raise it: sysctl net.core.somaxconn=4096 (for a container: --sysctl net.core.somaxconn=4096)',
  );
}

/** Opens as many at once as there may be, to one server. Null where loopback is down: another question tells that. */
export async function askAtOnce(count = AT_ONCE): Promise<Answer | null> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
  try {
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    for (let each = 0; each < count; each++) sockets.push(opened(server));
    await Promise.all(sockets.slice(0, count).map((socket) => once(socket, 'connect')));
    return good(`${count} at once`);
  } catch (error) {
    if (codeOf(error) === 'ENETUNREACH') return null;
    return bad(
      `${count} connections over loopback at once cannot be had: ${messageOf(error)}`,
      remedyOf(error),
    );
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function opened(server: Server): Socket {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  const socket = connect({ host: '127.0.0.1', port: address.port });
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error(`no answer within ${CONNECT_MS / 1000} s`)));
  return socket.on('error', () => {});
}

const remedyOf = (error: unknown): string =>
  codeOf(error) === 'EADDRNOTAVAIL'
    ? 'Ports of outgoing connections are few. Widen their range: sysctl net.ipv4.ip_local_port_range="32768 60999" (for a container: --sysctl), or end programs that hold them.'
    : 'See what limits connections here: a filter of packets (nf_conntrack_max), a sandbox, or the limit of open files.';
