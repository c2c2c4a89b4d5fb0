import type { Topology } from '../../contract/topology.ts';

export const topology: Topology = {
  title: 'MySQL',
  description:
    'Sessions live in an InnoDB table of one MySQL or MariaDB server, and every login, write and logout is on disk before it is answered.',
  services: [{ name: 'database', kind: 'mysql', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  // The server's Com_ counters, in lower case and without `Com_`.
  commandsPerOperation: {
    login: { replace: 1 },
    read: { select: 1 },
    write: { select: 1, replace: 1 },
    logout: { select: 1, delete: 1 },
    probe: { select: 1 },
  },
};
