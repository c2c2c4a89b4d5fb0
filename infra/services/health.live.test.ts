/** Questions of the shells of images: that of Debian, and that of Alpine, which has no bash. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { provisionPrograms } from '../machine/programs/index.ts';
import { runProgram } from '../machine/run.ts';
import { temporaryFolder } from '../machine/testing/temporary-folder.ts';
import { startServices } from '../runtimes/testing/services.ts';
import { answersHttp, type HealthQuestion, listens } from './health.ts';
import { serviceKind } from './index.ts';

/** A PATH with what busybox has of the programs, and nothing else. */
async function withoutBash(context: TestContext): Promise<string> {
  const need = { name: 'busybox', candidates: ['busybox'], debianPackages: ['busybox'], remedies: {} };
  const found = (await provisionPrograms([need], { progress: () => {} })).get(need.name);
  if (found?.status !== 'ready') return assert.fail(found?.lack.why ?? 'busybox was not looked for');
  const folder = temporaryFolder(context);
  for (const name of ['sh', 'nc', 'head', 'od', 'grep'])
    symlinkSync(found.executable.path, path.join(folder, name));
  return folder;
}

/** By the shell that the PATH leads to, whether the question is answered. */
async function asked(question: HealthQuestion, port: number, folders: string): Promise<boolean> {
  const [shell = ''] = folders.split(':').map((folder) => path.join(folder, 'sh'));
  const { exitCode } = await runProgram(shell, ['-c', question.ask(port)], { env: { PATH: folders } });
  return exitCode === 0;
}

test('with bash and without, Memcached and whatever listens are seen to answer, and to be gone', async (context) => {
  const memcached = { name: 'cache', kind: 'memcached', count: 1, memoryMiB: 64 };
  const services = await startServices({ services: [memcached] });
  context.after(() => services.stop());
  const port = services.endpoints.cache?.[0]?.port ?? assert.fail('no endpoint');
  const folders = ['/usr/bin:/bin', await withoutBash(context)];
  const questions = [serviceKind('memcached').health, listens];
  const all = () => Promise.all(folders.flatMap((each) => questions.map((one) => asked(one, port, each))));
  assert.deepEqual(await all(), [true, true, true, true]);
  await services.kill('cache-1');
  assert.deepEqual(await all(), [false, false, false, false]);
});

test('with bash and without, a route is seen to answer with 200, and with something else', async (context) => {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/ready' ? 200 : 503).end('200 of something');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : assert.fail('no port');
  for (const folders of ['/usr/bin:/bin', await withoutBash(context)]) {
    assert.equal(await asked(answersHttp('/ready'), port, folders), true, folders);
    assert.equal(await asked(answersHttp('/other'), port, folders), false, folders);
  }
});
