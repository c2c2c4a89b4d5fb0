/** What a deployment shows to those who were told nothing: where it listens, whom it lets in, and what it speaks. */
import type { Encryption, Knock } from '../services/definition.ts';
import type { RunningService } from './running-service.ts';
import type { Listener } from './runtime.ts';

/** @throws Error where a node listens nowhere, which no server that answers does: then it cannot be read */
export async function listenersOf(services: readonly RunningService[]): Promise<readonly Listener[]> {
  const nodes = services.flatMap((service) => service.nodes);
  const found = await Promise.all(
    nodes.map(async (node) => {
      const places = await node.listening();
      if (places.length === 0) throw new Error(`where ${node.name} listens cannot be read`);
      return places.map((place) => ({ node: node.name, ...place }));
    }),
  );
  return found.flat();
}

export const knockAtAll = async (services: readonly RunningService[]): Promise<readonly Knock[]> =>
  (await Promise.all(services.map(async ({ control }) => (await control.knock?.()) ?? []))).flat();

export const encryptionOf = async (stores: readonly RunningService[]): Promise<readonly Encryption[]> =>
  (await Promise.all(stores.map(async ({ control }) => (await control.encryption?.()) ?? []))).flat();

/**
 * @param counts of each app
 * @param shared whether all apps count the same sessions: those of the servers of the store
 */
export function sessionsIn(counts: readonly (number | null)[], shared: boolean): number | null {
  const known = counts.filter((count) => count !== null);
  if (known.length < counts.length || known.length === 0) return null;
  return shared ? Math.max(...known) : known.reduce((sum, count) => sum + count, 0);
}
