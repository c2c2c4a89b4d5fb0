/** A kind of server and a strategy that uses it, written outside the tree: nothing of the repository is edited. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from './command.ts';

/** A file of the repository by its path, which Node.js resolves and esbuild too; esbuild knows no file URLs. */
const ours = (file: string): string => JSON.stringify(path.join(repository, file));

/** Redis' program and image under another name, without a password and with another configuration. */
const kind = `
import { defineService, portOf } from ${ours('infra/services/definition.ts')};
import { listens } from ${ours('infra/services/health.ts')};
import { commandCounts, withRedis } from ${ours('infra/services/redis/connection.ts')};
import { z } from ${ours('node_modules/zod/index.js')};

const remedies = { other: 'install Redis so that redis-server is on PATH' };

export default defineService({
  kind: 'open-cache',
  tier: 'store',
  image: 'redis:8.10',
  health: listens,
  settings: z.strictObject({ databases: z.int().default(1) }),
  configured: ({ databases }) => ({
    programs: [{ name: 'open-cache', candidates: ['redis-server'], debianPackages: ['redis-server'], remedies }],
    ports: ['main'],
    plan: (node) => ({
      files: [],
      init: [],
      command: {
        program: 'open-cache',
        args: [
          ...['--bind', node.host, '--port', String(portOf(node)), '--protected-mode', 'no', '--save', ''],
          ...['--dir', node.folders.data, '--databases', String(databases), '--maxmemory', node.memoryMiB + 'mb'],
        ],
      },
      stopSignal: 'SIGTERM',
      containerStopSignal: 'SIGTERM',
      killSignal: 'SIGKILL',
      unprivileged: true,
    }),
    control(nodes) {
      const [node] = nodes;
      const answering = async () => {
        await withRedis(node, '', (redis) => redis.ping());
      };
      return {
        endpoints: [{ host: node.host, port: portOf(node) }],
        answering,
        ready: answering,
        version: async () => ({ product: 'Open Cache', version: '8' }),
        commands: () => commandCounts(node, ''),
      };
    },
  }),
});
`;

const topology = `
export const topology = {
  title: 'Open Cache',
  description: 'Sessions in a kind of server that this repository does not know.',
  services: [{ name: 'cache', kind: 'open-cache', count: 1, memoryMiB: 64, settings: { databases: 2 } }],
  balancer: { affinity: 'none' },
  commandsPerOperation: {
    login: { set: 1 },
    read: { get: 1 },
    write: { get: 1, set: 1 },
    logout: { get: 1, del: 1 },
    probe: { get: 1 },
  },
};
`;

export interface NewKind {
  readonly strategy: string;
  /** What tells the commands of both folders. */
  readonly env: Readonly<Record<string, string>>;
}

/** Writes both into a folder, one beside the other. */
export async function writeNewKind(folder: string): Promise<NewKind> {
  const files = {
    'services/open-cache/index.ts': kind,
    'strategies/open/topology.ts': topology,
    'strategies/open/store.ts': `export { default } from ${ours('servers/strategies/redis/store.ts')};\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return {
    strategy: 'open',
    env: {
      SESSION_BENCH_SERVICES: path.join(folder, 'services'),
      SESSION_BENCH_STRATEGIES: path.join(folder, 'strategies'),
    },
  };
}
