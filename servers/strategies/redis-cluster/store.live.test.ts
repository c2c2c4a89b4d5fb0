import { Cluster } from 'ioredis';
import { testStore } from '../contract-suite.ts';
import open from './store.ts';
import { topology } from './topology.ts';

testStore({
  name: 'redis-cluster',
  topology,
  open,
  writeRaw: async ({ cluster: nodes = [] }, sid, text) => {
    const password = nodes[0]?.password;
    const cluster = new Cluster(
      nodes.map(({ host, port }) => ({ host, port })),
      { redisOptions: { ...(password && { password }) } },
    );
    await cluster.set(`session:${sid}`, text, 'PX', 600_000);
    cluster.disconnect();
  },
  durable: false,
  expiresLateByMs: 0,
  exactLength: true,
});
