/** A process that is in the middle of starting a program when it is to be frozen. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Child } from './child.ts';
import { processTree } from './process-table.ts';
import { findProgram } from './programs/find.ts';
import { RunFolder } from './run-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { until } from './until.ts';

/** Number of the system call `clone`, by architecture. */
const clone = ({ x64: 56, arm64: 220 } as Readonly<Record<string, number>>)[process.arch];
const perl = await findProgram(['perl'], ['/usr/bin', '/usr/local/bin']);
const lacking =
  process.platform !== 'linux' || clone === undefined || perl === null
    ? 'it needs Linux on a usual processor, and perl, to start a process as vfork does'
    : false;

/** CLONE_VFORK and SIGCHLD: who calls it waits until its child ends or becomes another program, and no signal wakes it. */
const vfork = `my $child = syscall(${clone}, 0x4011, 0, 0, 0, 0); sleep 1 while 1;`;

async function startVfork(t: TestContext): Promise<Child> {
  const run = new RunFolder();
  t.after(() => run.remove());
  const child = await Child.start(run, {
    name: 'forking',
    program: perl ?? assert.fail(),
    args: ['-e', vfork],
    env: {},
    folder: run.subfolder(),
    cores: null,
    user: null,
    logFile: path.join(temporaryFolder(t), 'log'),
    stopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
  });
  t.after(() => child.kill());
  return child;
}

const statesOf = ({ identity }: Child): string =>
  processTree(identity.pid)
    .map(({ state }) => state)
    .join('');

test('who waits for the child of its vfork is frozen with that child, and both go on', {
  skip: lacking,
}, async (t) => {
  const child = await startVfork(t);
  const reaches = (states: string) =>
    until(`states are ${states}`, 10_000, () => assert.equal(statesOf(child), states));
  await reaches('DS');
  await child.freeze();
  assert.equal(statesOf(child), 'DT');
  child.thaw();
  await reaches('DS');
});
