/** An app that stands still for a second is seen in full, as a generator that waits for its answers would not. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { choosePlacement } from '../../infra/machine/placement.ts';
import { createNativeRuntime } from '../../infra/runtimes/index.ts';
import { appMain, discoverStrategies } from '../../infra/strategies.ts';
import { histogramLine } from '../../record/engine.ts';
import { decodeHistogram, Histogram } from '../../record/histogram.ts';
import { repository, temporaryFolder } from '../command.ts';
import { family } from '../processes.ts';

const STALL_MS = 1000;

/** Stops the processes of the app, and nothing else, from getting CPU time. */
async function stallApps(): Promise<void> {
  const apps = family(process.pid).filter(({ command }) => command.includes('servers/app/main.ts'));
  assert.equal(apps.length, 2);
  for (const { pid } of apps) process.kill(pid, 'SIGSTOP');
  await pause(STALL_MS);
  for (const { pid } of apps) process.kill(pid, 'SIGCONT');
}

async function p999OfReads(
  folder: string,
): Promise<{ readonly intendedMs: number; readonly serviceMs: number }> {
  const [intended, service] = [new Histogram(), new Histogram()];
  for (const line of (await readFile(path.join(folder, 'histograms.jsonl'), 'utf8')).trim().split('\n')) {
    const second = histogramLine.parse(JSON.parse(line));
    if (second.phase !== 'measure' || second.operation !== 'read') continue;
    intended.add(decodeHistogram(second.intended));
    service.add(decodeHistogram(second.service));
  }
  return { intendedMs: intended.valueAt(99.9) / 1000, serviceMs: service.valueAt(99.9) / 1000 };
}

test('a stall of one second is about one second in p99.9, which service time hides', async (context) => {
  const folder = await temporaryFolder(context);
  const runtime = await createNativeRuntime({ signal: new AbortController().signal, progress: () => {} });
  context.after(async () => {
    assert.deepEqual(await runtime.close(), []);
  });
  const sticky = (await discoverStrategies()).filter(({ name }) => name === 'sticky');
  assert.deepEqual(await runtime.provision(sticky, () => {}), [{ status: 'available', strategy: 'sticky' }]);
  const placement = await choosePlacement();
  const [strategy = assert.fail('there is no sticky strategy')] = sticky;
  const options = {
    apps: 2,
    appMain,
    sessionTtlSeconds: 600,
    storeTimeoutMs: 2000,
    placement,
    slowdown: null,
  };
  const deployment = await runtime.deploy(strategy, options);

  let stalled = false;
  const outcome = await runtime.generate(deployment, {
    script: path.join(repository, 'scenarios/read-heavy.ts'),
    env: {
      SESSION_TARGET: deployment.url,
      SESSION_RATE: '500',
      SESSION_DURATION: '8',
      SESSION_WARMUP: '1',
      SESSION_SESSIONS: '200',
      // Only what is under way when the stall begins has a long service time: two in four thousand.
      SESSION_CONNECTIONS: '2',
      SESSION_OUT: folder,
    },
    outputFolder: folder,
    placement,
    signal: new AbortController().signal,
    async onEvent(event) {
      if (event.type !== 'second' || event.phase !== 'measure' || stalled) return;
      stalled = true;
      await stallApps();
    },
  });
  assert.equal(outcome.status, 'finished');
  assert.ok(stalled);
  const { intendedMs, serviceMs } = await p999OfReads(folder);
  assert.ok(intendedMs > STALL_MS * 0.9, `p99.9 from the intended start is ${intendedMs} ms`);
  assert.ok(serviceMs < STALL_MS * 0.5, `p99.9 of the service time is ${serviceMs} ms`);
});
