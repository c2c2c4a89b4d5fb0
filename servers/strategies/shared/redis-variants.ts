import type { Topology } from '../../contract/topology.ts';

/** How else one server of Redis or Valkey is run: what it keeps on disk, and what it speaks. @param service its name in the topology */
export const redisVariants = (service: string): NonNullable<Topology['variants']> => ({
  'aof-everysec': {
    title: 'AOF everysec',
    description:
      'Every write is also kept in a file that is flushed to the disk once a second: sessions outlast a restart and a crash of the server, and a power cut loses about the last second.',
    services: { [service]: { persistence: 'everysec' } },
    // It writes to the file before it answers, unless a flush takes long.
    outlasts: { storeCrash: 'newest-lost', storeRestart: 'kept', powerCut: 'newest-lost' },
    traits: { onDisk: true },
  },
  'aof-always': {
    title: 'AOF always',
    description:
      'Every write is flushed to the disk in a file before it is answered: what was acknowledged outlasts a restart, a crash and a power cut.',
    services: { [service]: { persistence: 'always' } },
    outlasts: { storeCrash: 'kept', storeRestart: 'kept', powerCut: 'kept' },
    traits: { onDisk: true },
  },
  tls: {
    title: 'TLS',
    description:
      'The server speaks TLS alone, and the apps trust its certificate and no other; durability is that of the strategy.',
    services: { [service]: { tls: true } },
    outlasts: {},
  },
});
