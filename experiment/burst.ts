/** A burst: a deployment is driven in a closed loop, so that its code is warm and its throughput is known. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Deployment } from '../infra/runtimes/runtime.ts';
import { engineResult } from '../record/engine.ts';
import type { RunContext } from './context.ts';
import { type Setting, trialSeed } from './plan.ts';
import { failureOf, scriptEnvironment } from './trial.ts';

/** Sessions alive in a burst: enough to keep all connections busy, few enough to log in at once. */
const BURST_SESSIONS = 500;

/**
 * Runs a burst on a deployment that is thawed.
 * @returns requests per second in the second half of the burst
 * @throws Error when the generator failed
 */
export async function runBurst(
  deployment: Deployment,
  setting: Setting,
  { runtime, placement, results, signal }: RunContext,
): Promise<number> {
  const folder = path.join(results.path, 'burst');
  const half = String(setting.burstSeconds / 2);
  await mkdir(folder, { recursive: true });
  try {
    await deployment.clear();
    const outcome = await runtime.generate(deployment, {
      script: setting.script,
      env: {
        ...scriptEnvironment(setting, deployment.url, folder, trialSeed(setting, 0)),
        SESSION_LOOP: 'closed',
        SESSION_SESSIONS: String(Math.min(setting.workload.sessions, BURST_SESSIONS)),
        SESSION_WARMUP: half,
        SESSION_DURATION: half,
      },
      outputFolder: folder,
      placement,
      signal,
      onEvent() {},
    });
    const failure = failureOf(outcome);
    if (failure !== null) throw new Error(`k6 ended with ${failure}`);
    const text = await readFile(path.join(folder, 'engine.json'), 'utf8');
    const { seconds, requests } = engineResult.parse(JSON.parse(text)).phases.measure;
    return seconds > 0 ? requests / seconds : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
