/** Parts of the Docker runtime that need no engine. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { appMain, discoverStrategies } from '../../strategies.ts';
import { bundleApp, storesBeside } from './app-image.ts';
import { BudgetError, budgetOf, memoryLimitMiB, readBudgetOverrides } from './budgets.ts';
import { controlGroupOf, cpuMicrosOf, memoryBytesOf } from './cgroup.ts';
import { causeOf, plainLog } from './containers.ts';
import { explained } from './explain.ts';
import { pinnedName, readImageLock, writeImageLock } from './image-lock.ts';
import { ImageOverrideError, readImageOverrides } from './image-names.ts';
import { parsePlaces } from './program-lookup.ts';

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sbt-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const version1 = `
36 28 0:31 / /sys/fs/cgroup rw - tmpfs tmpfs rw
37 36 0:32 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
38 36 0:33 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
39 36 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`;
const version2 = '31 24 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';

test('the counters of a container are found where either version of control groups is mounted', () => {
  const reading = (mounts: string, membership: string) => (file: string) =>
    file === '/proc/self/mountinfo' ? mounts : membership;
  const first = '4:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/docker/abc\n';
  assert.deepEqual(controlGroupOf(7, reading(version1, first)), {
    version: 1,
    cpu: '/sys/fs/cgroup/cpu,cpuacct/docker/abc',
    memory: '/sys/fs/cgroup/memory/docker/abc',
  });
  const second = '/sys/fs/cgroup/system.slice/docker-abc.scope';
  assert.deepEqual(controlGroupOf(7, reading(version2, '0::/system.slice/docker-abc.scope\n')), {
    version: 2,
    cpu: second,
    memory: second,
  });
  assert.throws(() => controlGroupOf(7, reading('', first)), /run session-bench on the machine/);
});

test('CPU time and memory are read in both versions; a group that is gone used nothing', (context) => {
  const folder = temporaryFolder(context);
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write('cpuacct.usage', '1500000000\n');
  write('memory.stat', 'rss 1\ntotal_rss 4096\ntotal_mapped_file 8192\ntotal_cache 99999\n');
  const first = { version: 1, cpu: folder, memory: folder } as const;
  assert.equal(cpuMicrosOf(first), 1_500_000);
  assert.equal(memoryBytesOf(first), 12_288);
  write('cpu.stat', 'usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n');
  write('memory.stat', 'anon 4096\nfile 99999\nfile_mapped 4096\n');
  const second = { version: 2, cpu: folder, memory: folder } as const;
  assert.equal(cpuMicrosOf(second), 2500);
  assert.equal(memoryBytesOf(second), 8192);
  const gone = path.join(folder, 'gone');
  assert.equal(cpuMicrosOf({ version: 2, cpu: gone, memory: gone }), 0);
  assert.equal(memoryBytesOf({ version: 1, cpu: gone, memory: gone }), 0);
});

test('a log is read from the engine’s frames, half a frame at its end left out', () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  assert.equal(plainLog(Buffer.concat([frame(1, 'out ä\n'), frame(2, 'err\n')])), 'out ä\nerr\n');
  assert.equal(plainLog(Buffer.concat([frame(1, 'out\n'), Buffer.from([1, 0, 0])])), 'out\n');
  assert.equal(plainLog(Buffer.alloc(0)), '');
});

test('the end of a container is told as what it was', () => {
  const state = { exitCode: 137, outOfMemory: true, memoryMiB: 64, error: '' };
  assert.match(causeOf(state), /out of memory.*64 MiB/);
  assert.equal(causeOf({ ...state, outOfMemory: false }), 'SIGKILL');
  assert.equal(causeOf({ ...state, outOfMemory: false, exitCode: 3 }), 'exit code 3');
  assert.equal(causeOf({ ...state, outOfMemory: false, error: 'no such file' }), 'no such file');
});

test('budgets: a quarter more than the topology’s memory, the tier’s cores, or what was given instead', () => {
  const placement = {
    cores: { generator: [0], balancer: [1], app: [2, 3], store: [4] },
    shared: false,
    description: '',
  };
  assert.deepEqual(budgetOf('app', 512, placement), { cpuset: '2,3', cpus: 2, memoryMiB: 640 });
  assert.equal(memoryLimitMiB(100), 164, 'at least 64 MiB more');
  const given = readBudgetOverrides({ SESSION_BENCH_BUDGETS: 'store.memory=48, app.cpus=0.5,app.memory=99' });
  assert.deepEqual(given, { store: { memoryMiB: 48 }, app: { cpus: 0.5, memoryMiB: 99 } });
  assert.deepEqual(budgetOf('app', 512, placement, given), { cpuset: '2,3', cpus: 0.5, memoryMiB: 99 });
  assert.throws(
    () => readBudgetOverrides({ SESSION_BENCH_BUDGETS: 'stor.memory=1,app.cpus=0,app.disk=1' }),
    (error) => error instanceof BudgetError && error.message.split('\n').length === 3,
  );
});

test('images of the command line come before those of the environment; all mistakes are told', () => {
  const env = { SESSION_BENCH_IMAGES: 'redis=redis:7,mysql=mysql:8.4' };
  assert.deepEqual(
    [...readImageOverrides(['redis=valkey/valkey:9'], env)],
    [
      ['redis', 'valkey/valkey:9'],
      ['mysql', 'mysql:8.4'],
    ],
  );
  assert.throws(
    () => readImageOverrides(['redis', '=x'], {}),
    (error) => error instanceof ImageOverrideError && error.message.split('\n').length === 2,
  );
});

test('the lock file keeps digests, and one that is broken says so', async (context) => {
  const file = path.join(temporaryFolder(context), 'images.lock.json');
  assert.equal((await readImageLock(file)).size, 0);
  const digest = `sha256:${'a'.repeat(64)}`;
  await writeImageLock(new Map([['redis:8', digest]]), file);
  assert.equal((await readImageLock(file)).get('redis:8'), digest);
  assert.equal(pinnedName('redis:8', digest), `redis@${digest}`);
  assert.equal(pinnedName('host:5000/redis', digest), `host:5000/redis@${digest}`);
  writeFileSync(file, '{"images":{"redis:8":"latest"}}');
  await assert.rejects(readImageLock(file), /is no lock file of images[\s\S]*pin again/);
});

test('what the engine refuses comes with the next step', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['write /var/lib/docker/tmp: no space left on device', /docker system df/],
    ['permission denied while trying to connect to the Docker daemon socket', /group docker/],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock', /start it/],
    ['all predefined address pools have been fully subnetted', /docker network prune/],
    ['Bind for 127.0.0.1:8001 failed: port is already allocated', /run the command again/],
    ['manifest for redis:nonesuch not found: manifest unknown', /--image KIND=IMAGE/],
    ['dial tcp: lookup registry-1.docker.io: no such host', /--offline/],
  ];
  for (const [words, next] of cases) assert.match(explained('it failed', words), next, words);
});

test('programs in an image are read from what its shell printed', () => {
  const places = parsePlaces('mysqld\t/usr/sbin/mysqld\t/usr/sbin/mariadbd\nnot three fields\n');
  assert.deepEqual(
    [...places],
    [['mysqld', { path: '/usr/sbin/mysqld', root: null, resolvedName: 'mariadbd' }]],
  );
});

test('the app and every store are bundled; a store that cannot be says where', async (context) => {
  const strategies = await discoverStrategies();
  const bundle = await bundleApp({ main: appMain, strategies });
  assert.ok(bundle.has('app/main.mjs'));
  for (const { name } of strategies) assert.ok(bundle.has(`app/store-${name}.mjs`), name);
  const folder = temporaryFolder(context);
  writeFileSync(path.join(folder, 'store.ts'), 'export default (\n');
  await assert.rejects(
    bundleApp({ main: appMain, strategies: [{ name: 'broken', folder }] }),
    /store\.ts:2: .*/,
  );
});

test('of two checkouts’ strategies of one name, an app gets the one beside it', () => {
  const strategies = [
    { name: 'redis', folder: '/a/servers/strategies/redis' },
    { name: 'redis', folder: '/b/servers/strategies/redis' },
    { name: 'own', folder: '/elsewhere/own' },
  ];
  const foldersFor = (main: string) => storesBeside(main, strategies).map(({ folder }) => folder);
  assert.deepEqual(foldersFor('/b/servers/app/main.ts'), ['/b/servers/strategies/redis', '/elsewhere/own']);
  assert.deepEqual(foldersFor('/a/servers/app/main.ts'), ['/a/servers/strategies/redis', '/elsewhere/own']);
});
