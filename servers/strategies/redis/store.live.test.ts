import { Redis } from 'ioredis';
import { testStore } from '../contract-suite.ts';
import open from './store.ts';
import { topology } from './topology.ts';

testStore({
  name: 'redis',
  topology,
  open,
  writeRaw: async ({ cache }, sid, text) => {
    const { host, port, password } = cache?.[0] ?? {};
    const redis = new Redis({ host: host ?? '', port: port ?? 0, ...(password && { password }) });
    await redis.set(`session:${sid}`, text, 'PX', 600_000);
    redis.disconnect();
  },
  clock: 'servers',
  expiresLateByMs: 0,
  exactLength: true,
  userIndex: {
    setFor: { evalsha: 1, time: 1, zremrangebyscore: 1, zadd: 1, pexpire: 1, set: 1 },
    destroyFor: { zrem: 1, del: 1 },
    listByUser: { evalsha: 1, zrange: 1, get: 3 },
    destroyByUser: { evalsha: 1, zrange: 1, del: 3, zrem: 3 },
  },
});
