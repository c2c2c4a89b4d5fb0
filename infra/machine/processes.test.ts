import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { proportionalSetSize } from './memory.ts';
import { cpuMicrosOf, memoryBytesOf, usageOf } from './meter.ts';
import { isAlive, parseStat, processTree, readProcess, signal } from './process-table.ts';
import { until } from './until.ts';

test('a program may have any name and is read all the same', () => {
  const entry = parseStat(`42 (a) b (c) S 7 42 42 0 -1 0 0 0 0 0 11 22 33 44 20 0 1 0 98765 0 0`);
  assert.deepEqual(entry, {
    pid: 42,
    name: 'a) b (c',
    parent: 7,
    group: 42,
    state: 'S',
    startTicks: 98_765,
    ownTicks: 33,
    reapedTicks: 77,
  });
  assert.equal(parseStat('nonsense'), null);
});

test('a process is found in the tree of its parent, and a later one of its number is not taken for it', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? assert.fail('not started');
  const entry = readProcess(pid) ?? assert.fail('not found');
  assert.ok(processTree(process.pid).some((each) => each.pid === pid));
  assert.equal(isAlive(entry), true);
  const later = { pid, startTicks: entry.startTicks + 1 };
  assert.equal(isAlive(later), false);
  assert.equal(signal(later, 'SIGKILL'), false);
  assert.equal(signal(entry, 'SIGTERM'), true);
  await once(child, 'exit');
  assert.equal(isAlive(entry), false);
  assert.equal(signal(entry, 'SIGTERM'), false);
});

/**
 * Burns CPU time in its own thread, in a worker that ends, and in a child that ends, and says how much in
 * microseconds by the operating system's own count; then waits to be ended.
 */
const burner = `
  const { spawnSync } = require('node:child_process');
  const { Worker } = require('node:worker_threads');
  const burn = 'const spent = () => { const u = process.cpuUsage(); return u.user + u.system; };'
    + 'const until = spent() + 250_000; while (spent() < until);';
  const own = new Worker(burn, { eval: true });
  own.on('exit', () => {
    eval(burn);
    const child = spawnSync(process.execPath, ['-e', burn + 'console.log(spent())']);
    const { user, system } = process.cpuUsage();
    console.log(user + system + Number(child.stdout));
  });
  setInterval(() => {}, 1000);
`;

test('CPU time of threads and children that ended is metered, as the processes count it themselves', async () => {
  const child = spawn(process.execPath, ['-e', burner], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = child.pid ?? assert.fail('not started');
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const burnt = Number(line);
    const metered = cpuMicrosOf([pid]);
    assert.ok(burnt > 750_000, `burnt ${burnt}`);
    const ratio = metered / burnt;
    // The child's own last words cost some after its count, and the ticks of what ended are cut to 10 ms.
    assert.ok(ratio > 0.93 && ratio < 1.1, `metered ${metered} of ${burnt} microseconds`);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('a process that waits uses next to nothing', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? assert.fail('not started');
  try {
    await until('it sleeps', 2_000, () => assert.equal(readProcess(pid)?.state, 'S'));
    assert.ok(usageOf([pid]).cpuMicros < 50_000);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  assert.deepEqual(usageOf([pid]), { cpuMicros: 0, memoryBytes: 0 });
});

test('memory that nobody may read is unknown, and not 0', (context) => {
  // A thread of the kernel has no memory of its own to tell of.
  const kernel = readProcess(2);
  if (kernel === null) return context.skip('no thread of the kernel is in sight');
  assert.equal(proportionalSetSize([kernel]), null);
  assert.equal(proportionalSetSize([]), 0);
});

test('memory is metered: filling 64 MiB shows as that much more', async () => {
  const script = `
    process.stdin.once('data', () => { globalThis.held = Buffer.alloc(64 * 1024 * 1024, 1); console.log('filled'); });
    console.log('ready');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const pid = child.pid ?? assert.fail('not started');
  try {
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    const before = memoryBytesOf([pid]) ?? Number.NaN;
    child.stdin.write('fill\n');
    await once(lines, 'line');
    const grownMiB = ((memoryBytesOf([pid]) ?? Number.NaN) - before) / 1024 / 1024;
    assert.ok(grownMiB > 60 && grownMiB < 80, `grew by ${grownMiB} MiB`);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

const hidden = `exec unshare --mount sh -c 'mount -t proc -o hidepid=2,gid=65534 proc /proc; exec setpriv --bounding-set -sys_ptrace "$@"' sh "$@"`;

const skip = process.getuid?.() !== 0 && 'only root can hide it';
const beside = (file: string): string => JSON.stringify(path.join(import.meta.dirname, file));

/** What a script prints that cannot see processes of other users than root; null where they cannot be hidden here. */
function printedAmongHidden(t: TestContext, code: string): string | null {
  const args = ['-c', hidden, 'sh', process.execPath, '--input-type=module', '-e', code];
  const { status, stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  t.skip(`processes cannot be hidden here: ${stderr}`);
  return null;
}

test('a program that /proc hides is ended when it takes too long', { skip }, (t) => {
  const code = `
    import { runProgram } from ${beside('run.ts')};
    const { ending, stdout } = await runProgram('sh', ['-c', 'echo $$; exec sleep 100'], {
      cwd: '/', timeoutMs: 500, user: { uid: 65534, gid: 65534 },
    });
    console.log(ending, stdout);`;
  const printed = printedAmongHidden(t, code);
  if (printed === null) return;
  const [ending, pid] = printed.split(/\s+/);
  assert.equal(ending, 'timeout');
  assert.equal(readProcess(Number(pid)), null);
});

test('a process that /proc hides is not taken for gone', { skip }, (t) => {
  const self = readProcess(process.pid) ?? assert.fail('not found');
  const code = `
    import { isAlive, mayBeAlive } from ${beside('process-table.ts')};
    const { pid, startTicks } = ${JSON.stringify(self)};
    console.log(isAlive({ pid, startTicks }), mayBeAlive({ pid, startTicks }), mayBeAlive({ pid: 2 ** 22 - 1, startTicks }));`;
  const printed = printedAmongHidden(t, code);
  if (printed !== null) assert.equal(printed, 'false true false');
});
