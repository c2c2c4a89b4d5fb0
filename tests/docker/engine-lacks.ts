/** What stands in the way of Docker is told with the next step; without being asked for, it leads to native processes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRan, readResults, run, temporaryFolder } from '../command.ts';
import { assertSameAs, contents, needsEngine } from './engine.ts';
import { commandThat, lackOf } from './lacking.ts';

test('an engine without Compose, and one with a Compose that is too old', needsEngine, async (context) => {
  const missing = await lackOf({ PATH: await commandThat(context, 'exit 1') });
  assert.equal(missing.what, 'Docker Compose');
  assert.match(missing.remedy, /docker-compose-plugin/);
  const old = await lackOf({ PATH: await commandThat(context, '[ "$1" = compose ] && echo 2.3.4') });
  assert.match(old.what, /2\.20 or newer/);
  assert.match(old.why, /2\.3\.4/);
});

test('asked for by name, Docker is missed at once; otherwise the run is native and says why', async (context) => {
  const out = await temporaryFolder(context);
  const env = { DOCKER_HOST: 'unix:///nonesuch.sock' };
  const args = ['--strategy=sticky', '--preset=smoke', '--duration=1', '--rate=50', `--out=${out}`];
  const named = await run('bench', ['--runtime=docker', ...args], env);
  assert.equal(named.exitCode, 69, named.stderr);
  assert.match(named.stderr, /--runtime docker: it needs (Docker|a Docker engine), and .*--runtime native/);
  const auto = await run('bench', ['--runtime=auto', ...args], env);
  assertRan(auto);
  assert.match(auto.stdout.split('\n')[0] ?? '', /^Runtime +native: Docker cannot be used: it needs /);
  assert.equal((await readResults(out)).record.runtime, 'native');
});

test(
  'an image that cannot be had is told with its name; the others are measured',
  needsEngine,
  async (context) => {
    const [out, before] = [await temporaryFolder(context), await contents()];
    // Nobody listens on this port of loopback.
    const lacking = ['--runtime=docker', '--strategy=redis', '--image=redis=127.0.0.1:1/nonesuch:1'];
    const load = ['--strategy=sticky', '--preset=smoke', '--duration=1', '--rate=50'];
    const finished = await run('bench', [...lacking, ...load, `--out=${out}`]);
    assert.equal(finished.exitCode, 2, finished.stdout + finished.stderr);
    const { record } = await readResults(out);
    const [reason] = record.strategies.find(({ name }) => name === 'redis')?.reasons ?? [];
    assert.match(reason?.message ?? '', /the image 127\.0\.0\.1:1\/nonesuch:1 cannot be pulled/);
    assert.ok((reason?.remedy ?? '').length > 0);
    assert.equal(record.strategies.find(({ name }) => name === 'sticky')?.status, 'measured');
    await assertSameAs(before);
  },
);

test('a kind of image that there is not is a mistake', async () => {
  const { exitCode, stderr } = await run('bench', ['--image', 'reddis=redis:7', '--image', 'redis']);
  assert.equal(exitCode, 64);
  assert.match(stderr, /"redis" is no KIND=IMAGE/);
});
