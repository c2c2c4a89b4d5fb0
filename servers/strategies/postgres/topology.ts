import type { Topology } from '../../contract/topology.ts';
import { databaseTaking, onDiskOfOneServer } from '../shared/on-paper.ts';

export const topology: Topology = {
  title: 'PostgreSQL',
  description:
    'Sessions live in a table of one PostgreSQL server, and every login, write and logout is on disk before it is answered.',
  services: [{ name: 'database', kind: 'postgres', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  outlasts: onDiskOfOneServer,
  traits: databaseTaking(200),
  // Calls in pg_stat_statements of statements on the table of sessions, by their first word.
  commandsPerOperation: {
    login: { insert: 1 },
    read: { select: 1 },
    write: { select: 1, update: 1 },
    logout: { select: 1, delete: 1 },
    probe: { select: 1 },
  },
  variants: {
    'async-commit': {
      title: 'async',
      description:
        'synchronous_commit=off: a commit is answered before it is on disk; a crash of the server or a power cut loses about the last 0.6 s of commits, and breaks none of the others.',
      services: { database: { synchronousCommit: 'off' } },
      outlasts: { storeCrash: 'newest-lost', powerCut: 'newest-lost', failover: 'newest-lost' },
    },
    unlogged: {
      title: 'UNLOGGED',
      description:
        'The table of sessions is UNLOGGED, kept out of the write-ahead log: sessions outlast a clean restart, and a crash of the server or a power cut ends them all.',
      store: { unlogged: true },
      // A table that is not in the log is on no standby either.
      outlasts: { storeCrash: 'lost', powerCut: 'lost', failover: null },
    },
    tls: {
      title: 'TLS',
      description:
        'The server speaks TLS alone, and the apps trust its certificate and no other; durability is that of the strategy.',
      services: { database: { tls: true } },
      outlasts: {},
    },
  },
};
