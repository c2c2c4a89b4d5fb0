/** However a run ends, nothing of it is left, and nothing measured is lost. */
import assert from 'node:assert/strict';
import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { readResults, start, temporaryFolder } from './command.ts';
import { alive, descendants, eventually, listeningPorts, type ProcessInfo } from './processes.ts';

const MEASURING_SECONDS = 20;

interface Running {
  readonly child: ReturnType<typeof start>;
  readonly pid: number;
  readonly out: string;
  /** The run's own folder for temporary files. */
  readonly temporary: string;
  readonly portsBefore: readonly number[];
}

async function startRun(context: TestContext, ...args: readonly string[]): Promise<Running> {
  const [out, temporary] = [await temporaryFolder(context), await temporaryFolder(context)];
  // As root, servers run as somebody else, who must get through to the run's folder.
  await chmod(temporary, 0o711);
  const portsBefore = await listeningPorts();
  const child = start(
    'bench',
    ['--strategy', 'redis', '--rate', '200', '--blocks', '2', ...args, '--out', out],
    {
      TMPDIR: temporary,
    },
  );
  assert.ok(child.pid);
  context.after(async () => {
    child.kill('SIGTERM');
    await child;
  });
  return { child, pid: child.pid, out, temporary, portsBefore };
}

/** Every process of the run, once k6 is among them and measures. */
async function untilMeasuring({ child, pid, out }: Running): Promise<readonly ProcessInfo[]> {
  await eventually('a first second of measuring', 120, async () => {
    if (child.exitCode !== null) assert.fail(`the run ended before it measured: ${(await child).stdout}`);
    const [trial] = await readdir(path.join(out, 'latest', 'trials')).catch(() => []);
    if (!trial) return false;
    const lines = await readFile(path.join(out, 'latest', 'trials', trial, 'histograms.jsonl'), 'utf8').catch(
      () => '',
    );
    return lines.includes('"phase":"measure"');
  });
  const family = await descendants(pid);
  const commands = family.map(({ command }) => command).join('\n');
  for (const expected of ['k6', 'redis-server', 'haproxy', 'main.ts'])
    assert.ok(commands.includes(expected), expected);
  return family;
}

async function assertNothingLeft(run: Running, family: readonly ProcessInfo[]): Promise<void> {
  for (const { pid, command } of family) {
    await eventually(`the end of process ${pid}: ${command}`, 5, async () => !(await alive(pid)));
  }
  assert.deepEqual(await readdir(run.temporary), []);
  const ports = await listeningPorts();
  const ours = family.length > 0 ? ports.filter((port) => !run.portsBefore.includes(port)) : [];
  assert.deepEqual(ours, [], 'ports that are still listened on');
}

test('a run that ends by itself leaves nothing but its results', async (context) => {
  const run = await startRun(context, '--preset', 'smoke', '--duration', '2', '--blocks', '1');
  const family = await untilMeasuring(run);
  const { exitCode } = await run.child;
  assert.ok(exitCode === 0 || exitCode === 2, `exit code ${exitCode}`);
  await assertNothingLeft(run, family);
  assert.equal((await readResults(run.out)).record.status, 'finished');
});

test('Ctrl-C ends a run cleanly, and what was measured is reported', async (context) => {
  const run = await startRun(context, '--duration', String(MEASURING_SECONDS));
  const family = await untilMeasuring(run);
  run.child.kill('SIGINT');
  const { exitCode, stdout } = await run.child;
  assert.equal(exitCode, 130, stdout);
  assert.match(stdout, /stopping, and keeping what was measured/);
  await assertNothingLeft(run, family);
  const { record, trials, summary } = await readResults(run.out);
  assert.equal(record.status, 'interrupted');
  assert.equal(summary.status, 'interrupted');
  assert.deepEqual(
    trials.map(({ status, reasons }) => [status, reasons[0]?.code]),
    [['invalid', 'interrupted']],
  );
  assert.ok((trials[0]?.operations.read?.count ?? 0) > 0, 'the operations until then are kept');
});

test('after kill -9 the next start ends what was left', async (context) => {
  const killed = await startRun(context, '--duration', String(MEASURING_SECONDS));
  const family = await untilMeasuring(killed);
  killed.child.kill('SIGKILL');
  await killed.child;
  assert.ok((await readdir(killed.temporary)).length > 0, 'the killed run could not clear up');

  const next = start(
    'bench',
    ['--strategy', 'sticky', '--preset', 'smoke', '--duration', '1', '--rate', '100', '--out', killed.out],
    { TMPDIR: killed.temporary },
  );
  const { exitCode, stdout } = await next;
  assert.ok(exitCode === 0 || exitCode === 2, stdout);
  assert.match(stdout, /Ended \d+ processes that a killed run/);
  await assertNothingLeft(killed, family);
});

test('a second run is told who measures, and disturbs nothing', async (context) => {
  const first = await startRun(context, '--duration', String(MEASURING_SECONDS));
  const family = await untilMeasuring(first);
  const second = await start('bench', [
    '--strategy',
    'sticky',
    '--preset',
    'smoke',
    '--out',
    await temporaryFolder(context),
  ]);
  assert.equal(second.exitCode, 75);
  assert.match(second.stderr, new RegExp(`Another run is measuring on this machine \\(process ${first.pid}`));
  first.child.kill('SIGINT');
  await first.child;
  await assertNothingLeft(first, family);
});

test('a server that dies makes its trial invalid, with its last words, and the run goes on', async (context) => {
  const run = await startRun(context, '--duration', '3');
  const family = await untilMeasuring(run);
  const redis = family.find(({ command }) => command.includes('redis-server'));
  assert.ok(redis);
  process.kill(redis.pid, 'SIGKILL');
  const { exitCode, stdout } = await run.child;
  const { trials, record } = await readResults(run.out);
  assert.equal(record.status, 'finished', stdout);
  assert.equal(trials[0]?.status, 'invalid');
  assert.equal(trials[0]?.reasons[0]?.code, 'server-died');
  assert.match(trials[0]?.reasons[0]?.message ?? '', /cache-1 .*SIGKILL.*Last log lines: .+/);
  const later = trials.filter(({ number }) => number > 1);
  assert.ok(
    later.length > 0 && later.every(({ reasons }) => reasons.every(({ code }) => code !== 'server-died')),
  );
  assert.ok(exitCode === 0 || exitCode === 2);
  // Cold code would cost more: servers are driven first, though the rate is given, and so are those that replace them.
  assert.match(stdout, /Sizing up redis.+trial 1 of.+Warming up redis, which was started anew.+trial 2 of/s);
  await assertNothingLeft(run, family);
});
