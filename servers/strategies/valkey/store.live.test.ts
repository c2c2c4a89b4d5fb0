import { Redis } from 'ioredis';
import { whyNoServices } from '../../../infra/runtimes/testing/services.ts';
import { testStore } from '../contract-suite.ts';
import open from './store.ts';
import { topology } from './topology.ts';

testStore(
  {
    name: 'valkey',
    topology,
    open,
    writeRaw: async ({ cache }, sid, text) => {
      const { host, port, password } = cache?.[0] ?? {};
      const valkey = new Redis({ host: host ?? '', port: port ?? 0, ...(password && { password }) });
      await valkey.set(`session:${sid}`, text, 'PX', 600_000);
      valkey.disconnect();
    },
    clock: 'servers',
    expiresLateByMs: 0,
    exactLength: true,
  },
  // Package sources from before 2025 do not have it.
  { lack: await whyNoServices(topology) },
);
