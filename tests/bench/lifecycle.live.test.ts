/** However a run ends, nothing of it is left, and nothing measured is lost. */
import assert from 'node:assert/strict';
import { chmod, readdir } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import {
  assertRan,
  type Command,
  endWith,
  readResults,
  run,
  start,
  temporaryFolder,
  untilMeasuring,
} from '../command.ts';
import { assertEnded, type ProcessInfo } from '../processes.ts';

interface Running extends Command {
  readonly out: string;
  /** The run's own folder for temporary files. */
  readonly temporary: string;
  readonly family: readonly ProcessInfo[];
}

/** A run that measures, with all its processes. */
async function startRun(context: TestContext, ...args: readonly string[]): Promise<Running> {
  const [out, temporary] = [await temporaryFolder(context), await temporaryFolder(context)];
  // As root, servers run as somebody else, who must get through to the run's folder.
  await chmod(temporary, 0o711);
  const common = [
    '--strategy',
    'redis',
    '--preset',
    'smoke',
    '--sessions',
    '100',
    '--rate',
    '200',
    '--out',
    out,
  ];
  const command = start('bench', [...common, ...args], { TMPDIR: temporary });
  endWith(context, command);
  const family = await untilMeasuring(command, out);
  for (const expected of ['k6', 'redis-server', 'haproxy', 'main.ts'])
    assert.ok(
      family.some((each) => each.command.includes(expected)),
      expected,
    );
  return { ...command, out, temporary, family };
}

async function assertNothingLeft({ family, temporary }: Running): Promise<void> {
  await assertEnded(family);
  assert.deepEqual(await readdir(temporary), []);
}

/** Long enough that nothing but what the test does ends the trial. */
const long = ['--blocks', '2', '--duration', '60'];

test('a run that ends by itself leaves nothing but its results', async (context) => {
  const running = await startRun(context, '--duration', '2');
  assertRan(await running.ended);
  await assertNothingLeft(running);
  assert.equal((await readResults(running.out)).record.status, 'finished');
});

test('Ctrl-C ends a run cleanly, and what was measured is reported', async (context) => {
  const running = await startRun(context, ...long);
  running.child.kill('SIGINT');
  const { exitCode, stdout } = await running.ended;
  assert.equal(exitCode, 130, stdout);
  assert.match(stdout, /stopping, and keeping what was measured/);
  await assertNothingLeft(running);
  const { record, trials, summary } = await readResults(running.out);
  assert.equal(record.status, 'interrupted');
  assert.equal(summary.status, 'interrupted');
  assert.deepEqual(
    trials.map(({ status, reasons }) => [status, reasons[0]?.code]),
    [['invalid', 'interrupted']],
  );
  assert.ok((trials[0]?.operations.read?.count ?? 0) > 0, 'the operations until then are kept');
});

test('after kill -9 the next start ends what was left', async (context) => {
  const killed = await startRun(context, ...long);
  killed.child.kill('SIGKILL');
  await killed.ended;
  assert.ok((await readdir(killed.temporary)).length > 0, 'the killed run could not clear up');

  const next = ['--strategy', 'sticky', '--preset', 'smoke', '--duration', '1', '--rate', '100'];
  const finished = await run('bench', [...next, '--out', killed.out], { TMPDIR: killed.temporary });
  assertRan(finished);
  assert.match(finished.stdout, /Ended \d+ processes that a killed run/);
  await assertNothingLeft(killed);
});

test('a server that dies makes its trial invalid, with its last words, and the run goes on', async (context) => {
  const running = await startRun(context, '--blocks', '2', '--duration', '3');
  const redis = running.family.find(({ command }) => command.includes('redis-server'));
  assert.ok(redis);
  process.kill(redis.pid, 'SIGKILL');
  const finished = await running.ended;
  assertRan(finished);
  const { trials, record } = await readResults(running.out);
  assert.equal(record.status, 'finished');
  assert.equal(trials[0]?.status, 'invalid');
  assert.equal(trials[0]?.reasons[0]?.code, 'server-killed');
  assert.match(trials[0]?.reasons[0]?.message ?? '', /cache-1 .*SIGKILL; its last log lines: .+/);
  const later = trials.filter(({ number }) => number > 1);
  assert.ok(
    later.length > 0 && later.every(({ reasons }) => reasons.every(({ code }) => code !== 'server-killed')),
  );
  await assertNothingLeft(running);
});
