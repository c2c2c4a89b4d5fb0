/**
 * Memcached, with SASL authentication over its binary protocol (`-S` closes the text protocol).
 *
 * `-t`: its default of 4 threads, fewer where the tier has fewer cores. `-c`: connections beyond what two apps
 * open, as far as the limit of open files goes. Items up to its default of 1 MB. Evictions stay on, as by default: memcached knows no other answer to
 * a full memory than `-M`, which would refuse new sessions; size the budget so that neither happens.
 */
import { z } from 'zod';
import type { ServerStrain, StrainCount } from '../../../record/strain.ts';
import type { ProgramNeed } from '../../machine/programs/program.ts';
import { sumCounts } from '../counts.ts';
import {
  defineService,
  type Holding,
  type NodeContext,
  type NodePlan,
  nothingTold,
  portOf,
  type ReachableNode,
  sumHoldings,
} from '../definition.ts';
import { answers } from '../health.ts';
import { allOf, withOptional } from '../in-image.ts';
import { takesTls } from '../knocking.ts';
import { connectionsWithin } from '../open-files.ts';
import type { Room } from '../room.ts';
import { askMemcached, memcachedFlush, memcachedStats } from './connection.ts';
import { contentsUnder, overwriteUnder } from './contents.ts';
import { knockAtMemcached } from './knock.ts';

const USER = 'session';
/** SASL names a user together with a realm; any fixed one serves. */
const REALM = 'session-bench';
const debianPackages = ['memcached', 'sasl2-bin', 'libsasl2-modules', 'libsasl2-modules-db'];

const server: ProgramNeed = {
  name: 'memcached',
  candidates: ['memcached'],
  tryOption: '--version',
  debianPackages,
  remedies: {
    debian: `apt-get install ${debianPackages.join(' ')}`,
    fedora: 'dnf install memcached cyrus-sasl cyrus-sasl-plain',
    macos: 'brew install memcached',
    other: 'install memcached (built with SASL) so that memcached is on PATH',
  },
};
const saslPasswords: ProgramNeed = {
  name: 'saslpasswd2',
  candidates: ['saslpasswd2'],
  tryOption: '-v',
  debianPackages,
  remedies: {
    debian: `apt-get install ${debianPackages.join(' ')}`,
    fedora: 'dnf install cyrus-sasl cyrus-sasl-plain',
    macos: 'brew install cyrus-sasl',
    other: 'install Cyrus SASL with its PLAIN mechanism so that saslpasswd2 is on PATH',
  },
};

/** Where Cyrus SASL looks for its mechanisms: those of the unpacked packages first, then the system's. */
function saslFolders(root: string | null): string {
  const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf', 'riscv64-linux-gnu'];
  const folders = [
    ...triplets.map((triplet) => `/usr/lib/${triplet}/sasl2`),
    '/usr/lib64/sasl2',
    '/usr/lib/sasl2',
  ];
  return [...(root ? folders.map((folder) => root + folder) : []), ...folders].join(':');
}

const passwordFile = (node: NodeContext) => `${node.folders.data}/sasldb`;

/**
 * The official image has no program that makes a password database; its memcached is built to read a text file
 * instead (`--enable-sasl-pwdb`), which Debian's is not.
 */
const textPasswords = 'passwords';

function authentication(
  node: NodeContext,
): Pick<NodePlan, 'files' | 'init'> & { env: Record<string, string> } {
  const password = node.secret('password');
  if (!node.programs.saslpasswd2) {
    const content = `${USER}@${REALM}:${password}\n`;
    return {
      files: [{ folder: 'config', name: textPasswords, content }],
      init: [],
      env: { MEMCACHED_SASL_PWDB: `${node.folders.config}/${textPasswords}` },
    };
  }
  return {
    files: [],
    init: [
      {
        title: 'make the password database',
        program: 'saslpasswd2',
        args: ['-c', '-p', '-f', passwordFile(node), '-u', REALM, '-a', 'memcached', USER],
        stdin: [{ text: password }],
        env: { SASL_PATH: saslFolders(node.programs.saslpasswd2.root) },
        scope: 'node',
      },
    ],
    env: {},
  };
}

/** Counters of `stats`, by the command that moves them. */
export function commandsOf(stats: Readonly<Record<string, string>>): Record<string, number> {
  const number = (name: string) => Number(stats[name] ?? 0);
  return {
    get: number('cmd_get'),
    set: number('cmd_set'),
    touch: number('cmd_touch'),
    delete: number('delete_hits') + number('delete_misses'),
  };
}

/** What the same counters say of its limits; those that this version does not have are left out. */
export function strainIn(node: string, stats: Readonly<Record<string, string>>): ServerStrain {
  const named = {
    evicted: 'evictions',
    refusedForMemory: 'store_no_memory',
    tooLarge: 'store_too_large',
    // How often it stopped listening, since it had as many connections as it may.
    refusedConnections: 'listen_disabled_num',
  } as const satisfies Partial<Record<StrainCount, string>>;
  const told = Object.entries(named).flatMap(([count, name]) =>
    stats[name] === undefined ? [] : [[count, Number(stats[name])]],
  );
  const [usedBytes, limitBytes] = [stats.bytes, stats.limit_maxbytes].map(Number);
  return {
    node,
    product: 'Memcached',
    counts: Object.fromEntries(told),
    memory: usedBytes !== undefined && limitBytes ? { usedBytes, limitBytes } : null,
  };
}

/** `bytes`: items with their headers and keys, without the rest of the places that they lie in. */
export const holdingIn = ({ bytes }: Readonly<Record<string, string>>): Holding => ({
  ...nothingTold,
  memoryBytes: bytes === undefined ? null : Number(bytes),
});

/** Per session: the header of an item and its key, as measured. An item takes a place that is up to a quarter larger. */
const ITEM_BYTES = 100;
const PLACE = 1.12;
/** Of each node: memory is taken in slab pages, each for items of about one size. */
const SLAB_PAGE_BYTES = 2 ** 20;

const roomIn = (nodes: number): Room => ({
  in: 'memory',
  nodes,
  grain: nodes * SLAB_PAGE_BYTES,
  whenFull: 'live sessions are evicted',
  closeAt: 0.9,
  need: (sessions, sessionBytes) => {
    const least = sessions * (sessionBytes + ITEM_BYTES);
    return { least, likely: least * PLACE };
  },
});

export default defineService({
  kind: 'memcached',
  tier: 'store',
  image: 'memcached:1.6',
  // A question for the version in the binary protocol; the first byte of an answer is 0x81.
  health: answers(
    String.raw`\200\013\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0`,
    '{ head -c 1 | od -An -tx1 | grep -q 81; }',
    [['head'], ['od'], ['grep']],
  ),
  settings: z.strictObject({}),
  configured: (_settings, count) => ({
    room: roomIn(count),
    programs: [server, saslPasswords],
    programsInImage: withOptional(allOf([server]), ['saslpasswd2']),
    ports: ['main'],
    plan(node) {
      const { files, init, env } = authentication(node);
      return {
        files: [
          ...files,
          {
            folder: 'config',
            name: 'memcached.conf',
            content: [
              'mech_list: plain',
              'pwcheck_method: auxprop',
              'auxprop_plugin: sasldb',
              `sasldb_path: ${passwordFile(node)}`,
              '',
            ].join('\n'),
          },
        ],
        init,
        command: {
          program: 'memcached',
          args: [
            ...['-l', node.host, '-p', String(portOf(node)), '-U', '0', '-S'],
            ...[
              '-m',
              String(node.memoryMiB),
              '-c',
              String(connectionsWithin(node.openFiles, 1)),
              '-t',
              String(Math.max(1, Math.min(4, node.cores))),
            ],
          ],
          env: {
            SASL_CONF_PATH: node.folders.config,
            SASL_PATH: saslFolders(node.programs.memcached?.root ?? null),
            ...env,
          },
        },
        stopSignal: 'SIGTERM',
        containerStopSignal: 'SIGTERM',
        killSignal: 'SIGKILL',
        unprivileged: true,
      };
    },
    control(nodes, secret) {
      const login = { user: `${USER}@${REALM}`, password: secret('password') };
      const statsOf = (node: ReachableNode) => memcachedStats(node, login);
      const answering = async () => {
        await Promise.all(nodes.map(statsOf));
      };
      return {
        endpoints: nodes.map((node) => ({ host: node.host, port: portOf(node), ...login })),
        answering,
        ready: answering,
        async version() {
          const [stats] = await Promise.all(nodes.slice(0, 1).map(statsOf));
          return { product: 'Memcached', version: stats?.version ?? 'unknown' };
        },
        async commands() {
          return sumCounts((await Promise.all(nodes.map(statsOf))).map(commandsOf));
        },
        async empty() {
          await Promise.all(nodes.map((node) => memcachedFlush(node, login)));
        },
        knock: async () => (await Promise.all(nodes.map(knockAtMemcached))).flat(),
        encryption: () =>
          Promise.all(
            nodes.map(async (node) => ({
              node: node.name,
              tls: await takesTls(node),
              clear: 'taken' as const,
            })),
          ),
        async contents(names) {
          const question = contentsUnder(names);
          return (await Promise.all(nodes.map((node) => askMemcached(node, login, question)))).flat();
        },
        async overwrite(names, value) {
          const question = overwriteUnder(names, value);
          const counts = await Promise.all(nodes.map((node) => askMemcached(node, login, question)));
          return counts.reduce((sum, each) => sum + each, 0);
        },
        strain: () => Promise.all(nodes.map(async (node) => strainIn(node.name, await statsOf(node)))),
        holding: async () => sumHoldings((await Promise.all(nodes.map(statsOf))).map(holdingIn)),
        async entries() {
          const all = await Promise.all(nodes.map(statsOf));
          return all.reduce((sum, { curr_items }) => sum + Number(curr_items ?? 0), 0);
        },
      };
    },
  }),
});
