/**
 * `--rate auto`: one rate that every selected strategy can sustain with room. Each strategy is driven in a closed loop
 * for a moment; half of what the slowest gave is the rate.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Deployment, Placement, Runtime } from '../infra/runtimes/runtime.ts';
import { engineResult } from '../record/engine.ts';
import { type Plan, trialSeed } from './plan.ts';
import { scriptEnvironment } from './trial.ts';

/** Room that the slowest strategy keeps: queues stay short at half of the capacity (utilisation law, M/M/1). */
const SHARE_OF_SLOWEST = 0.5;

/** Sessions alive while sizing up: enough to keep all connections busy, few enough to log in at once. */
const PROBE_SESSIONS = 500;

export interface FoundRate {
  readonly value: number;
  readonly mode: 'auto' | 'given';
  readonly explanation: string;
  readonly probed: Record<string, number>;
}

/** Closed-loop throughput of one deployment in requests per second. */
export async function probeCapacity(
  runtime: Runtime,
  deployment: Deployment,
  plan: Plan,
  placement: Placement,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  try {
    await deployment.clear();
    const outcome = await runtime.generate(deployment, {
      script: plan.scenario.script,
      env: {
        ...scriptEnvironment(plan, deployment.url, folder, trialSeed(plan, 0)),
        SESSION_LOOP: 'closed',
        SESSION_SESSIONS: String(Math.min(plan.workload.sessions, PROBE_SESSIONS)),
        SESSION_WARMUP: String(plan.probeSeconds),
        SESSION_DURATION: String(plan.probeSeconds),
      },
      outputFolder: folder,
      placement,
      signal,
      onEvent: () => {},
    });
    if (outcome.status === 'failed') {
      throw new Error(`k6 ended with ${outcome.exitCode}: ${outcome.lastLogLines.slice(-5).join(' | ')}`);
    }
    const { measure } = engineResult.parse(
      JSON.parse(await readFile(path.join(folder, 'engine.json'), 'utf8')),
    ).phases;
    return measure.seconds > 0 ? measure.requests / measure.seconds : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Two significant digits, downwards: a rate that a person can remember. */
export function roundDown(rate: number): number {
  if (rate < 1) return 1;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.max(1, Math.floor(rate / unit) * unit);
}

/** @throws Error when no strategy gave an answer. */
export function chooseRate(probed: Readonly<Record<string, number>>): FoundRate {
  const answered = Object.entries(probed).filter(([, rate]) => rate > 0);
  const slowest = answered.reduce<[string, number] | null>(
    (least, each) => (least && least[1] <= each[1] ? least : each),
    null,
  );
  if (!slowest) throw new Error('no strategy answered a single request, so no common rate could be found');
  const value = roundDown(slowest[1] * SHARE_OF_SLOWEST);
  return {
    value,
    mode: 'auto',
    probed: Object.fromEntries(Object.entries(probed).map(([name, rate]) => [name, Math.round(rate)])),
    explanation:
      `${value} operations/s: half of what the slowest strategy (${slowest[0]}, ${Math.round(slowest[1])}/s) ` +
      'gave in a closed loop, rounded down',
  };
}

export const givenRate = (value: number): FoundRate => ({
  value,
  mode: 'given',
  explanation: `${value} operations/s, as given on the command line`,
  probed: {},
});
