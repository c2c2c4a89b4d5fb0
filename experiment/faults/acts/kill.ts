/** Servers that end as in a crash, and are started again. */
import type { Server } from '../../../infra/runtimes/runtime.ts';
import type { Scene, Struck } from '../fault.ts';

/** All of them at the same time. @throws Error when one lives on */
export async function kill({ deployment }: Scene, servers: readonly Server[]): Promise<Struck> {
  await Promise.all(servers.map((server) => server.kill()));
  const alive = servers.filter(({ isRunning }) => isRunning).map(({ name }) => name);
  if (alive.length > 0) throw new Error(`${alive.join(', ')} lived on`);
  return { servers: servers.map(({ name }) => name), heal: () => deployment.restart(servers) };
}
