/** What stands in the way of Docker is told with the next step. */
import assert from 'node:assert/strict';
import { chmod, copyFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../../infra/machine/run.ts';
import { run, temporaryFolder } from '../command.ts';
import { commandThat, lackOf } from './lacking.ts';

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
  const module = path.resolve(import.meta.dirname, '../../infra/runtimes/docker/engine/find.ts');
  const script = `const { findEngine } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(await findEngine()));`;
  const { stdout, exitCode } = await runProgram(node, ['--input-type=module', '--eval', script], {
    user: { uid: 65_534, gid: 65_534 },
    cwd: '/',
    env: { PATH: await commandThat(context, 'exit 1'), DOCKER_HOST: `unix://${socket}` },
  });
  if (exitCode !== 0) return context.skip('the checkout is closed to other users');
  const { lack } = JSON.parse(stdout);
  assert.match(lack.why, /this user .* may not use its socket/);
  assert.match(lack.remedy, /usermod -aG docker/);
});

test('asked for by name, Docker is missed at once; otherwise runs are native and say why', async () => {
  const env = { DOCKER_HOST: 'unix:///nonesuch.sock' };
  const named = await run('bench', ['--runtime=docker', '--strategy=sticky'], env);
  assert.equal(named.exitCode, 69, named.stderr);
  assert.match(named.stderr, /--runtime docker: it needs (Docker|a Docker engine), and .*--runtime native/);
  const auto = await run('bench', ['--runtime=auto', '--strategy=sticky', '--dry-run'], env);
  assert.match(auto.stdout, /^Runtime +native: Docker cannot be used: it needs /m, auto.stderr);
});

test('a kind of image that there is not is a mistake', async () => {
  const { exitCode, stderr } = await run('bench', ['--image', 'reddis=redis:7', '--image', 'redis']);
  assert.equal(exitCode, 64);
  assert.match(stderr, /"redis" is no KIND=IMAGE/);
});
