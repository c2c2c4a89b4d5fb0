import type { Topology } from '../../contract/topology.ts';

export const topology: Topology = {
  title: 'Sticky sessions',
  description:
    'Sessions live in the memory of the app process that made them, and the balancer sends a client always there: no store to run or to wait for, and a session ends with its process.',
  services: [],
  balancer: { affinity: 'cookie' },
  outlasts: { appEnd: 'lost' },
  commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
};
