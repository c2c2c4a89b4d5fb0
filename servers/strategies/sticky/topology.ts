import type { Topology } from '../../contract/topology.ts';

export const topology: Topology = {
  title: 'Sticky sessions',
  description:
    'Sessions live in the memory of the app process that made them, and the balancer sends a client always there: no store to run or to wait for, and a session ends with its process.',
  services: [],
  balancer: { affinity: 'cookie' },
  outlasts: {
    storeCrash: null,
    storeRestart: null,
    failover: null,
    appEnd: 'lost',
    powerCut: 'lost',
    zoneLoss: 'lost',
  },
  traits: { writes: 'session', endsAllOfAUser: 'by asking every app', onDisk: false, servers: null },
  commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
};
