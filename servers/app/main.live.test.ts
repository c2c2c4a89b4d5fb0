import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
import { Client, configForTest } from './testing/app-client.ts';
import { freePort } from './testing/free-port.ts';

const main = path.resolve(import.meta.dirname, 'main.ts');
const sticky = path.resolve(import.meta.dirname, '../strategies/sticky/store.ts');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

async function run(t: TestContext, config: unknown): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sb-app-'));
  const file = path.join(folder, 'app.json');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, SESSION_APP_CONFIG: file },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = text(child.stderr);
  const ended = once(child, 'close').then(async ([code, signal]) => ({ code, signal, stderr: await stderr }));
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  });
  return { process: child, ended };
}

async function startMain(
  t: TestContext,
): Promise<Running & { readonly client: Client; readonly url: string }> {
  const port = await freePort();
  const running = await run(t, { ...configForTest({}, sticky), listen: { host: '127.0.0.1', port } });
  const url = `http://127.0.0.1:${port}`;
  const client = new Client({ url });
  await until('the app is ready', 20_000, async () => {
    assert.equal((await client.request('GET', '/ready')).status, 200);
  });
  return { ...running, client, url };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the app with 0, though a client keeps its connection open`, async (t) => {
    const { process: child, ended, client } = await startMain(t);
    await client.login();
    child.kill(signal);
    child.kill(signal);
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
  });
}

test('a request that is under way when the app is told to stop gets its answer', async (t) => {
  const { process: child, ended, url } = await startMain(t);
  const body = JSON.stringify({ user: 'ann', payloadBytes: 10 });
  let send: (() => void) | undefined;
  const slow = new ReadableStream<Uint8Array>({
    start(controller) {
      const bytes = new TextEncoder().encode(body);
      controller.enqueue(bytes.slice(0, 5));
      send = () => {
        controller.enqueue(bytes.slice(5));
        controller.close();
      };
    },
  });
  // Node's fetch sends streams only when told that the answer comes after the whole request.
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: slow,
    duplex: 'half',
  };
  const answer = fetch(`${url}/session`, init);
  // Requests that the app has begun are counted; the admin listener would tell, readiness changes as well.
  await until('the first bytes are there', 5_000, async () => {
    assert.equal((await fetch(`${url}/health`)).status, 200);
  });
  child.kill('SIGTERM');
  await until('the app takes no new connections', 5_000, async () => {
    await assert.rejects(fetch(`${url}/health`, { headers: { connection: 'close' } }));
  });
  send?.();
  assert.equal((await answer).status, 201);
  assert.equal((await ended).code, 0);
});

test('without a configuration the app says which variable to set', async () => {
  const { SESSION_APP_CONFIG: _, ...env } = process.env;
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const stderr = text(child.stderr);
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(await stderr, /SESSION_APP_CONFIG is not set/);
});

test('all mistakes of a configuration are told together', async (t) => {
  const good = configForTest({}, sticky);
  const { ended } = await run(t, {
    ...good,
    session: { secret: 'short', ttlSeconds: 0 },
    storeTimeoutMs: '1000',
    surprise: true,
  });
  const { code, stderr } = await ended;
  assert.equal(code, 1);
  for (const mistake of ['session.secret', 'session.ttlSeconds', 'storeTimeoutMs', 'surprise'])
    assert.match(stderr, new RegExp(mistake));
});

test('a configuration that is no JSON, and a store that cannot be loaded', async (t) => {
  const broken = await (await run(t, '{')).ended;
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /cannot be read as JSON/);
  const missing = await (await run(t, configForTest({}, '/nowhere/store.ts'))).ended;
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /\/nowhere\/store\.ts cannot be loaded/);
  const noStore = await (await run(t, configForTest({}, path.resolve(import.meta.dirname, 'counters.ts'))))
    .ended;
  assert.equal(noStore.code, 1);
  assert.match(noStore.stderr, /default export/);
});

test('a store whose servers are not there ends the app with the reason', async (t) => {
  const redis = path.resolve(import.meta.dirname, '../strategies/redis/store.ts');
  const nowhere = { cache: [{ host: '127.0.0.1', port: await freePort(), password: 'x' }] };
  const gone = await (await run(t, { ...configForTest({}, redis), endpoints: nowhere })).ended;
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /The store of "trial" cannot be opened/);
  const untold = await (await run(t, configForTest({}, redis))).ended;
  assert.equal(untold.code, 1);
  assert.match(untold.stderr, /no endpoint is named "cache"/);
});

test('a port that is taken ends the app with the reason', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const address = other.address();
  assert.ok(address && typeof address === 'object');
  const { ended } = await run(t, {
    ...configForTest({}, sticky),
    listen: { host: '127.0.0.1', port: address.port },
  });
  const { code, stderr } = await ended;
  assert.equal(code, 1);
  assert.match(stderr, /EADDRINUSE/);
});
