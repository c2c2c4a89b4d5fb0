/** What invented strategies have on paper, for tests: near to what those of the same name say. */
import type { OnPaper } from '../on-paper.ts';

type Traits = NonNullable<OnPaper['traits']>;

const inMemory: OnPaper['outlasts'] = {
  storeCrash: 'lost',
  storeRestart: 'lost',
  failover: 'newest-lost',
  appEnd: 'kept',
  powerCut: 'lost',
  zoneLoss: 'lost',
};
const oneServer = (most: number): Traits => ({
  writes: 'session',
  endsAllOfAUser: 'by an index',
  onDisk: false,
  servers: { spread: { kind: 'one' }, cores: 1, connections: { perApp: 1, most } },
});
const database: OnPaper = {
  outlasts: {
    storeCrash: 'kept',
    storeRestart: 'kept',
    failover: 'kept',
    appEnd: 'kept',
    powerCut: 'kept',
    zoneLoss: 'lost',
  },
  traits: {
    ...oneServer(1),
    onDisk: true,
    servers: { spread: { kind: 'one' }, cores: null, connections: { perApp: 8, most: 200 } },
  },
};

const invented: Readonly<Record<string, OnPaper>> = {
  sticky: {
    outlasts: {
      storeCrash: null,
      storeRestart: null,
      failover: null,
      appEnd: 'lost',
      powerCut: 'lost',
      zoneLoss: 'lost',
    },
    traits: { writes: 'session', endsAllOfAUser: 'by asking every app', onDisk: false, servers: null },
  },
  redis: { outlasts: inMemory, traits: oneServer(10_000) },
  valkey: { outlasts: inMemory, traits: oneServer(10_000) },
  memcached: { outlasts: { ...inMemory, failover: null }, traits: oneServer(1024) },
  postgres: database,
  mysql: database,
  'redis-cluster': {
    outlasts: { ...inMemory, powerCut: 'newest-lost', zoneLoss: 'newest-lost' },
    traits: {
      ...oneServer(10_000),
      servers: {
        spread: { kind: 'shards', fewest: 3, copies: 2 },
        cores: 1,
        connections: { perApp: 1, most: 10_000 },
      },
    },
  },
};

/** Null of a name that is not among them. */
export const inventedOnPaper = (name: string): OnPaper | null => invented[name] ?? null;
