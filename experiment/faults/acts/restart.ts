/** Servers that are ended as their makers mean it, and started again at once. */
import type { Server } from '../../../infra/runtimes/runtime.ts';
import type { Scene, Struck } from '../fault.ts';

/** All of them at the same time. That they did not get ready again shows when it is taken back. */
export async function restart({ deployment }: Scene, servers: readonly Server[]): Promise<Struck> {
  const failure = await deployment.restart(servers).then(
    () => null,
    (error: unknown) => error,
  );
  return {
    servers: servers.map(({ name }) => name),
    async heal() {
      if (failure !== null) throw failure;
    },
  };
}
