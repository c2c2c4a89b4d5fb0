/** Moves the limit of memory of Redis servers that run. */
import type { ReachableNode, ServiceControl } from '../definition.ts';
import { withRedis } from './connection.ts';

/** The limit that each node was started with is asked for before it is moved, and kept for the way back. */
export function memoryLimit(
  nodes: readonly ReachableNode[],
  password: string,
): NonNullable<ServiceControl['limitMemory']> {
  const planned = new Map<string, string>();
  return async (to) => {
    await Promise.all(
      nodes.map((node) =>
        withRedis(node, password, async (redis) => {
          // CONFIG GET answers with name and value.
          const [, now = '0'] = (await redis.config('GET', 'maxmemory')) as readonly string[];
          if (!planned.has(node.name)) planned.set(node.name, now);
          const used = /^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1];
          if (used === undefined) throw new Error(`${node.name} does not tell how much memory it uses`);
          // What is in use moves with every request; half of it is surely too little.
          const full = String(Math.floor(Number(used) / 2));
          await redis.config('SET', 'maxmemory', to === 'full' ? full : (planned.get(node.name) ?? now));
        }),
      ),
    );
  };
}
