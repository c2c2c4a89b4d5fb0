/**
 * Redis and programs that speak its protocol and read its configuration (Valkey).
 *
 * Settings chosen for a session store that is a cache of logins, as its makers advise for that use:
 * - `maxmemory` from the budget with `noeviction`: a full store refuses new sessions and never drops live ones.
 * - No snapshots and no append-only file unless asked for: a fork for a snapshot in the middle of a trial would
 *   be the largest event in it, and no other cache here writes to disk.
 * - `persistence` keeps an append-only file that is flushed every second, or before each answer. The server never rewrites
 *   it by itself, for the same reason: it is rewritten between trials, when it is to hold nothing (`aof.ts`).
 * - Cluster: `cluster-node-timeout` of 5 s (the default of 15 s means at least 16 s without a shard when a master
 *   dies; below about 2 s a busy core looks like a dead node).
 * - What depends on the version follows from what the program says of itself (`version.ts`).
 */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ProgramNeed } from '../../machine/programs/program.ts';
import { sumCounts } from '../counts.ts';
import {
  byTls,
  defineService,
  type NodeContext,
  plannedCertificate,
  portOf,
  type ReachableNode,
  type Service,
  type ServiceControl,
  sumHoldings,
  tlsFiles,
} from '../definition.ts';
import { allOf } from '../in-image.ts';
import { connectionsWithin } from '../open-files.ts';
import { jemallocBytes, type Room } from '../room.ts';
import { shortenFile } from './aof.ts';
import { CLUSTER_NODE_TIMEOUT_MS, clusterControl } from './cluster.ts';
import {
  commandCounts,
  encryptionOfRedis,
  entriesOfNode,
  holdingOfNode,
  knockAtRedis,
  strainOfNode,
  withRedis,
} from './connection.ts';
import { contentsOf, overwriteIn } from './contents.ts';
import { memoryLimit } from './memory-limit.ts';
import { guardsBusPort } from './version.ts';

const settingsSchema = z.strictObject({
  /** Which of the programs that share protocol and configuration. */
  program: z.enum(['redis-server', 'valkey-server']).default('redis-server'),
  /** Whether writes are kept in a file, and how often that is flushed to the disk: Redis' `appendfsync`. */
  persistence: z.enum(['none', 'everysec', 'always']).default('none'),
  /** Whether it speaks TLS, and that alone. */
  tls: z.boolean().default(false),
  cluster: z.boolean().default(false),
  /** Replicas of each master; only with `cluster`. */
  replicas: z.int().min(0).max(4).default(0),
});
export type RedisSettings = z.infer<typeof settingsSchema>;

const VERSION = '--version';

const needs: Readonly<Record<RedisSettings['program'], ProgramNeed>> = {
  'redis-server': {
    name: 'redis-server',
    candidates: ['redis-server'],
    versionOption: VERSION,
    debianPackages: ['redis-server'],
    remedies: {
      debian: 'apt-get install redis-server',
      fedora: 'dnf install redis',
      macos: 'brew install redis',
      other: 'install Redis 7 or newer so that redis-server is on PATH',
    },
  },
  'valkey-server': {
    name: 'valkey-server',
    candidates: ['valkey-server'],
    versionOption: VERSION,
    debianPackages: ['valkey-server'],
    remedies: {
      debian: 'Run it in Docker (--runtime docker), or on Debian 13 or newer: apt-get install valkey-server',
      fedora: 'dnf install valkey',
      macos: 'brew install valkey',
      other: 'install Valkey 8 or newer so that valkey-server is on PATH',
    },
  },
};

const REDIS_IMAGE = 'redis:8.10';

/** A person may name an image of Valkey in place of Redis'. */
const inContainers: Readonly<Record<RedisSettings['program'], Pick<Service, 'image' | 'programsInImage'>>> = {
  'redis-server': {
    image: { kind: 'redis', image: REDIS_IMAGE },
    programsInImage: allOf([
      { name: 'redis-server', candidates: ['redis-server', 'valkey-server'], versionOption: VERSION },
    ]),
  },
  'valkey-server': {
    image: { kind: 'valkey', image: 'valkey/valkey:9.1' },
    programsInImage: allOf([needs['valkey-server']]),
  },
};

function configuration(node: NodeContext, settings: RedisSettings): string {
  const password = node.secret('password');
  const lines = [
    `bind ${node.host}`,
    ...(settings.tls ? tlsLines(node) : [`port ${portOf(node)}`]),
    'protected-mode yes',
    `requirepass ${password}`,
    'daemonize no',
    'logfile ""',
    `dir ${node.folders.data}`,
    'save ""',
    ...persistence(settings),
    `maxmemory ${node.memoryMiB}mb`,
    'maxmemory-policy noeviction',
    `maxclients ${connectionsWithin(node.openFiles, 1)}`,
  ];
  if (settings.cluster) {
    lines.push(
      'cluster-enabled yes',
      'cluster-config-file nodes.conf',
      `cluster-port ${portOf(node, 'bus')}`,
      `cluster-node-timeout ${CLUSTER_NODE_TIMEOUT_MS}`,
      `masterauth ${password}`,
      // Whole deployments are frozen while others are measured; replicas must not lose their masters over that.
      // On one machine a dead peer shows as a closed connection, and failover follows the cluster's own time-out.
      'repl-timeout 3600',
      // A replica that joins gets the data over its socket; the default waits 5 s for others to join with it.
      'repl-diskless-sync-delay 0',
    );
    if (node.network === 'proxied') lines.push(...announcedByName(node.name));
    // The bus is on loopback or on the deployment's own network, and nobody else is there.
    const version = node.programs[settings.program]?.version ?? null;
    if (guardsBusPort(version)) lines.push('cluster-bus-port-protected-mode no');
  }
  return `${lines.join('\n')}\n`;
}

const tlsLines = (node: NodeContext): readonly string[] => [
  'port 0',
  `tls-port ${portOf(node)}`,
  `tls-cert-file ${node.folders.config}/${tlsFiles.certificate}`,
  `tls-key-file ${node.folders.config}/${tlsFiles.key}`,
  `tls-ca-cert-file ${node.folders.config}/${tlsFiles.certificate}`,
  // Clients have their password.
  'tls-auth-clients no',
];

/** Clients are told of nodes by names, which the apps' endpoints lead through proxies; nodes meet each other at addresses still. */
const announcedByName = (node: string): readonly string[] => [
  `cluster-announce-hostname ${node}`,
  'cluster-preferred-endpoint-type hostname',
];

const persistence = ({ persistence: flushed }: RedisSettings): readonly string[] =>
  flushed === 'none'
    ? ['appendonly no']
    : ['appendonly yes', `appendfsync ${flushed}`, 'auto-aof-rewrite-percentage 0'];

async function serverVersion(node: ReachableNode, password: string) {
  const info = await withRedis(node, password, (redis) => redis.info('server'));
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  const redis = /^redis_version:(\S+)/m.exec(info)?.[1];
  return valkey ? { product: 'Valkey', version: valkey } : { product: 'Redis', version: redis ?? 'unknown' };
}

function singleControl(nodes: readonly ReachableNode[], password: string): ServiceControl {
  const answering = async () => {
    await Promise.all(nodes.map((node) => withRedis(node, password, (redis) => redis.ping())));
  };
  return {
    endpoints: nodes.map((node) => ({
      host: node.host,
      port: portOf(node),
      password,
      ...(node.certificate === undefined ? {} : { certificate: node.certificate }),
    })),
    answering,
    ready: answering,
    version: () => serverVersion(first(nodes), password),
    async commands() {
      return sumCounts(await Promise.all(nodes.map((node) => commandCounts(node, password))));
    },
    /** Replicas follow their masters. */
    async empty() {
      await Promise.all(nodes.map((node) => withRedis(node, password, flush)));
    },
    async contents() {
      return (await Promise.all(nodes.map((node) => withRedis(node, password, contentsOf)))).flat();
    },
    async overwrite(names, value) {
      const counts = await Promise.all(
        nodes.map((node) => withRedis(node, password, (redis) => overwriteIn(redis, names, value))),
      );
      return counts.reduce((sum, each) => sum + each, 0);
    },
    strain: () => Promise.all(nodes.map((node) => strainOfNode(node, password))),
    holding: async () => sumHoldings(await Promise.all(nodes.map((node) => holdingOfNode(node, password)))),
    async entries() {
      const counts = await Promise.all(nodes.map((node) => entriesOfNode(node, password)));
      return counts.reduce((sum, each) => sum + each, 0);
    },
    /** jemalloc keeps what was freed for some ten seconds. Gigabytes take seconds to give back. */
    async tidy() {
      const purge = (redis: Redis) => redis.call('MEMORY', 'PURGE');
      await Promise.all(nodes.map((node) => withRedis(node, password, purge, PURGE_TIMEOUT_MS)));
    },
    knock: async () => (await Promise.all(nodes.map(knockAtRedis))).flat(),
    encryption: () => Promise.all(nodes.map(encryptionOfRedis)),
    limitMemory: memoryLimit(nodes, password),
  };
}

const PURGE_TIMEOUT_MS = 60_000;

async function flush(redis: Redis): Promise<void> {
  const [role] = await redis.role();
  if (role === 'master') await redis.flushall('SYNC');
}

/** Per session: its key, its deadline and their entries in two tables, as measured with Redis 7 on payloads from 0 to 64 KiB. */
const ENTRY_BYTES = { least: 100, likely: 170 } as const;
/** Of each node: what it holds when it is empty, with its buffers. */
const EMPTY_BYTES = 3 * 2 ** 20;
/** Of each node: jemalloc has runs for each size, and buffers of clients come and go. */
const GRAIN_BYTES = 2 ** 17;

/** @param count nodes in all, replicas included */
const roomIn = (masters: number, count: number): Room => ({
  in: 'memory',
  nodes: masters,
  grain: count * GRAIN_BYTES,
  whenFull: 'writes are refused',
  closeAt: 0.9,
  need: (sessions, sessionBytes) => ({
    least: sessions * (sessionBytes + ENTRY_BYTES.least),
    likely: sessions * (jemallocBytes(sessionBytes) + ENTRY_BYTES.likely) + masters * EMPTY_BYTES,
  }),
});

function first(nodes: readonly ReachableNode[]): ReachableNode {
  const [node] = nodes;
  if (!node) throw new Error('a service needs at least one node');
  return node;
}

export default defineService({
  kind: 'redis',
  tier: 'store',
  image: REDIS_IMAGE,
  // Without the password, the answer is that one is needed: the server works.
  health: {
    ask: (port) => {
      const ping = `$(command -v redis-cli || command -v valkey-cli) -h 127.0.0.1 -p ${port}`;
      return `{ ${ping} ping || ${ping} --tls --insecure ping; } 2>&1 | grep -qE "PONG|NOAUTH"`;
    },
    programs: [['redis-cli', 'valkey-cli'], ['grep']],
  },
  settings: settingsSchema,
  check(settings, count) {
    if (settings.cluster && settings.tls)
      return ['tls needs cluster: false: the bus of a cluster is in clear'];
    if (!settings.cluster) return settings.replicas > 0 ? ['replicas needs cluster: true'] : [];
    const masters = count / (settings.replicas + 1);
    return Number.isInteger(masters) && masters >= 3
      ? []
      : [
          `a cluster needs at least 3 masters with ${settings.replicas} replicas each: count must be a multiple of ${settings.replicas + 1} and at least ${3 * (settings.replicas + 1)}, not ${count}`,
        ];
  },
  configured(settings, count) {
    return {
      flushes: settings.persistence !== 'none',
      failsOver: settings.replicas > 0,
      movableMemory: true,
      room: roomIn(count / (settings.replicas + 1), count),
      programs: [needs[settings.program]],
      ...inContainers[settings.program],
      ports: settings.cluster ? ['main', 'bus'] : ['main'],
      plan: (node) => ({
        files: [
          { folder: 'config', name: 'redis.conf', content: configuration(node, settings) },
          ...(settings.tls ? plannedCertificate(node.certificate()) : []),
        ],
        init: [],
        command: { program: settings.program, args: [`${node.folders.config}/redis.conf`] },
        stopSignal: 'SIGTERM',
        containerStopSignal: 'SIGTERM',
        killSignal: 'SIGKILL',
        unprivileged: true,
      }),
      control: (plain, secret, certificate) => {
        const nodes = settings.tls ? byTls(plain, certificate()) : plain;
        const password = secret('password');
        return {
          ...singleControl(nodes, password),
          ...(settings.cluster && clusterControl(nodes, password, settings.replicas)),
          ...(settings.persistence !== 'none' && {
            emptied: async () => {
              await Promise.all(nodes.map((node) => shortenFile(node, password)));
            },
          }),
        };
      },
    };
  },
});
