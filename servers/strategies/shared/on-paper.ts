/** What strategies have in common on paper: what their sessions outlast, and what their servers are like. */
import type { Outlasting, Topology } from '../../contract/topology.ts';

type Traits = NonNullable<Topology['traits']>;

/** Nothing is on a disk; a replica that is added gets a write after it was answered. */
export const inMemoryOfOneServer: Outlasting = {
  storeCrash: 'lost',
  storeRestart: 'lost',
  failover: 'newest-lost',
  appEnd: 'kept',
  powerCut: 'lost',
  zoneLoss: 'lost',
};

/** What was answered is on a disk; a standby that is added can be a synchronous one. */
export const onDiskOfOneServer: Outlasting = {
  storeCrash: 'kept',
  storeRestart: 'kept',
  failover: 'kept',
  appEnd: 'kept',
  powerCut: 'kept',
  zoneLoss: 'lost',
};

/** Of Redis and its kin, which carry out commands in one thread. */
export const oneRedis = {
  writes: 'session',
  endsAllOfAUser: 'by a set of sessions for each user',
  onDisk: false,
  servers: { spread: { kind: 'one' }, cores: 1, connections: { perApp: 1, most: 10_000 } },
} as const satisfies Traits;

/** A database whose clients are pools. @param connections that one server takes as it is set here */
export const databaseTaking = (connections: number): Traits => ({
  writes: 'session',
  endsAllOfAUser: 'by an index on the user',
  onDisk: true,
  servers: { spread: { kind: 'one' }, cores: null, connections: { perApp: 8, most: connections } },
});
