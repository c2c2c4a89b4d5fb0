/**
 * Environments that people run session-bench in. Another one is a line here.
 *
 * `measures`: the doctor has nothing against it, and a bench measures. Otherwise the name of the doctor's finding with which
 * a bench ends too, before it has started anything.
 */

export interface Surroundings {
  readonly name: string;
  readonly expected: 'measures' | { readonly lacks: string };
  /** Variables of the environment; null takes one out. `TEMP` in a value is a folder of the test's own. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Lines of sh before the command, as root where that says so. `$TEMP` is a folder of the test's own. */
  readonly shell?: string;
  /** The strategy to measure; that with the fewest servers unless another needs what is lacking. */
  readonly strategy?: string;
  /** `root`: only root can enter it. */
  readonly by?: 'root';
}

const measures = 'measures';
const lacks = (name: string) => ({ lacks: name });

/** The rest of the script runs in name spaces of its own. */
const apart = (spaces: string, lines: string): string =>
  `exec unshare ${spaces} sh -ec '${lines}; exec "$@"' sh "$@"`;
const without = (...capabilities: readonly string[]): string =>
  `exec setpriv --bounding-set ${capabilities.map((each) => `-${each}`).join(',')} "$@"`;

/** What Docker leaves root in a container. */
const dockerCapabilities =
  'exec setpriv --bounding-set -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap "$@"';

const longName = 'a-folder-whose-name-is-longer-than-unix-sockets-may-have-their-paths';

export const environments: readonly Surroundings[] = [
  { name: 'nothing special', expected: measures },

  // Rights.
  { name: 'umask 077', shell: 'umask 077', expected: measures },
  { name: 'umask 0777', shell: 'umask 0777', expected: measures },
  { name: "Docker's capabilities", by: 'root', shell: dockerCapabilities, expected: measures },
  {
    name: 'no SYS_PTRACE, no SYS_ADMIN, no PERFMON',
    by: 'root',
    shell: without('sys_ptrace', 'sys_admin', 'perfmon'),
    expected: measures,
  },
  {
    name: 'no SYS_NICE, no SYS_RESOURCE',
    by: 'root',
    shell: without('sys_nice', 'sys_resource'),
    expected: measures,
  },
  { name: 'no KILL', by: 'root', shell: without('kill'), expected: lacks('servers') },
  { name: 'no SETUID', by: 'root', shell: without('setuid'), expected: lacks('servers') },
  { name: 'no DAC_OVERRIDE', by: 'root', shell: without('dac_override'), expected: lacks('servers') },
  { name: 'no capabilities', by: 'root', shell: without('all'), expected: lacks('servers') },
  {
    name: 'an ordinary user without a home, umask 027',
    by: 'root',
    env: { HOME: '/nonexistent', SESSION_BENCH_CACHE: 'CACHE' },
    shell: 'umask 027; exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"',
    expected: measures,
  },
  {
    name: 'a user that the system does not know, without a home and a cache',
    by: 'root',
    env: { HOME: '/nonexistent', SESSION_BENCH_CACHE: null },
    shell: 'exec setpriv --reuid=54321 --regid=54321 --clear-groups "$@"',
    expected: lacks('cache folder'),
  },
  {
    name: 'process numbers of its own, as in a container',
    by: 'root',
    shell: 'exec unshare --pid --fork --mount-proc "$@"',
    expected: measures,
  },
  {
    name: 'hidepid=2',
    by: 'root',
    shell: apart('--mount', 'mount -t proc -o hidepid=2 proc /proc'),
    expected: measures,
  },
  {
    // Root's group would see all processes otherwise.
    name: 'hidepid=2 for root too, no SYS_PTRACE',
    by: 'root',
    shell: apart(
      '--mount',
      'mount -t proc -o hidepid=2,gid=65534 proc /proc; exec setpriv --bounding-set -sys_ptrace "$@"',
    ),
    expected: lacks('servers'),
  },

  // Limits.
  { name: '4096 open files', shell: 'ulimit -n 4096', expected: measures },
  { name: '1024 open files', shell: 'ulimit -n 1024', expected: measures },
  { name: '256 open files', shell: 'ulimit -n 256', expected: lacks('open files') },
  { name: 'few processes', by: 'root', shell: 'exec prlimit --nproc=100 "$@"', expected: lacks('processes') },
  { name: 'small files only', shell: 'ulimit -f 1000', expected: lacks('other limits') },
  { name: 'little virtual memory', shell: 'ulimit -v 2000000', expected: lacks('other limits') },
  {
    name: 'one core, the lowest priority, any depth of stack, signals ignored',
    shell: 'trap "" PIPE TERM INT HUP CHLD; ulimit -s unlimited; exec taskset -c 0 nice -n 19 "$@"',
    expected: measures,
  },
  { name: 'a small stack', shell: 'ulimit -s 200', expected: lacks('other limits') },
  {
    name: 'few ports for outgoing connections',
    by: 'root',
    shell: apart('--net', 'ip link set lo up; echo 32768 32800 > /proc/sys/net/ipv4/ip_local_port_range'),
    expected: lacks('connections'),
  },
  {
    name: 'no ports for users other than root',
    by: 'root',
    shell: apart('--net', 'ip link set lo up; echo 32000 > /proc/sys/net/ipv4/ip_unprivileged_port_start'),
    expected: lacks('connections'),
  },
  {
    name: 'a short queue of connections',
    by: 'root',
    shell: apart('--net', 'ip link set lo up; echo 1 > /proc/sys/net/core/somaxconn'),
    expected: lacks('connections'),
  },
  {
    name: 'a small /dev/shm',
    by: 'root',
    strategy: 'postgres',
    shell: apart('--mount', 'mount -t tmpfs -o size=64k,mode=1777 tmpfs /dev/shm'),
    expected: lacks('shared memory'),
  },
  {
    name: 'no segments of shared memory',
    by: 'root',
    strategy: 'postgres',
    shell: apart('--ipc', 'echo 0 > /proc/sys/kernel/shmmni'),
    expected: lacks('shared memory'),
  },

  // Variables that Node.js, k6, Go, git and the clients of the stores read.
  {
    name: 'Turkish',
    env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'de_DE.UTF-8', TZ: 'Asia/Kathmandu' },
    expected: measures,
  },
  {
    name: 'a proxy for everything',
    env: {
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      ALL_PROXY: 'http://127.0.0.1:9',
      http_proxy: 'http://127.0.0.1:9',
      NO_PROXY: null,
      no_proxy: null,
    },
    expected: measures,
  },
  {
    name: "everybody's variables",
    env: {
      ...{
        NODE_OPTIONS: '--max-old-space-size=64',
        NODE_ENV: 'test',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        NODE_DEBUG: 'http',
      },
      ...{ UV_THREADPOOL_SIZE: '1', OPENSSL_CONF: '/nonexistent', DEBUG: '*', FASTIFY_PORT: '1' },
      ...{
        PGHOST: '192.0.2.1',
        PGPASSWORD: 'x',
        PGSSLMODE: 'require',
        REDIS_URL: 'redis://192.0.2.1',
        REDISCLI_AUTH: 'x',
      },
      ...{
        MYSQL_HOST: '192.0.2.1',
        MYSQL_PWD: 'x',
        MEMCACHE_SERVERS: '192.0.2.1',
        MEMCACHIER_SERVERS: '192.0.2.1',
      },
      ...{ K6_VUS: '7', K6_DURATION: '1s', K6_OUT: 'json=/nonexistent', K6_NO_CONNECTION_REUSE: 'true' },
      ...{
        GODEBUG: 'http2debug=2',
        GOGC: '1',
        GOMAXPROCS: '1',
        GOFLAGS: '-mod=mod',
        GOOS: 'windows',
        GOARCH: 'arm',
      },
      ...{
        GIT_DIR: '/nonexistent',
        GIT_WORK_TREE: '/nonexistent',
        ZX_SHELL: '/nonexistent',
        ZX_PREFIX: 'exit 1;',
      },
      ...{ LD_PRELOAD: '/nonexistent.so', MALLOC_PERTURB_: '7', MALLOC_ARENA_MAX: '1' },
      ...{ npm_config_ignore_scripts: 'true', npm_config_offline: 'true', npm_config_prefix: '/nonexistent' },
    },
    expected: measures,
  },

  // Places.
  { name: 'no HOME', env: { HOME: null }, expected: measures },
  { name: 'HOME that cannot be written', env: { HOME: '/proc' }, expected: measures },
  { name: 'no PATH', env: { PATH: null }, expected: measures },
  { name: 'a relative PATH', env: { PATH: 'bin:.::node_modules/.bin' }, expected: measures },
  {
    name: 'taskset of another maker on PATH',
    env: { PATH: 'TEMP/bin:/usr/bin:/bin' },
    shell:
      'mkdir "$TEMP/bin"; printf "#!/bin/sh\\nexit 3\\n" > "$TEMP/bin/taskset"; chmod 755 "$TEMP/bin" "$TEMP/bin/taskset"',
    expected: lacks('servers'),
  },
  {
    name: 'a broken haproxy on PATH',
    env: { PATH: 'TEMP/bin:/usr/bin:/bin' },
    shell:
      'mkdir "$TEMP/bin"; printf "#!/bin/sh\\nexit 3\\n" > "$TEMP/bin/haproxy"; chmod 755 "$TEMP/bin" "$TEMP/bin/haproxy"',
    expected: lacks('haproxy'),
  },
  {
    name: 'TMPDIR with a blank',
    env: { TMPDIR: 'TEMP/a b' },
    shell: 'mkdir "$TMPDIR"',
    expected: lacks('temporary folder'),
  },
  { name: 'TMPDIR that is not there', env: { TMPDIR: '/nonexistent' }, expected: lacks('temporary folder') },
  { name: 'TMPDIR that is relative', env: { TMPDIR: 'results' }, expected: lacks('temporary folder') },
  {
    name: 'TMPDIR with a long path',
    env: { TMPDIR: `TEMP/${longName}` },
    shell: 'mkdir "$TMPDIR"',
    expected: lacks('temporary folder'),
  },
  {
    name: 'TMPDIR that is a link to a long path',
    env: { TMPDIR: 'TEMP/t' },
    shell: `mkdir "$TEMP/${longName}"; ln -s "$TEMP/${longName}" "$TMPDIR"`,
    expected: measures,
  },
  {
    name: 'TMPDIR closed to others',
    by: 'root',
    env: { TMPDIR: 'TEMP/t' },
    shell: 'mkdir -m 700 "$TMPDIR"',
    expected: lacks('temporary folder'),
  },
  {
    name: 'TMPDIR that is full',
    by: 'root',
    env: { TMPDIR: 'TEMP/t' },
    shell: apart(
      '--mount',
      'mkdir "$TMPDIR"; mount -t tmpfs -o size=64k tmpfs "$TMPDIR"; head -c 64k /dev/zero > "$TMPDIR/full" || true',
    ),
    expected: lacks('temporary folder'),
  },
  {
    name: 'TMPDIR with room for few files',
    by: 'root',
    env: { TMPDIR: 'TEMP/t' },
    shell: apart('--mount', 'mkdir "$TMPDIR"; mount -t tmpfs -o nr_inodes=200,mode=1777 tmpfs "$TMPDIR"'),
    expected: lacks('temporary folder'),
  },
  {
    name: 'results where few files have room',
    by: 'root',
    shell: apart('--mount', 'mkdir "$TEMP/out"; mount -t tmpfs -o nr_inodes=20,mode=1777 tmpfs "$TEMP/out"'),
    expected: lacks('results folder'),
  },
  {
    name: 'TMPDIR without programs (noexec)',
    by: 'root',
    env: { TMPDIR: 'TEMP/t' },
    shell: apart('--mount', 'mkdir "$TMPDIR"; mount -t tmpfs -o noexec,mode=1777 tmpfs "$TMPDIR"'),
    expected: measures,
  },
  {
    name: 'a cache folder closed to the user of the servers',
    by: 'root',
    env: { SESSION_BENCH_CACHE: 'TEMP/closed/cache' },
    shell: apart(
      '--mount',
      'mkdir -m 700 "$TEMP/closed"; mkdir "$TEMP/closed/cache"; mount --bind "$CACHE" "$TEMP/closed/cache"',
    ),
    expected: lacks('haproxy'),
  },
  {
    name: 'a cache folder without programs (noexec)',
    by: 'root',
    env: { SESSION_BENCH_CACHE: 'TEMP/cache' },
    shell: apart(
      '--mount',
      'mkdir "$TEMP/cache"; mount --bind "$CACHE" "$TEMP/cache"; mount -o remount,bind,noexec "$TEMP/cache"',
    ),
    expected: lacks('cache folder'),
  },
  {
    name: 'a cache folder that cannot be written, with everything in it',
    by: 'root',
    env: { SESSION_BENCH_CACHE: 'TEMP/cache' },
    shell: apart(
      '--mount',
      'mkdir "$TEMP/cache"; mount --bind "$CACHE" "$TEMP/cache"; mount -o remount,bind,ro "$TEMP/cache"',
    ),
    expected: measures,
  },

  // The process itself.
  {
    name: 'no terminal, no standard input, no standard error',
    shell: 'exec setsid --wait "$@" <&- 2>&-',
    expected: measures,
  },
  { name: 'loopback down', by: 'root', shell: apart('--net', 'true'), expected: lacks('loopback') },
];
