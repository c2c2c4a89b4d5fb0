/** Work on servers that is a fault as soon as it is begun: what of it fails is a server that did not come back. */
import type { Struck } from '../fault.ts';

/** Does the work. Where it fails, that shows when the fault is taken back. @param servers their names */
export async function attempted(servers: readonly string[], work: () => Promise<void>): Promise<Struck> {
  const failure = await work().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return {
    servers,
    async heal() {
      if (failure !== null) throw failure.error;
    },
  };
}
