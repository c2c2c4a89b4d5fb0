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
});
