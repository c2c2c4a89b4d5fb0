import type { Topology } from '../../contract/topology.ts';

export const topology: Topology = {
  title: 'PostgreSQL',
  description:
    'Sessions live in a table of one PostgreSQL server, and every login, write and logout is on disk before it is answered.',
  services: [{ name: 'database', kind: 'postgres', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  // Calls in pg_stat_statements of statements on the table of sessions, by their first word.
  commandsPerOperation: {
    login: { insert: 1 },
    read: { select: 1 },
    write: { select: 1, insert: 1 },
    logout: { select: 1, delete: 1 },
    probe: { select: 1 },
  },
};
