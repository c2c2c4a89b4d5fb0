/**
 * The official images as they were read: their sources' Dockerfiles, and lists of the packages that the published images
 * hold. Stand-ins are made of this table, and docs/official-images.md is (`node infra/runtimes/docker/images/official-page.ts`).
 * Whoever names another image or tag for a service reads it first, and writes here what was seen.
 */

/** Settings that an image brings, and that a container of ours takes over or replaces. */
export interface ImageSettings {
  /** Folders where programs are looked for, in this order. */
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Name of the user; null: root. */
  readonly user: string | null;
  /** Null: the root folder. */
  readonly workdir: string | null;
  /** Each container gets an anonymous volume for each of them, which must go away with it. */
  readonly volumes: readonly string[];
  /** Null where the image has none. */
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** Null: SIGTERM. */
  readonly stopSignal: string | null;
}

/**
 * What the small programs are (`sleep`, `cat`, …).
 * - `coreutils`: each a program.
 * - `coreutils-single`: each a script of one line that names the one program for all.
 * - `busybox`: one program for all with its own shell, and no bash.
 */
export type Tools = 'coreutils' | 'coreutils-single' | 'busybox';

export interface OfficialImage {
  /** `valkey/valkey` */
  readonly repository: string;
  /** That services name. */
  readonly tag: string;
  readonly system: string;
  readonly settings: ImageSettings;
  readonly tools: Tools;
  /** Where it was seen: repository, file, commit, and the version that it was of. */
  readonly seen: readonly string[];
  /** What runs rely on, and which holds for what was seen. */
  readonly assumed: readonly string[];
  /** In what the stand-in is another; null where there is none. */
  readonly standInDiffers: string | null;
}

const usualPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const entrypoint = ['docker-entrypoint.sh'];

const usual: ImageSettings = {
  path: usualPath,
  env: {},
  user: null,
  workdir: null,
  volumes: [],
  entrypoint,
  cmd: [],
  stopSignal: null,
};

export const officialImages: readonly OfficialImage[] = [
  {
    repository: 'redis',
    tag: '8.10',
    system: 'Debian trixie',
    settings: { ...usual, env: { REDIS_VERSION: '8.10.2' }, workdir: '/data', cmd: ['redis-server'] },
    tools: 'coreutils',
    seen: [
      'redis/docker-library-redis debian/Dockerfile@0076c90 (8.6.4), debian/docker-entrypoint.sh@0d55be9',
      'docker-library/repo-info of 2026-09-21 (8.10.2)',
    ],
    assumed: [
      'redis-server and redis-cli on PATH, and grep',
      'modules are loaded by the entrypoint alone, which is not run',
      'a cluster without TLS may start, or has a setting that lets it (services/redis/version.ts)',
    ],
    standInDiffers: 'Debian’s Redis, of the version that the unstable release has; no modules',
  },
  {
    repository: 'valkey/valkey',
    tag: '9.1',
    system: 'Debian trixie',
    settings: {
      ...usual,
      env: { VALKEY_VERSION: '9.1.4' },
      workdir: '/data',
      entrypoint: ['tini', '--', ...entrypoint],
      cmd: ['valkey-server'],
    },
    tools: 'coreutils',
    seen: [
      'valkey-io/valkey-container 9.1/debian/Dockerfile@13bd5b4 (9.1.0-rc1), 9.1/pkg@6a73a76, 9.2/debian@aa1603c',
      'newest version seen: 9.1.4 of 2026-11-18',
    ],
    assumed: [
      'valkey-server on PATH, redis-cli or valkey-cli, and grep',
      'tini, which ends orphans, may be left out: questions of ours leave none',
    ],
    standInDiffers: 'Debian’s Valkey, of the version that the unstable release has',
  },
  {
    repository: 'memcached',
    tag: '1.6',
    system: 'Debian trixie',
    settings: { ...usual, env: { MEMCACHED_VERSION: '1.6.45' }, user: 'memcache', cmd: ['memcached'] },
    tools: 'coreutils',
    seen: [
      'docker-library/memcached 1/debian/Dockerfile@53ac0ec (1.6.45)',
      'docker-library/repo-info (1.6.45)',
    ],
    assumed: [
      'memcached on PATH, built with SASL and its text file of passwords',
      'no saslpasswd2: the text file is used',
      'bash with /dev/tcp, head, od, grep',
    ],
    standInDiffers: 'Debian’s memcached has no text file of passwords; saslpasswd2 makes a database instead',
  },
  {
    repository: 'postgres',
    tag: '18',
    system: 'Debian trixie',
    settings: {
      ...usual,
      path: [...usualPath, '/usr/lib/postgresql/18/bin'],
      env: { LANG: 'en_US.utf8', PG_MAJOR: '18', PGDATA: '/var/lib/postgresql/18/docker' },
      volumes: ['/var/lib/postgresql'],
      cmd: ['postgres'],
      stopSignal: 'SIGINT',
    },
    tools: 'coreutils',
    seen: ['docker-library/postgres 18/trixie/Dockerfile@6edb0a8 (18.3); newest version seen: 18.6'],
    assumed: [
      'postgres and initdb on PATH, at its end',
      'pg_isready is that of PATH’s front: a script of Debian’s that finds the newest version',
      'pg_stat_statements is there',
      'the data folder is not under the volume',
      'the tag is that of a major version: those of PostgreSQL get mends alone',
    ],
    standInDiffers: null,
  },
  {
    repository: 'mysql',
    tag: '9.7',
    system: 'Oracle Linux 9',
    settings: {
      ...usual,
      env: { MYSQL_MAJOR: '9.7', MYSQL_VERSION: '9.7.2-1.el9' },
      volumes: ['/var/lib/mysql'],
      cmd: ['mysqld'],
    },
    tools: 'coreutils-single',
    seen: [
      'docker-library/mysql 9.7/Dockerfile.oracle@7f30fdb (9.7.1); newest version seen: 9.7.2, of which 9 is a name too',
      'docker-library/repo-info repos/mysql/local/9.md, repos/oraclelinux/local/9-slim.md: coreutils-single-8.32-41.0.1.el9_8',
    ],
    assumed: [
      'mysqld and mysqladmin on PATH',
      'sh is bash; sleep is a script of coreutils-single, and its process is named by the interpreter',
      'a processor of x86-64-v2 or newer',
      'the data folder is not under the volume',
    ],
    standInDiffers: 'Debian’s MySQL; of the scripts of coreutils-single only sleep',
  },
  {
    repository: 'haproxy',
    tag: '3.2',
    system: 'Debian trixie',
    settings: {
      ...usual,
      env: { HAPROXY_VERSION: '3.2.23' },
      user: 'haproxy',
      workdir: '/var/lib/haproxy',
      cmd: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
      stopSignal: 'SIGUSR1',
    },
    tools: 'coreutils',
    seen: ['docker-library/haproxy 3.2/Dockerfile@ec437dd (3.2.21); newest version seen: 3.2.23'],
    assumed: ['haproxy on PATH', 'bash with /dev/tcp'],
    standInDiffers: 'Debian’s HAProxy, of the version that the unstable release has',
  },
  {
    repository: 'node',
    tag: '24.21-slim',
    system: 'Debian bookworm',
    settings: { ...usual, env: { NODE_VERSION: '24.21.0', YARN_VERSION: '1.22.22' }, cmd: ['node'] },
    tools: 'coreutils',
    seen: ['nodejs/docker-node 24/bookworm-slim/Dockerfile@f27d936 (24.21.0)'],
    assumed: [
      'the libraries of the lockfile’s Node.js (libstdc++, glibc 2.28 or newer), which is put into the image',
      'bash with /dev/tcp',
    ],
    standInDiffers: 'no Node.js of its own',
  },
  {
    repository: 'golang',
    tag: '1.26',
    system: 'Debian trixie',
    settings: {
      ...usual,
      path: ['/go/bin', '/usr/local/go/bin', ...usualPath],
      env: { GOLANG_VERSION: '1.26.7', GOTOOLCHAIN: 'local', GOPATH: '/go' },
      workdir: '/go',
      entrypoint: [],
      cmd: ['bash'],
    },
    tools: 'coreutils',
    seen: ['docker-library/golang 1.26/trixie/Dockerfile@7c8c182 (1.26.7)'],
    assumed: ['go on PATH, for any user', 'certificates, for the proxy of Go modules'],
    standInDiffers: 'there is none: where the machine has no Go, it must be pulled',
  },
];

/** `valkey/valkey:9.1-alpine` -> its parts; a digest is left out. */
function partsOf(name: string): { readonly repository: string; readonly tag: string } {
  const [, repository = name, tag = 'latest'] = /^(.+?)(?::([^:/@]+))?(?:@.*)?$/.exec(name) ?? [];
  return { repository, tag };
}

/**
 * What is known of an image, of its repository's other tags too: variants of Alpine have busybox and no bash.
 * @param name as a service or a person gives it
 * @returns null where nothing is
 */
export function officialImage(name: string): OfficialImage | null {
  const { repository, tag } = partsOf(name);
  const known = officialImages.find((each) => each.repository === repository);
  if (!known) return null;
  return /(^|-)alpine/.test(tag) ? { ...known, tag, system: 'Alpine', tools: 'busybox' } : { ...known, tag };
}
