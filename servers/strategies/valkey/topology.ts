import type { Topology } from '../../contract/topology.ts';
import { inMemoryOfOneServer, oneRedis } from '../shared/on-paper.ts';
import { redisVariants } from '../shared/redis-variants.ts';

export const topology: Topology = {
  title: 'Valkey',
  description:
    'Sessions live in the memory of one Valkey server, which speaks the protocol of Redis: one round trip for each operation, and any app can serve any client.',
  services: [
    { name: 'cache', kind: 'redis', count: 1, memoryMiB: 512, settings: { program: 'valkey-server' } },
  ],
  balancer: { affinity: 'none' },
  outlasts: inMemoryOfOneServer,
  traits: oneRedis,
  commandsPerOperation: {
    login: { set: 1 },
    read: { get: 1 },
    write: { get: 1, set: 1 },
    logout: { get: 1, del: 1 },
    probe: { get: 1 },
  },
  variants: redisVariants('cache'),
};
