import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../../infra/machine/until.ts';
import type { AppConfig } from '../contract/app.ts';
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

async function run(t: TestContext, config: AppConfig): Promise<Running> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sb-app-'));
  const file = path.join(folder, 'app.json');
  await writeFile(file, JSON.stringify(config));
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

// Each starts a process of its own.
describe('the app process', { concurrency: true }, () => {
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

  test('an app that cannot start says why and ends with 1', async (t) => {
    const { ended } = await run(t, configForTest({}, '/nowhere/store.ts'));
    const { code, stderr } = await ended;
    assert.equal(code, 1);
    assert.match(stderr, /^StoreOpenError: \/nowhere\/store\.ts cannot be loaded/m);
  });
});
