/** A burst: a deployment is driven in a closed loop, so that its code is warm and its throughput is known. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Deployment } from '../infra/runtimes/runtime.ts';
import type { EngineResult } from '../record/engine.ts';
import { failureIn, failureInWords, withoutRightAnswer } from '../record/failure.ts';
import type { RunContext } from './context.ts';
import { failureOf, readEngineResult, scriptEnvironment } from './load.ts';
import { type Setting, trialSeed } from './plan.ts';

/** Sessions alive in a burst: enough to keep all connections busy, few enough to log in at once. */
const BURST_SESSIONS = 500;

/** What came of a burst. A strategy that fails sets no rate. */
export type Burst =
  /** Requests per second that got a right answer. */
  | { readonly status: 'answered'; readonly strategy: string; readonly rate: number }
  /** The strategy left too many requests without a right answer. */
  | { readonly status: 'unanswered'; readonly strategy: string }
  /** Something else failed, or the run was interrupted. */
  | { readonly status: 'failed'; readonly strategy: string };

/** The strategy answered so little that there is no throughput to speak of. */
export class BurstUnanswered extends Error {
  override readonly name = 'BurstUnanswered';
}

/**
 * Runs a burst on a deployment that is thawed.
 * @returns requests per second that got a right answer, in the second half of the burst
 * @throws BurstUnanswered when too many requests got no right answer: what fails at once is no throughput
 * @throws Error when the generator failed
 */
export async function runBurst(
  deployment: Deployment,
  setting: Setting,
  { runtime, placement, results, signal }: RunContext,
): Promise<number> {
  const folder = path.join(results.path, `burst-${deployment.strategy.name}`);
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
    const engine = await readEngineResult(folder);
    if (engine) assertAnswered(engine);
    const failure = failureOf(outcome);
    if (failure !== null) throw new Error(`k6 ended with ${failure}`);
    if (!engine) throw new Error('k6 wrote no result that can be read');
    const { seconds, requests, operations } = engine.phases.measure;
    return seconds > 0 ? (requests - withoutRightAnswer(operations)) / seconds : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Also where the engine gave up, as it does when the population cannot log in or nothing is answered any more. */
function assertAnswered({ status, failure, phases }: EngineResult): void {
  const { seed, warmup, measure } = phases;
  const found = failureIn([measure.operations]);
  if (found) throw new BurstUnanswered(failureInWords(found));
  const gaveUp = status === 'failed' && failureIn([seed.operations, warmup.operations]) !== null;
  if (gaveUp) throw new BurstUnanswered(failure ?? 'too many requests got no right answer');
}
