/**
 * A server rehearsed: a process is started as servers are, and all is done to it that a run does to them. What fails here
 * would fail in the middle of a run.
 */

import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Child } from '../machine/child.ts';
import { parseCoreList } from '../machine/cores.ts';
import { messageOf } from '../machine/errors.ts';
import { memoryBytesOf } from '../machine/meter.ts';
import { choosePlacement } from '../machine/placement.ts';
import { readProcess, signal } from '../machine/process-table.ts';
import { findProgram, systemFolders } from '../machine/programs/find.ts';
import { runOrThrow } from '../machine/run.ts';
import { RunFolder } from '../machine/run-folder.ts';
import { type UserIds, unprivilegedUser } from '../machine/unprivileged.ts';
import { until } from '../machine/until.ts';
import { askTemporary } from './folders.ts';
import { type Answer, bad, good, hint, type Requirement } from './requirement.ts';

export const rehearsalRequirement: Requirement = {
  name: 'servers',
  means: 'every server is started, confined to its cores, paused, metered and ended like that',
  // Where the temporary folder is unfit, that question says so.
  ask: async () =>
    os.platform() === 'linux' && (await askTemporary()).status !== 'bad' ? await rehearse() : null,
};

const asOrdinary = 'or run session-bench as an ordinary user, for whom nothing of that is needed';

/** What is done in order, each with what to do where it fails. */
const remedies = {
  'make the folder of a run': 'Set TMPDIR to a folder on a disk of this machine that every user can reach.',
  'give a folder to the user of the servers': `Root lacks rights here. Give the container the capabilities CHOWN, DAC_OVERRIDE and FOWNER, ${asOrdinary}.`,
  'listen on a unix socket': 'Set TMPDIR to a folder of a file system that has sockets, such as /tmp.',
  'start a program on chosen cores': 'Install util-linux, and take other programs named taskset off PATH.',
  'start a server as its user': `Give the container the capabilities SETUID and SETGID, raise the limit of processes (ulimit -u), ${asOrdinary}.`,
  'see it in /proc': `Mount /proc without hidepid, give the container the capability SYS_PTRACE, ${asOrdinary}.`,
  'confine it to its cores':
    'Allow sched_setaffinity (a sandbox or a seccomp profile may refuse it), and take other programs named taskset off PATH.',
  'pause it and let it go on': `Give the container the capability KILL, ${asOrdinary}.`,
  'end it': `Give the container the capability KILL, ${asOrdinary}.`,
} as const;
type Step = keyof typeof remedies;

class StepError extends Error {
  readonly step: Step;

  constructor(step: Step, cause: unknown) {
    super(messageOf(cause), { cause });
    this.step = step;
  }
}

async function step<Result>(name: Step, work: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new StepError(name, error);
  }
}

async function rehearse(): Promise<Answer> {
  const user = unprivilegedUser();
  const who = user ? `user ${user.uid}` : 'this user';
  try {
    const run = await step('make the folder of a run', () => new RunFolder());
    try {
      const memory = await rehearseIn(run, user);
      if (memory !== null) return good(`one ran as ${who}: confined to cores, paused, metered and ended`);
      return hint(
        `one ran as ${who}, and its memory could not be read: reports show "—"`,
        'Nothing else is missing. Memory is read from /proc/PID/smaps_rollup, which a sandbox or an old kernel may lack.',
      );
    } finally {
      await run.remove();
    }
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const why = error.message.replaceAll(/\s*\n\s*/g, ' ');
    return bad(`a rehearsal as ${who} could not ${error.step}: ${why}`, remedies[error.step]);
  }
}

/** @returns the memory of the server in bytes; null where it cannot be read */
async function rehearseIn(run: RunFolder, user: UserIds | null): Promise<number | null> {
  const folder = run.subfolder();
  const data = path.join(folder, 'data');
  await step('give a folder to the user of the servers', () => giveFolder(data, user));
  await step('listen on a unix socket', () => listenIn(folder));
  const { cores } = await choosePlacement();
  await step('start a program on chosen cores', () =>
    runOrThrow('taskset', ['--cpu-list', cores.generator.join(','), 'true'], { cwd: '/' }),
  );
  const server = await step('start a server as its user', () => startIn(run, folder, data, user));
  try {
    return await rehearseWith(server, cores.store);
  } finally {
    // Where ending it was not the step that failed, this repeats the first failure or does nothing.
    await server.kill().catch(() => {});
  }
}

/** As servers get theirs: the folder is its user's alone, and the harness writes into it. */
function giveFolder(folder: string, user: UserIds | null): void {
  mkdirSync(folder, { mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
  const file = path.join(folder, 'given');
  writeFileSync(file, 'x', { mode: 0o600 });
  if (user) chownSync(file, user.uid, user.gid);
}

async function listenIn(folder: string): Promise<void> {
  const server = createServer();
  server.listen(path.join(folder, 'control.sock'));
  try {
    await once(server, 'listening');
  } finally {
    server.close();
  }
}

/** Time to have written a file, in milliseconds. */
const STARTED_MS = 30_000;

/** It reads what it was given, writes beside it, and runs while its file is there, a minute at most: it may be that nobody may end it. */
const script =
  'cd "$1" && cat given > written && i=0 && while [ -e written ] && [ $i -lt 60 ]; do sleep 1; i=$((i+1)); done';

async function startIn(run: RunFolder, folder: string, data: string, user: UserIds | null): Promise<Child> {
  const shell = await findProgram(['sh'], await systemFolders());
  if (shell === null) throw new Error('there is no sh');
  const server = await Child.start(run, {
    name: 'rehearsal',
    program: shell,
    args: ['-c', script, 'sh', data],
    env: {},
    folder,
    cores: null,
    user,
    logFile: path.join(folder, 'log'),
    stopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
  });
  const written = path.join(data, 'written');
  const hasWritten = () => {
    if (!existsSync(written)) throw new Error('it has not written its file');
  };
  await until('it has written its file', STARTED_MS, hasWritten, { unless: () => server.gone() });
  return server;
}

async function rehearseWith(server: Child, cores: readonly number[]): Promise<number | null> {
  const { pid } = server.identity;
  await step('see it in /proc', () => {
    if (server.identity.startTicks < 0 || readProcess(pid) === null)
      throw new Error('it runs, and /proc does not show it');
  });
  await step('confine it to its cores', async () => {
    await server.pin(cores);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const allowed = parseCoreList(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '');
    if (allowed.join() !== cores.join()) throw new Error(`it may use cores ${allowed.join(', ')} still`);
  });
  await step('pause it and let it go on', async () => {
    // By itself first: a refusal is an answer, and no reason to try again.
    signal(server.identity, 'SIGCONT');
    await server.freeze();
    server.thaw();
  });
  const memory = memoryBytesOf([pid]);
  await step('end it', () => server.stop());
  return memory;
}
