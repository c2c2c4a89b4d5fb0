import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { programsOf } from '../runtimes/native/programs.ts';
import { startServices } from '../runtimes/testing/services.ts';
import { serviceKind } from '../services/index.ts';
import { freePort } from './ports.ts';
import { processTree, readProcess } from './process-table.ts';
import { placeOfThisProcess } from './run-folder.ts';
import { sweepOrphans } from './sweep.ts';
import { listens, runFoldersOf } from './testing/traces.ts';
import { until } from './until.ts';

const script = path.join(import.meta.dirname, 'testing/harness.ts');

/** Run folders are found in the temporary folder: an own one keeps other runs of this machine out of the test. */
const temporary = mkdtempSync(path.join(os.tmpdir(), 'sweep-'));
// Servers that run as another user pass through.
chmodSync(temporary, 0o711);
process.env.TMPDIR = temporary;
process.env.SESSION_BENCH_LOCK = `test-sweep-${process.pid}`;
after(() => rmSync(temporary, { recursive: true }));

interface Harness {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly ports: readonly number[];
  /** Process numbers of all its servers. */
  readonly servers: readonly number[];
}

async function startHarness(...flags: string[]): Promise<Harness> {
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid ?? assert.fail('not started');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { ports } = JSON.parse(line);
  const servers = processTree(pid)
    .map((entry) => entry.pid)
    .filter((each) => each !== pid);
  return { process: child, pid, ports, servers };
}

async function killHarness({ process: child }: Harness): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A Redis that no harness started. */
async function startStranger(): Promise<ChildProcess> {
  const { found } = await programsOf([serviceKind('redis').configure({}, 1)], () => {});
  const { path: program, env } = found.get('redis-server') ?? assert.fail('no redis-server');
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', ''];
  const child = spawn(program, args, { stdio: 'ignore', cwd: os.homedir(), env });
  await until('the stranger listens', 5_000, async () => assert.ok(await listens(port)));
  return child;
}

const alive = (pids: readonly number[]) =>
  pids.filter((pid) => !['Z', undefined].includes(readProcess(pid)?.state));

/** Shared memory that these processes keep with the system, as PostgreSQL does; nobody gives it back after SIGKILL. */
function sharedMemoryOf(creators: readonly number[]): readonly string[] {
  const [, ...segments] = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n');
  // proc_sysvipc(5): key, id, permissions, size, and the process that made it.
  return segments.filter((line) => creators.includes(Number(line.trim().split(/\s+/)[4])));
}

async function assertServing({ ports }: Harness): Promise<void> {
  for (const port of ports) assert.equal(await listens(port), true, `port ${port}`);
}

async function assertSwept(harness: Harness, told: readonly string[]): Promise<void> {
  assert.deepEqual(alive(harness.servers), []);
  assert.deepEqual(runFoldersOf(harness.pid), []);
  for (const port of harness.ports) assert.equal(await listens(port), false, `port ${port}`);
  assert.ok(
    told.some((line) => line.includes(`process ${harness.pid}`)),
    told.join('\n'),
  );
}

test('what a killed harness left is ended; a live one, and servers of nobody, stay', async (t) => {
  const live = await startServices({ services: [{ name: 'cache', kind: 'redis', count: 1, memoryMiB: 64 }] });
  t.after(() => live.stop());
  const stranger = await startStranger();
  t.after(() => stranger.kill('SIGKILL'));

  const harness = await startHarness();
  assert.ok(harness.servers.length >= 3);
  assert.deepEqual(await sweepOrphans(), [], 'a live harness was swept');
  await assertServing(harness);
  await killHarness(harness);
  await assertServing(harness);

  await assertSwept(harness, await sweepOrphans());
  assert.deepEqual(sharedMemoryOf(harness.servers), [], 'shared memory is left');
  const [endpoint] = live.endpoints.cache ?? [];
  assert.equal(await listens(endpoint?.port ?? 0), true, 'the live harness lost its server');
  assert.equal(alive([stranger.pid ?? 0]).length, 1, "somebody else's server was ended");
  assert.deepEqual(await sweepOrphans(), [], 'the second sweep found something');
});

test('frozen servers of a killed harness are ended too', async () => {
  const harness = await startHarness('frozen');
  await killHarness(harness);
  await assertSwept(harness, await sweepOrphans());
});

test('servers that the harness had no time to write down are found by what they work in', async () => {
  const harness = await startHarness();
  await killHarness(harness);
  const [folder = assert.fail('no run folder')] = runFoldersOf(harness.pid);
  const register = path.join(temporary, folder, 'register.jsonl');
  const intents = readFileSync(register, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"starting"'));
  writeFileSync(register, `${intents.join('\n')}\n{"event":"star`);
  await assertSwept(harness, await sweepOrphans());
});

test('a harness that ends by an error of its own takes its servers along', async () => {
  const harness = await startHarness('throw');
  if (harness.process.exitCode === null) await once(harness.process, 'exit');
  assert.notEqual(harness.process.exitCode, 0);
  assert.deepEqual(alive(harness.servers), []);
  assert.deepEqual(runFoldersOf(harness.pid), []);
  assert.deepEqual(await sweepOrphans(), []);
});

const dead = { pid: 4_194_303, startTicks: 1 };

function leaveFolder(owner: object | null): string {
  const folder = mkdtempSync(path.join(temporary, `sb-${dead.pid}-${dead.startTicks}-`));
  if (owner) writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner));
  return folder;
}

const remains = (folder: string) => readdirSync(temporary).includes(path.basename(folder));

test('the folder of an earlier boot is removed', async () => {
  const folder = leaveFolder({ ...dead, ...placeOfThisProcess(), bootId: 'earlier' });
  assert.equal((await sweepOrphans()).length, 1);
  assert.equal(remains(folder), false);
});

test('folders in the making, of other containers and of similar names are left alone', async (t) => {
  const folders = [
    leaveFolder(null),
    leaveFolder({ ...dead, ...placeOfThisProcess(), pidNamespace: 'pid:[1]' }),
    mkdtempSync(path.join(temporary, 'sb-faults-')),
  ];
  t.after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  assert.deepEqual(await sweepOrphans(), []);
  assert.ok(folders.every(remains));
});

test("another user's folder is left alone", { skip: process.getuid?.() !== 0 && 'needs root' }, async (t) => {
  const folder = leaveFolder({ ...dead, ...placeOfThisProcess() });
  t.after(() => rmSync(folder, { recursive: true }));
  chownSync(folder, 65_534, 65_534);
  assert.deepEqual(await sweepOrphans(), []);
  assert.equal(remains(folder), true);
});
