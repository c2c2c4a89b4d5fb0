/** Servers that do not start, or are stopped while they do. */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { choosePlacement } from '../../machine/placement.ts';
import { freePort } from '../../machine/ports.ts';
import { processTree } from '../../machine/process-table.ts';
import type { Executable } from '../../machine/programs/program.ts';
import { temporaryFolder } from '../../machine/testing/temporary-folder.ts';
import { assertNothingLeft } from '../../machine/testing/traces.ts';
import { until } from '../../machine/until.ts';
import { startServices } from '../testing/services.ts';
import type { NativeNodes } from './nodes.ts';
import { planForTest, strategy } from './testing/deploy.ts';

const one = (kind: string) => ({ services: [{ name: 'cache', kind, count: 1, memoryMiB: 64 }] });

async function occupiedPort(t: TestContext): Promise<number> {
  const port = await freePort();
  // It takes connections and never answers. Unless it reads, it does not see them close.
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1' }, resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return port;
}

for (const kind of ['redis', 'memcached', 'postgres', 'mysql']) {
  test(`${kind}: a port that was taken in between is given up for another`, async (t) => {
    const taken = await occupiedPort(t);
    const asked: number[] = [];
    const services = await startServices(one(kind), {
      // Others of this machine may take a free one, too.
      findPort: async () => {
        const port = asked.length === 0 ? taken : await freePort();
        asked.push(port);
        return port;
      },
    });
    t.after(() => services.stop());
    assert.equal(asked[0], taken);
    assert.equal(services.endpoints.cache?.[0]?.port, asked.at(-1));
    assert.notEqual(asked.at(-1), taken);
  });
}

test('when every port is taken, the message says so', async (t) => {
  const port = await occupiedPort(t);
  await assert.rejects(
    startServices(one('redis'), { findPort: async () => port }),
    /cache-1 .*ended with exit code 1.*Address already in use/s,
  );
  await assertNothingLeft([]);
});

/** A program in the place of a server's or a step's that fails with these words. */
function failing(t: TestContext, words: string): Executable {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'failing');
  writeFileSync(file, `#!/bin/sh\necho "${words}"\nexit 1\n`);
  for (const each of [folder, file]) chmodSync(each, 0o755);
  return { path: file, env: {}, origin: 'system', root: null, version: null };
}

test('a server that will not start is told with its last log lines', async (t) => {
  const programs = new Map([['redis-server', failing(t, 'no such setting')]]);
  await assert.rejects(
    startServices(one('redis'), { programs }),
    /cache-1 .*failing.*ended with exit code 1.*no such setting/s,
  );
  await assertNothingLeft([]);
});

test('a step that fails before the start is told with what it wrote', async (t) => {
  const programs = new Map([['initdb', failing(t, 'no such option')]]);
  await assert.rejects(
    startServices(one('postgres'), { programs }),
    /initialise the database cluster.*ended with exit code 1.*no such option/s,
  );
  await assertNothingLeft([]);
});

const moments: Readonly<Record<string, (nodes: NativeNodes) => Promise<void>>> = {
  'at once': async () => {},
  'while a step runs': () =>
    until('a step runs', 10_000, () => assert.ok(processTree(process.pid).length > 1), { everyMs: 1 }),
  'while its server starts': (nodes) =>
    until('the server runs', 10_000, () => assert.ok(nodes.all.some(({ pid }) => pid !== null)), {
      everyMs: 1,
    }),
};

for (const [moment, come] of Object.entries(moments)) {
  test(`a deployment that is stopped ${moment} leaves nothing, and its start says why it ended`, async (t) => {
    const { deployment, nodes, end } = await planForTest(await strategy('postgres'), await choosePlacement());
    t.after(async () => {
      assert.deepEqual(await end(), []);
      await assertNothingLeft([]);
    });
    const starting = assert.rejects(deployment.start(), /postgres is being stopped/);
    await come(nodes);
    assert.deepEqual(await deployment.stop(), []);
    await starting;
  });
}
