import { nothingSaid, type Topology } from '../../../../servers/contract/topology.ts';

export const topology: Topology = {
  title: 'Unsafe on purpose',
  description: 'Sessions in the memory of each app, which never ends idle ones and logs their names.',
  services: [],
  balancer: { affinity: 'cookie' },
  outlasts: nothingSaid,
  traits: null,
  commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} },
};
