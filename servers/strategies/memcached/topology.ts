import type { Topology } from '../../contract/topology.ts';
import { inMemoryOfOneServer } from '../shared/on-paper.ts';

export const topology: Topology = {
  title: 'Memcached',
  description:
    'Sessions live in the memory of one Memcached server: one round trip for each operation, and live sessions are evicted when its memory is full.',
  services: [{ name: 'cache', kind: 'memcached', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  // It has no replica.
  outlasts: { ...inMemoryOfOneServer, failover: null },
  traits: {
    writes: 'session',
    endsAllOfAUser: 'by a generation of each user, for which a read takes a second trip',
    onDisk: false,
    // Its threads.
    servers: { spread: { kind: 'one' }, cores: 4, connections: { perApp: 1, most: 1024 } },
  },
  commandsPerOperation: {
    login: { set: 1 },
    read: { get: 1 },
    write: { get: 1, set: 1 },
    logout: { get: 1, delete: 1 },
    probe: { get: 1 },
  },
};
