/** However a run in Docker ends, nothing of it is left in the engine, and nothing measured is lost. */
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
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
import { assertSameAs, type Content, containersOf, contents, docker, needsEngine } from './engine.ts';

interface Running extends Command {
  readonly out: string;
  readonly temporary: string;
  /** What the engine held before. */
  readonly before: readonly Content[];
}

async function startRun(context: TestContext, args: readonly string[], env = {}): Promise<Running> {
  const before = await contents();
  const [out, temporary] = [await temporaryFolder(context), await temporaryFolder(context)];
  const common = ['--runtime=docker', '--strategy=redis', '--rate=200', `--out=${out}`];
  const command = start('bench', [...common, ...args], { TMPDIR: temporary, ...env });
  endWith(context, command);
  return { ...command, out, temporary, before };
}

async function startMeasuring(context: TestContext, ...args: readonly string[]): Promise<Running> {
  const running = await startRun(context, args);
  await untilMeasuring(running, running.out);
  return running;
}

async function assertNothingLeft({ before, temporary }: Running): Promise<void> {
  await assertSameAs(before);
  assert.deepEqual(await readdir(temporary), []);
}

test(
  'Ctrl-C in a trial ends a run cleanly, and what was measured is reported',
  needsEngine,
  async (context) => {
    const running = await startMeasuring(context, '--duration=60', '--blocks=1');
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.ended;
    assert.equal(exitCode, 130, stdout);
    await assertNothingLeft(running);
    const { record, trials } = await readResults(running.out);
    assert.equal(record.status, 'interrupted');
    assert.deepEqual(
      trials.map(({ status, reasons }) => [status, reasons[0]?.code]),
      [['invalid', 'interrupted']],
    );
    assert.ok((trials[0]?.operations.read?.count ?? 0) > 0, 'the operations until then are kept');
  },
);

test('Ctrl-C while containers are started ends a run cleanly', needsEngine, async (context) => {
  const running = await startRun(context, ['--duration=60']);
  await until('containers are started', 120_000, () => assert.match(running.stdout(), /Starting redis/));
  running.child.kill('SIGINT');
  const { exitCode, stdout } = await running.ended;
  assert.equal(exitCode, 130, stdout);
  await assertNothingLeft(running);
});

test('after kill -9 the next start removes what was left, and no more', needsEngine, async (context) => {
  const killed = await startMeasuring(context, '--duration=60');
  const label = 'session-bench.run=of-nobody';
  const stranger = await docker('network', 'create', '--label', label, `sbt-${process.pid}`);
  context.after(() => docker('network', 'rm', stranger));
  killed.child.kill('SIGKILL');
  await killed.ended;
  assert.ok((await containersOf(killed.pid)).size >= 4, 'the killed run could not clear up');

  const args = ['--runtime=docker', '--strategy=sticky', '--preset=smoke', '--duration=1', '--rate=100'];
  const next = await run('bench', [...args, `--out=${killed.out}`], { TMPDIR: killed.temporary });
  assertRan(next);
  assert.match(
    next.stdout,
    new RegExp(`Removed \\d+ containers, 1 network that a killed run \\(process ${killed.pid}\\)`),
  );
  await assertSameAs([...killed.before, { id: stranger, owner: null }]);
  assert.deepEqual(await readdir(killed.temporary), []);
});

test(
  'a container that dies makes its trial invalid, with its last words, and the run goes on',
  needsEngine,
  async (context) => {
    const running = await startMeasuring(context, '--duration=3', '--blocks=2');
    const cache = (await containersOf(running.pid)).get('cache-1');
    assert.ok(cache);
    await docker('kill', cache);
    assertRan(await running.ended);
    const { trials, record } = await readResults(running.out);
    assert.equal(record.status, 'finished');
    assert.equal(trials[0]?.reasons[0]?.code, 'server-died');
    assert.match(trials[0]?.reasons[0]?.message ?? '', /cache-1 .*SIGKILL.*Last log lines: .+/);
    const later = trials.filter(({ number }) => number > 1);
    assert.ok(
      later.length > 0 && later.every(({ reasons }) => reasons.every(({ code }) => code !== 'server-died')),
    );
    await assertNothingLeft(running);
  },
);

test(
  'a container that dies while starting is shown with its last words; the others are measured',
  needsEngine,
  async (context) => {
    const folder = await temporaryFolder(context);
    const broken = path.join(folder, 'broken');
    await mkdir(broken);
    await writeFile(
      path.join(broken, 'topology.ts'),
      `export const topology = { title: 'Broken', description: 'Does not start.', services: [],
      balancer: { affinity: 'none' },
      commandsPerOperation: { login: {}, read: {}, write: {}, logout: {}, probe: {} } };\n`,
    );
    await writeFile(
      path.join(broken, 'store.ts'),
      "export default async () => { throw new Error('the disk of this store is on fire'); };\n",
    );
    const args = ['--strategy=broken', '--preset=smoke', '--duration=1'];
    const running = await startRun(context, args, { SESSION_BENCH_STRATEGIES: folder });
    const { exitCode, stdout } = await running.ended;
    assert.equal(exitCode, 2, stdout);
    const { record, trials } = await readResults(running.out);
    const [reason] = record.strategies.find(({ name }) => name === 'broken')?.reasons ?? [];
    assert.equal(reason?.code, 'not-started');
    assert.match(
      reason?.message ?? '',
      /app-\d ended with exit code 1.*\n.*the disk of this store is on fire/,
    );
    assert.ok(trials.length > 0 && trials.every(({ strategy }) => strategy === 'redis'));
    await assertNothingLeft(running);
  },
);
