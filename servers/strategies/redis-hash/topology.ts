import type { Topology } from '../../contract/topology.ts';
import { inMemoryOfOneServer, oneRedis } from '../shared/on-paper.ts';

export const topology: Topology = {
  title: 'Redis hash',
  description:
    'Sessions live in one Redis server, each as a hash with a field for each value: one round trip for each operation, and a write sends only what has changed and never brings back a session that has ended.',
  services: [{ name: 'cache', kind: 'redis', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  outlasts: inMemoryOfOneServer,
  traits: { ...oneRedis, writes: 'values' },
  // A script is one command to the client; the server counts the commands that the script calls, too.
  commandsPerOperation: {
    login: { evalsha: 1, del: 1, hset: 1, pexpire: 1 },
    read: { hgetall: 1 },
    write: { hgetall: 1, evalsha: 1, exists: 1, hset: 1, pexpire: 1 },
    logout: { hgetall: 1, del: 1 },
    probe: { hgetall: 1 },
  },
  roundTripsPerOperation: { login: 1, read: 1, write: 2, logout: 2, probe: 1 },
  selection: 'named',
};
