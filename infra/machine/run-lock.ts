/**
 * One measuring run at a time on a machine: two would disturb each other's numbers. The lock is a socket in Linux'
 * abstract namespace, which the kernel frees when its owner ends, however it ends.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const owner = z.object({ pid: z.int(), since: z.string(), results: z.string() });
export type LockOwner = z.infer<typeof owner>;

export type RunLock =
  | { readonly status: 'held'; release(): void }
  | { readonly status: 'taken'; readonly by: LockOwner | null };

/** Tests give a name of their own, so that they do not wait for a run of the person at the keyboard. */
const address = (): string => `\0session-bench-${process.env.SESSION_BENCH_LOCK ?? 'run'}`;

async function askOwner(): Promise<LockOwner | null> {
  try {
    const parsed = owner.safeParse(await json(connect(address()).setTimeout(1000)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Other systems have no abstract sockets; there nobody is kept out. */
export async function takeRunLock(results: string): Promise<RunLock> {
  if (process.platform !== 'linux') return { status: 'held', release() {} };
  const me: LockOwner = { pid: process.pid, since: new Date().toISOString(), results };
  const server = createServer((socket) => socket.on('error', () => {}).end(JSON.stringify(me)));
  server.listen(address());
  try {
    await once(server, 'listening');
  } catch {
    return { status: 'taken', by: await askOwner() };
  }
  server.unref();
  return { status: 'held', release: () => server.close() };
}
