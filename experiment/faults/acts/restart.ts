/** Servers that are ended as their makers mean it, and started again at once. */
import type { Server } from '../../../infra/runtimes/runtime.ts';
import type { Scene, Struck } from '../fault.ts';
import { attempted } from './attempted.ts';

/** All of them at the same time. */
export const restart = ({ deployment }: Scene, servers: readonly Server[]): Promise<Struck> =>
  attempted(
    servers.map(({ name }) => name),
    () => deployment.restart(servers),
  );
