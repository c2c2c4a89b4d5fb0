/** What a killed run left is found wherever its folder is or was, and nothing else is taken for it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { askLeftovers } from '../requirements/leftovers.ts';
import { readProcess } from './process-table.ts';
import { LOCK_VARIABLE, placeOfThisProcess, RUN_MARKER } from './run-folder.ts';
import { straysOf } from './strays.ts';
import { sweepOrphans } from './sweep.ts';

/** Of this test alone, so that runs of other tests do not end what is left here. */
const lock = `test-strays-${process.pid}`;

interface Left {
  /** The folder for temporary files of the run that was killed. */
  readonly parent: string;
  readonly folder: string;
  readonly server: ChildProcess;
}

interface Harness {
  readonly pid: number;
  readonly startTicks: number;
}

const temporary = (t: TestContext): string => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sbt-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A process in a run folder, as a killed harness leaves its servers. */
async function leave(t: TestContext, { pid, startTicks }: Harness, ofLock = lock): Promise<Left> {
  const parent = temporary(t);
  const folder = path.join(parent, `sb-${pid}-${startTicks}-abcdef`);
  const work = path.join(folder, '1');
  mkdirSync(work, { recursive: true });
  const owner = { pid, startTicks, ...placeOfThisProcess(), lock: ofLock };
  writeFileSync(path.join(folder, 'owner.json'), JSON.stringify(owner));
  const env = { [RUN_MARKER]: path.basename(folder), [LOCK_VARIABLE]: ofLock };
  const server = spawn('sleep', ['600'], {
    cwd: work,
    env: { ...env, PATH: process.env.PATH },
    stdio: 'ignore',
  });
  t.after(() => void server.kill('SIGKILL'));
  await once(server, 'spawn');
  return { parent, folder, server };
}

/** A process number that nobody has any more. */
async function dead(): Promise<Harness> {
  const child = spawn('true');
  const pid = child.pid ?? assert.fail('not started');
  const startTicks = readProcess(pid)?.startTicks ?? 1;
  await once(child, 'exit');
  return { pid, startTicks };
}

async function assertEnded({ folder, server }: Left, said: readonly string[]): Promise<void> {
  assert.equal(said.length, 1, said.join('\n'));
  assert.ok(said[0]?.includes(folder), said[0]);
  if (server.signalCode === null) await once(server, 'exit');
  assert.equal(existsSync(folder), false);
  assert.deepEqual(straysOf(lock), []);
}

test('a run under another TMPDIR is told by the doctor, and ended by the next start', async (t) => {
  const left = await leave(t, await dead());
  const elsewhere = temporary(t);
  const told = await askLeftovers(elsewhere, lock);
  assert.equal(told.status, 'later');
  assert.ok(
    told.detail.includes(`1 run was killed and left 1 process (${left.server.pid}) and ${left.folder}`),
  );
  await assertEnded(left, await sweepOrphans(elsewhere, lock));
  assert.equal((await askLeftovers(elsewhere, lock)).status, 'good');
});

test('a run whose folder was removed by hand is ended all the same', async (t) => {
  const left = await leave(t, await dead());
  rmSync(left.folder, { recursive: true });
  await assertEnded(left, await sweepOrphans(temporary(t), lock));
});

test('a harness whose process number another process has now is dead', async (t) => {
  const left = await leave(t, { pid: process.pid, startTicks: 1 });
  await assertEnded(left, await sweepOrphans(temporary(t), lock));
});

test('what is left in the folder itself is swept once', async (t) => {
  const left = await leave(t, await dead());
  await assertEnded(left, await sweepOrphans(left.parent, lock));
});

test('runs that go on, and those of another lock, are left alone', async (t) => {
  const { pid, startTicks } = readProcess(process.pid) ?? assert.fail('no /proc');
  const lives = await leave(t, { pid, startTicks });
  const others = await leave(t, await dead(), `${lock}-other`);
  assert.deepEqual(await sweepOrphans(temporary(t), lock), []);
  for (const { server } of [lives, others]) assert.equal(server.signalCode, null);
});
