import type { Topology } from '../../contract/topology.ts';

export const topology: Topology = {
  title: 'Memcached',
  description:
    'Sessions live in the memory of one Memcached server: one round trip for each operation, and live sessions are evicted when its memory is full.',
  services: [{ name: 'cache', kind: 'memcached', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  outlasts: { storeCrash: 'lost', storeRestart: 'lost', appEnd: 'kept' },
  commandsPerOperation: {
    login: { set: 1 },
    read: { get: 1 },
    write: { get: 1, set: 1 },
    logout: { get: 1, delete: 1 },
    probe: { get: 1 },
  },
};
