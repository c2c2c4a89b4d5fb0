/**
 * Toxiproxy between the apps and a strategy's servers: one process with a proxy for each server, which passes everything
 * on unchanged until it is told otherwise. It belongs to deployments, and no topology names it.
 */
import path from 'node:path';
import { z } from 'zod';
import { defineService, portOf } from '../definition.ts';
import { answersHttp } from '../health.ts';
import { proxyControl } from './control.ts';
import { toxiproxyNeed } from './program.ts';

/** Of the whole process: buffers of each connection, and Go's own. */
export const PROXIES_MEMORY_MIB = 256;

/** Where the bytes go: a server as the proxies reach it. */
const target = z.strictObject({ host: z.string(), port: z.int() });

const settingsSchema = z.strictObject({ targets: z.array(target).min(1) });
type Target = z.infer<typeof target>;

/** Name of a proxy and of its port; the port named `main` takes orders. */
const proxyName = (index: number): string => `to-${index + 1}`;

/** Names of the proxies, in the order of the servers. */
export const proxiesBefore = (targets: readonly Target[]): readonly string[] =>
  targets.map((_, index) => proxyName(index));

const FILE = 'proxies.json';

/** As Toxiproxy reads it. @param listen host that the proxies listen on */
const proxiesFile = (
  targets: readonly Target[],
  listen: string,
  portNamed: (name: string) => number,
): string =>
  JSON.stringify(
    targets.map(({ host, port }, index) => {
      const name = proxyName(index);
      return { name, listen: `${listen}:${portNamed(name)}`, upstream: `${host}:${port}`, enabled: true };
    }),
  );

export const toxiproxy = defineService({
  kind: 'toxiproxy',
  // It stands before the stores, starts after them, and gets their cores.
  tier: 'store',
  image: 'session-bench-toxiproxy',
  health: answersHttp('/version'),
  settings: settingsSchema,
  configured: ({ targets }) => {
    const proxies = proxiesBefore(targets);
    return {
      programs: [toxiproxyNeed],
      ports: ['main', ...proxies],
      plan: (node) => ({
        files: [
          {
            folder: 'config',
            name: FILE,
            content: proxiesFile(targets, node.host, (name) => portOf(node, name)),
          },
        ],
        init: [],
        command: {
          program: toxiproxyNeed.name,
          args: [
            ...['-proxies', path.posix.join(node.folders.config, FILE)],
            ...['-control', `${node.host}:${portOf(node)}`],
          ],
          env: { GOMAXPROCS: String(node.cores) },
        },
        stopSignal: 'SIGTERM',
        containerStopSignal: 'SIGTERM',
        killSignal: 'SIGKILL',
        unprivileged: true,
      }),
      control(nodes) {
        const [node] = nodes;
        if (!node || nodes.length > 1) throw new Error('all proxies are in one process');
        return proxyControl(node, proxies);
      },
    };
  },
});
