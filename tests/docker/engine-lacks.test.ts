/** What stands in the way of Docker is told with the next step; without being asked for, it leads to native processes. */
import assert from 'node:assert/strict';
import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { findEngine } from '../../infra/runtimes/index.ts';
import { readResults, run, temporaryFolder } from '../bench/command.ts';
import { assertSameAs, contents, needsEngine } from './engine.ts';

/** A command `docker` that does what it is told, and that alone. */
async function commandThat(context: TestContext, script: string): Promise<string> {
  const folder = await temporaryFolder(context);
  const file = path.join(folder, 'docker');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return `${folder}:/usr/bin:/bin`;
}

async function lackOf(env: NodeJS.ProcessEnv) {
  const found = await findEngine(env);
  if (found.status === 'ready') return assert.fail(`found ${found.engine.description}`);
  assert.ok(found.lack.remedy.length > 0);
  return found.lack;
}

test('no docker command', async () => {
  assert.match((await lackOf({ PATH: '/nonesuch' })).why, /not on PATH/);
});

test('no engine behind the command', async (context) => {
  const PATH = await commandThat(context, 'exit 1');
  const lack = await lackOf({ PATH, DOCKER_HOST: 'unix:///nonesuch.sock' });
  assert.match(lack.why, /nothing answers at \/nonesuch\.sock/);
  assert.match(lack.remedy, /Start it/);
});

test('an engine elsewhere', async (context) => {
  const PATH = await commandThat(context, 'exit 1');
  assert.match((await lackOf({ PATH, DOCKER_HOST: 'tcp://127.0.0.1:2375' })).why, /cannot be metered here/);
});

test('an engine that this user may not use', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('needs root, to become a user without rights');
  const folder = await temporaryFolder(context);
  await chmod(folder, 0o755);
  const socket = path.join(folder, 'docker.sock');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  context.after(() => server.close());
  await chmod(socket, 0o600);
  const node = path.join(folder, 'node');
  await copyFile(process.execPath, node);
  const module = path.resolve(import.meta.dirname, '../../infra/runtimes/docker/find-engine.ts');
  const script = `const { findEngine } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(await findEngine()));`;
  const { stdout, exitCode } = await execa(node, ['--input-type=module', '--eval', script], {
    uid: 65_534,
    gid: 65_534,
    cwd: '/',
    reject: false,
    env: { PATH: await commandThat(context, 'exit 1'), DOCKER_HOST: `unix://${socket}` },
    extendEnv: false,
  });
  if (exitCode !== 0) return context.skip('the checkout is closed to other users');
  const { lack } = JSON.parse(stdout);
  assert.match(lack.why, /this user .* may not use its socket/);
  assert.match(lack.remedy, /usermod -aG docker/);
});

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
  const args = ['--strategy', 'sticky', '--preset', 'smoke', '--duration', '1', '--rate', '50', '--out', out];
  const named = await run('bench', ['--runtime', 'docker', ...args], env);
  assert.equal(named.exitCode, 69, named.stderr);
  assert.match(named.stderr, /--runtime docker: it needs (Docker|a Docker engine), and .*--runtime native/);
  const auto = await run('bench', ['--runtime', 'auto', ...args], env);
  assert.ok(auto.exitCode === 0 || auto.exitCode === 2, auto.stdout + auto.stderr);
  assert.match(auto.stdout.split('\n')[0] ?? '', /^Runtime +native: Docker cannot be used: it needs /);
  assert.equal((await readResults(out)).record.runtime, 'native');
});

test(
  'an image that cannot be had is told with its name; the others are measured',
  needsEngine,
  async (context) => {
    const [out, before] = [await temporaryFolder(context), await contents()];
    const finished = await run('bench', [
      ...['--runtime', 'docker', '--strategy', 'redis', '--strategy', 'sticky', '--preset', 'smoke'],
      ...['--duration', '1', '--rate', '50', '--out', out],
      // Nobody listens on this port of loopback.
      ...['--image', 'redis=127.0.0.1:1/nonesuch:1'],
    ]);
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
