import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { allowedCores, parseCoreList } from '../../machine/cores.ts';
import { processTree, readProcess } from '../../machine/process-table.ts';
import { assertNothingLeft } from '../../machine/testing/traces.ts';
import { until } from '../../machine/until.ts';
import { discoverStrategies } from '../../strategies.ts';
import type { Placement } from '../runtime.ts';
import { whyNoServices } from '../testing/services.ts';
import { deployForTest, strategy } from './testing/deploy.ts';

const allowed = await allowedCores();
const [firstCore = 0] = allowed;
const lastCore = allowed.at(-1) ?? firstCore;
const placement: Placement = {
  cores: { generator: [firstCore], balancer: [firstCore], app: [lastCore], store: [lastCore] },
  shared: true,
  siblings: null,
  kinds: null,
  description: 'for a test',
};

const servers = () =>
  processTree(process.pid).filter(({ pid, state }) => pid !== process.pid && state !== 'Z');

/** One client that keeps its cookies. */
class Client {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async send(method: 'POST' | 'GET' | 'PATCH' | 'DELETE', body?: object): Promise<number> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.#url}/session`, {
      method,
      headers: { ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      this.#cookies.set(name, value);
    }
    return response.status;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

for (const { name, topology } of await discoverStrategies()) {
  const title = `${name}: counts agree, tiers are pinned, metered and frozen, and nothing is left`;
  const skip = (await whyNoServices(topology)) ?? false;
  test(title, { skip }, async (t) => {
    const { deployment, end } = await deployForTest(await strategy(name), placement);
    const port = Number(new URL(deployment.url).port);
    const logs = mkdtempSync(path.join(os.tmpdir(), 'logs-'));
    t.after(async () => {
      rmSync(logs, { recursive: true });
      assert.deepEqual(await end(), []);
      await assertNothingLeft([port]);
    });

    await t.test('versions are those of running servers', () => {
      const products = deployment.versions.map(({ product }) => product);
      assert.ok(products.includes('Node.js') && products.includes('HAProxy'), products.join());
      for (const { version, nodes, origin } of deployment.versions) {
        assert.match(version, /^\d+\.\d+/);
        assert.ok(nodes >= 1 && existsSync(origin));
      }
    });

    await t.test('balancer, apps and client agree on the number of requests', async () => {
      const clients = 20;
      const before = await deployment.requestCounts();
      const statuses = await Promise.all(
        Array.from({ length: clients }, async (_, index) => {
          const client = new Client(deployment.url);
          return [
            await client.send('POST', { user: `user-${index}`, payloadBytes: 200 }),
            await client.send('GET'),
            await client.send('PATCH', { part: 1 }),
            await client.send('GET'),
            await client.send('DELETE'),
          ];
        }),
      );
      // Requests to other routes are not among those counted.
      assert.equal((await fetch(`${deployment.url}/ready`)).status, 200);
      for (const each of statuses) {
        assert.ok(
          each.every((status) => status >= 200 && status < 300),
          each.join(),
        );
      }
      const after = await deployment.requestCounts();
      assert.equal(after.balancer - before.balancer, clients * 5);
      const apps = (key: 'login' | 'read' | 'write' | 'logout') =>
        sum(after.apps.map((each) => each[key])) - sum(before.apps.map((each) => each[key]));
      assert.deepEqual(
        { login: apps('login'), read: apps('read'), write: apps('write'), logout: apps('logout') },
        { login: clients, read: clients * 2, write: clients, logout: clients },
      );
      assert.ok(after.apps.every(({ login }) => login > 0));
    });

    await t.test('every thread of every server is on the cores of its tier', () => {
      for (const { pid } of servers()) {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const core = command.includes('haproxy') ? firstCore : lastCore;
        for (const thread of readdirSync(`/proc/${pid}/task`)) {
          const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
          const cores = parseCoreList(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '');
          assert.deepEqual(cores, [core], command);
        }
      }
    });

    await t.test('each tier is metered', async () => {
      const { app, balancer, store } = await deployment.meter();
      assert.ok(app.cpuMicros > 0 && (app.memoryBytes ?? 0) > 10_000_000);
      assert.ok(balancer.cpuMicros > 0 && (balancer.memoryBytes ?? 0) > 0);
      const hasStore = deployment.strategy.topology.services.length > 0;
      assert.equal(store.cpuMicros > 0, hasStore);
    });

    await t.test(
      'frozen: nothing can run, and a thawed deployment serves the sessions that it had',
      async () => {
        const client = new Client(deployment.url);
        await client.send('POST', { user: 'sleeper', payloadBytes: 100 });
        await deployment.freeze();
        await deployment.freeze();
        const before = await deployment.meter();
        const states = servers().map(({ pid }) => readProcess(pid)?.state);
        assert.deepEqual([...new Set(states)], ['T']);
        await assert.rejects(fetch(`${deployment.url}/ready`, { signal: AbortSignal.timeout(300) }));
        assert.deepEqual(
          Object.values(await deployment.meter()).map(({ cpuMicros }) => cpuMicros),
          Object.values(before).map(({ cpuMicros }) => cpuMicros),
        );
        await deployment.thaw();
        assert.equal(await client.send('GET'), 200);
      },
    );

    await t.test('clear ends all sessions', async () => {
      const client = new Client(deployment.url);
      await client.send('POST', { user: 'someone', payloadBytes: 100 });
      assert.equal(await deployment.clear(), 'store');
      assert.equal(await client.send('GET'), 401);
    });

    await t.test('a store without clear has its sessions ended all the same, and goes on', async () => {
      const [before, after] = [new Client(deployment.url), new Client(deployment.url)];
      await before.send('POST', { user: 'someone', payloadBytes: 100 });
      const commands = await deployment.storeCommands();
      const hasServers = topology.services.length > 0;
      assert.equal(await deployment.clearWithoutStore(), hasServers ? 'servers' : 'restart');
      assert.deepEqual(await deployment.storeCommands(), commands, 'our own commands are not counted');
      assert.equal(await before.send('GET'), 401);
      await after.send('POST', { user: 'another', payloadBytes: 100 });
      assert.equal(await after.send('GET'), 200);
    });

    await t.test('logs of all servers are saved, without passwords in them or in command lines', async () => {
      await deployment.saveLogs(logs);
      const count = deployment.strategy.topology.services.reduce((total, each) => total + each.count, 0);
      assert.equal(readdirSync(logs).length, count + 3);
      const secret = /[0-9a-f]{48}/;
      for (const { pid } of servers())
        assert.doesNotMatch(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), secret);
      for (const file of readdirSync(logs))
        assert.doesNotMatch(readFileSync(path.join(logs, file), 'utf8'), secret, file);
    });

    assert.deepEqual(deployment.unexpectedExits(), []);
  });
}

test('a server that is killed is told with its last log lines, and the rest can still be stopped', async (t) => {
  const { deployment, end } = await deployForTest(await strategy('redis'), placement);
  t.after(async () => {
    assert.deepEqual(await end(), []);
    await assertNothingLeft([Number(new URL(deployment.url).port)]);
  });
  const redis = servers().find(({ pid }) =>
    /redis-server/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
  );
  process.kill(redis?.pid ?? assert.fail('no redis found'), 'SIGKILL');
  await until('the exit is noticed', 5_000, () => assert.equal(deployment.unexpectedExits().length, 1));
  const [exit] = deployment.unexpectedExits();
  assert.equal(exit?.service, 'cache-1');
  assert.equal(exit?.tier, 'store');
  assert.equal(exit?.cause, 'SIGKILL');
  assert.match(exit?.lastLogLines.join('\n') ?? '', /Ready to accept connections/);
  await deployment.freeze();
  await assert.rejects(deployment.thaw(), /cache-1 .*ended with SIGKILL/s);
});

test('a single server is killed, frozen and brought back, apps are drained and the balancer reloaded; none of it counts as an exit', async (t) => {
  const { deployment, end } = await deployForTest(await strategy('postgres'), placement);
  t.after(async () => assert.deepEqual(await end(), []));
  const client = new Client(deployment.url);
  assert.equal(await client.send('POST', { user: 'someone', payloadBytes: 100 }), 201);
  const database = deployment.servers.find(({ name }) => name === 'database-1') ?? assert.fail('no database');
  await database.kill();
  assert.equal(await client.send('GET'), 503);
  await database.restart();
  await until('the session is served again', 10_000, async () => assert.equal(await client.send('GET'), 200));
  await database.freeze();
  assert.equal(await client.send('GET'), 503);
  await database.thaw();
  await until('the session is served again', 10_000, async () => assert.equal(await client.send('GET'), 200));

  await deployment.untilReady();
  await deployment.balancer.reload();
  assert.equal(await client.send('GET'), 200);
  await deployment.balancer.drain('app-1');
  const readsOf = async () => (await deployment.requestCounts()).apps.map(({ read }) => read);
  const [before = 0] = await readsOf();
  for (let sent = 0; sent < 6; sent += 1) assert.equal(await client.send('GET'), 200);
  const [after] = await readsOf();
  assert.equal(after, before, 'an app that is drained gets no request');
  await deployment.balancer.admit('app-1');
  for (let sent = 0; sent < 6; sent += 1) await client.send('GET');
  assert.notEqual((await readsOf())[0], before);
  assert.deepEqual(deployment.unexpectedExits(), []);
});
