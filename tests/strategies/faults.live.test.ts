/** Each faulty strategy gives exactly as many wrong answers as it says, all of its own class. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { Client, configForTest, token } from '../../servers/app/testing/app-client.ts';
import { freePort } from '../../servers/app/testing/free-port.ts';

const folder = import.meta.dirname;
const main = path.resolve(folder, '../../servers/app/main.ts');

interface FaultyApp {
  readonly url: string;
  readonly adminUrl: string;
  /** Kinds of the faults so far, by the app's log. */
  readonly injected: readonly string[];
}

async function start(t: TestContext, strategy: string, env: Record<string, string>): Promise<FaultyApp> {
  const config = await mkdtemp(path.join(tmpdir(), 'sb-faults-'));
  const port = await freePort();
  const file = path.join(config, 'app.json');
  const storeModule = path.join(folder, strategy, 'store.ts');
  const good = configForTest({}, storeModule);
  const admin = { ...good.admin, port: await freePort() };
  await writeFile(file, JSON.stringify({ ...good, listen: { ...good.listen, port }, admin }));
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...env, SESSION_APP_CONFIG: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  t.after(async () => {
    child.kill('SIGKILL');
    await closed;
    await rm(config, { recursive: true });
  });
  const injected: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const { msg, kind } = JSON.parse(line);
    if (msg === 'fault injected') injected.push(kind);
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the app is alive', 20_000, async () => assert.ok((await fetch(`${url}/health`)).ok));
  return { url, adminUrl: `http://127.0.0.1:${admin.port}`, injected };
}

interface Tally {
  lost: number;
  stale: number;
  crossed: number;
  resurrected: number;
  reads: number;
}

/** A user who does some of everything and checks each answer. */
async function use(app: FaultyApp, user: string, tally: Tally): Promise<void> {
  const client = new Client(app);
  await client.login(user, 64);
  let version = 1;
  const check = (status: number, body: unknown): void => {
    if (status === 401) tally.lost += 1;
    else if (Object(body).user !== user) tally.crossed += 1;
    else if (Object(body).version < version) tally.stale += 1;
    else assert.equal(Object(body).version, version);
  };
  for (let turn = 0; turn < 12; turn += 1) {
    const { cookie } = client;
    if (turn % 3 === 1) {
      version += 1;
      const { status, body } = await client.write(turn % 8);
      check(status, body);
    } else {
      tally.reads += 1;
      const { status, body } = await client.read();
      check(status, body);
    }
    client.cookie = cookie;
  }
  const { cookie } = client;
  assert.equal((await client.logout()).status, 204);
  client.cookie = cookie;
  if ((await client.read()).status !== 401) tally.resurrected += 1;
}

const classes = [
  ['loses', 'lost'],
  ['serves-old', 'stale'],
  ['mixes-users', 'crossed'],
  ['forgets-logout', 'resurrected'],
] as const;

for (const [strategy, kind] of classes) {
  for (const faults of [0, 1, 6]) {
    test(`${strategy} with ${faults} faults gives exactly so many answers that are ${kind}`, async (t) => {
      const app = await start(t, strategy, {
        SESSION_BENCH_FAULTS: String(faults),
        SESSION_BENCH_FAULTS_AFTER: '50',
        SESSION_BENCH_FAULTS_EVERY: '3',
      });
      const tally: Tally = { lost: 0, stale: 0, crossed: 0, resurrected: 0, reads: 0 };
      const users = Array.from({ length: 40 }, (_, number) => `user ${number}`);
      for (let first = 0; first < users.length; first += 8) {
        await Promise.all(users.slice(first, first + 8).map((user) => use(app, user, tally)));
      }
      const { reads, ...wrong } = tally;
      assert.deepEqual(wrong, { lost: 0, stale: 0, crossed: 0, resurrected: 0, [kind]: faults });
      await until('the log is read', 5_000, () => assert.deepEqual(app.injected, Array(faults).fill(kind)));
      assert.ok(reads > 0);
    });
  }
}

test('no fault comes before its time', async (t) => {
  const app = await start(t, 'loses', {
    SESSION_BENCH_FAULTS: '3',
    SESSION_BENCH_FAULTS_AFTER: '100',
    SESSION_BENCH_FAULTS_EVERY: '1',
  });
  const client = new Client(app);
  await client.login();
  const { cookie } = client;
  const statuses: number[] = [];
  for (let get = 0; get < 110; get += 1) {
    statuses.push((await client.read()).status);
    client.cookie = cookie;
  }
  assert.deepEqual(statuses, [...Array(100).fill(200), 401, 401, 401, ...Array(7).fill(200)]);
});

test('unless told otherwise, faults wait for the harness to begin measuring', async (t) => {
  const app = await start(t, 'loses', { SESSION_BENCH_FAULTS: '2', SESSION_BENCH_FAULTS_EVERY: '1' });
  const client = new Client(app);
  await client.login();
  const { cookie } = client;
  const read = async (): Promise<number> => {
    client.cookie = cookie;
    return (await client.read()).status;
  };
  for (let get = 0; get < 20; get += 1) assert.equal(await read(), 200);
  await new Client({ url: app.adminUrl }, { authorization: `Bearer ${token}` }).request('GET', '/counters');
  assert.deepEqual([await read(), await read(), await read()], [401, 401, 200]);
});

test('a setting that is no number is a mistake', async () => {
  const { faultSettings } = await import('./faults/fault-plan.ts');
  assert.throws(
    () => faultSettings({ SESSION_BENCH_FAULTS: 'many' }),
    /SESSION_BENCH_FAULTS must be a whole number/,
  );
});

test('the faulty strategies are found as strategies', async () => {
  const found = await discoverStrategies([folder]);
  assert.deepEqual(
    found.map(({ name }) => name),
    [
      ...['fails-reads', 'forgets-logout', 'loses', 'mixes-users', 'one-at-a-time', 'serves-old'],
      ...['sticky-no-affinity', 'undoes-logouts', 'without-clear'],
    ],
  );
});
