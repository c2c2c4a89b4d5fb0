import type { Topology } from '../../contract/topology.ts';
import { databaseTaking, onDiskOfOneServer } from '../shared/on-paper.ts';

export const topology: Topology = {
  title: 'MySQL',
  description:
    'Sessions live in an InnoDB table of one MySQL or MariaDB server, and every login, write and logout is on disk before it is answered.',
  services: [{ name: 'database', kind: 'mysql', count: 1, memoryMiB: 512 }],
  balancer: { affinity: 'none' },
  outlasts: onDiskOfOneServer,
  traits: databaseTaking(151),
  // The server's Com_ counters, in lower case and without `Com_`.
  commandsPerOperation: {
    login: { replace: 1 },
    read: { select: 1 },
    write: { select: 1, update: 1 },
    logout: { select: 1, delete: 1 },
    probe: { select: 1 },
  },
  variants: {
    'flush-each-second': {
      title: 'timed flush',
      description:
        'innodb_flush_log_at_trx_commit=2: a commit is written to the log and answered, and the log is flushed once a second; a crash of the server loses nothing, a power cut about the last second. MySQL, unlike MariaDB, still flushes its binary log at each commit.',
      services: { database: { flushLog: 'each-second' } },
      outlasts: { powerCut: 'newest-lost', failover: 'newest-lost' },
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
