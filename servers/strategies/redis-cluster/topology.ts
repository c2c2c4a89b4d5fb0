import type { Topology } from '../../contract/topology.ts';
import { oneRedis } from '../shared/on-paper.ts';

export const topology: Topology = {
  title: 'Redis Cluster',
  description:
    'Sessions are spread over three Redis masters, each with a replica that takes over when it fails; a failover may lose the last writes.',
  services: [
    { name: 'cluster', kind: 'redis', count: 6, memoryMiB: 256, settings: { cluster: true, replicas: 1 } },
  ],
  balancer: { affinity: 'none' },
  // Of all its servers at once; else a replica takes over, which gets a write after it was answered.
  outlasts: {
    storeCrash: 'lost',
    storeRestart: 'lost',
    failover: 'newest-lost',
    appEnd: 'kept',
    powerCut: 'newest-lost',
    zoneLoss: 'newest-lost',
  },
  traits: {
    ...oneRedis,
    servers: { ...oneRedis.servers, spread: { kind: 'shards', fewest: 3, copies: 2 } },
  },
  commandsPerOperation: {
    login: { set: 1 },
    read: { get: 1 },
    write: { get: 1, set: 1 },
    logout: { get: 1, del: 1 },
    probe: { get: 1 },
  },
  variants: {
    'wait-1': {
      title: 'WAIT 1',
      description:
        'A write is answered when one replica has it too (WAIT 1), so that a failover loses far less; while a master has no replica, writes to its sessions fail.',
      store: { waitForReplicas: 1 },
      outlasts: {},
      commandsPerOperation: {
        login: { set: 1, wait: 1 },
        read: { get: 1 },
        write: { get: 1, set: 1, wait: 1 },
        logout: { get: 1, del: 1, wait: 1 },
        probe: { get: 1 },
      },
      // The WAIT goes with the command before it.
      roundTripsPerOperation: { login: 1, read: 1, write: 2, logout: 2, probe: 1 },
    },
    'client-defaults': {
      title: 'stock',
      description:
        'The client as ioredis sets it up where nothing is said: an operation follows a failover for 1.6 s and has no time-out of its own; the servers are as always.',
      store: { clientDefaults: true },
      outlasts: {},
    },
  },
};
