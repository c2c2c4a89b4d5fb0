/**
 * Locks among all processes of a machine, of whatever user. A lock is a socket in Linux' abstract namespace: the kernel
 * frees it when its owner ends, however that ends. Processes in other network namespaces, such as those of containers,
 * do not see it, and other systems have no such sockets: there nobody is kept out.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from './errors.ts';

const ANSWER_TIMEOUT_MS = 1_000;
const RETRY_MS = 50;

export type Lock = { readonly status: 'held'; release(): void } | { readonly status: 'taken' };

const address = (name: string): string => `\0session-bench-${name}`;

/**
 * @param name at most 90 characters
 * @param note one line that others can ask for while the lock is held
 */
export async function tryLock(name: string, note = ''): Promise<Lock> {
  if (process.platform !== 'linux') return { status: 'held', release() {} };
  const waiting = new Set<Socket>();
  // Connections stay open until the lock is free: that is how others learn of it.
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.unref();
    socket.on('error', () => {}).on('close', () => waiting.delete(socket));
    socket.write(`${note}\n`);
  });
  server.listen(address(name));
  try {
    await once(server, 'listening');
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return { status: 'taken' };
    throw error;
  }
  server.unref();
  const release = () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
  return { status: 'held', release };
}

/** The note of whoever holds the lock; null when nobody does, or does not answer within a second. */
export async function noteOf(name: string): Promise<string | null> {
  const socket = connect(address(name));
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
  try {
    for await (const line of createInterface({ input: socket })) return line;
    return null;
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}

/** Runs `work` while no other process runs work under the same lock. @param waiting called once when others come first */
export async function withLock<Result>(
  name: string,
  waiting: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  let lock = await tryLock(name);
  if (lock.status === 'taken') waiting();
  while (lock.status === 'taken') {
    await untilFree(name);
    lock = await tryLock(name);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function untilFree(name: string): Promise<void> {
  const socket = connect(address(name));
  // An owner that is killed resets the connection.
  await new Promise((resolve) =>
    socket
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  );
  // One that is just ending refuses it at once.
  await pause(RETRY_MS);
}
