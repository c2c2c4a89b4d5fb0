/** Servers that get no CPU time for a while: they hang, and hold their connections. */
import type { Server } from '../../../infra/runtimes/runtime.ts';
import type { Struck } from '../fault.ts';

/** All of them at the same time. @throws Error when one cannot be frozen; none is frozen then */
export async function freeze(servers: readonly Server[]): Promise<Struck> {
  const thaw = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.thaw()));
  };
  try {
    await Promise.all(servers.map((server) => server.freeze()));
  } catch (error) {
    await thaw();
    throw error;
  }
  return { servers: servers.map(({ name }) => name), heal: thaw };
}
