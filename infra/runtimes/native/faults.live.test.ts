import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from '../../machine/ports.ts';
import { processTree } from '../../machine/process-table.ts';
import { until } from '../../machine/until.ts';
import type { Service } from '../../services/definition.ts';
import { serviceKind } from '../../services/index.ts';
import type { ServiceGroup } from './service-group.ts';
import { groupForTest } from './testing/group.ts';

async function occupiedPort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const port = await freePort();
  // It takes connections and never answers. Unless it reads, it does not see them close.
  const server = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen({ port, host: '127.0.0.1' }, resolve));
  return { port, release: () => new Promise((resolve) => server.close(() => resolve())) };
}

for (const kind of ['redis', 'memcached', 'postgres', 'mysql']) {
  test(`${kind}: a port that was taken in between is given up for another`, async (t) => {
    const occupied = await occupiedPort();
    const ports = [occupied.port, await freePort()];
    const asked: number[] = [];
    const { group, end } = await groupForTest(serviceKind(kind).configure({}, 1), {
      findPort: async () => {
        const port = ports[asked.length] ?? assert.fail('asked for a third port');
        asked.push(port);
        return port;
      },
    });
    t.after(async () => {
      await occupied.release();
      await end();
    });
    await group.start();
    assert.deepEqual(asked, ports);
    assert.equal(group.control.endpoints[0]?.port, ports[1]);
  });
}

test('when every port is taken, the message says so', async (t) => {
  const occupied = await occupiedPort();
  const { group, end } = await groupForTest(serviceKind('redis').configure({}, 1), {
    findPort: async () => occupied.port,
  });
  t.after(async () => {
    await occupied.release();
    await end();
  });
  await assert.rejects(group.start(), /cache-1 .*ended with exit code 1.*Address already in use/s);
});

test('a server that will not start is told with its last log lines', async (t) => {
  const redis = serviceKind('redis').configure({}, 1);
  const broken: Service = {
    ...redis,
    plan(node) {
      const plan = redis.plan(node);
      return {
        ...plan,
        command: { ...plan.command, args: [...plan.command.args, '--no-such-setting', '1'] },
      };
    },
  };
  const { group, end } = await groupForTest(broken);
  t.after(end);
  await assert.rejects(group.start(), /cache-1 .*redis-server.*ended with exit code 1.*no-such-setting/s);
});

test('a step that fails before the start is told with what it wrote', async (t) => {
  const postgres = serviceKind('postgres').configure({}, 1);
  const broken: Service = {
    ...postgres,
    plan(node) {
      const plan = postgres.plan(node);
      const init = plan.init.map((step) => ({ ...step, args: [...step.args, '--no-such-option'] }));
      return { ...plan, init };
    },
  };
  const { group, end } = await groupForTest(broken);
  t.after(end);
  await assert.rejects(
    group.start(),
    /initialise the database cluster.*ended with exit code 1.*no-such-option/s,
  );
});

const moments: Readonly<Record<string, (group: ServiceGroup) => Promise<void>>> = {
  'at once': async () => {},
  'while a step runs': () =>
    until('a step runs', 10_000, () => assert.ok(processTree(process.pid).length > 1), { everyMs: 1 }),
  'while its server starts': (group) =>
    until('the server runs', 10_000, () => assert.ok(group.children.length > 0), { everyMs: 1 }),
};

for (const [moment, come] of Object.entries(moments)) {
  test(`a service that is stopped ${moment} leaves nothing, and its start says why it ended`, async (t) => {
    const { group, end } = await groupForTest(serviceKind('postgres').configure({}, 1));
    t.after(end);
    const starting = assert.rejects(group.start(), /cache is being stopped/);
    await come(group);
    assert.deepEqual(await group.stop(), []);
    await starting;
  });
}
