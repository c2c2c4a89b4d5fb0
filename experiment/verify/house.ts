/** A deployment that is started for checks, and stopped after them. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../infra/machine/errors.ts';
import type { Deployment, DeployOptions, Runtime, Strategy } from '../../infra/runtimes/runtime.ts';
import { appMain } from '../../infra/strategies.ts';
import type { ServerVersion } from '../../record/common.ts';
import { headlineOf } from '../../record/log-lines.ts';
import type { CheckResult } from '../../record/verification.ts';
import { STORE_TIMEOUT_MS } from '../store-timeout.ts';
import { resultOf } from './ask.ts';
import { unknown } from './check.ts';
import type { Checks } from './checks/index.ts';
import type { Surface } from './target.ts';
import type { Turns } from './turns.ts';

export interface Lives {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
}

export interface House {
  readonly runtime: Runtime;
  readonly placement: DeployOptions['placement'];
  readonly strategy: Strategy;
  readonly lives: Lives;
  readonly badRequests: Surface['badRequests'];
  readonly turns: Turns;
  /** Absolute path of the folder that gets the servers' logs. */
  readonly logs: string;
  /** Told of each error met while the deployment was stopped. */
  onStopError(error: Error): void;
}

export interface Visited {
  readonly versions: readonly ServerVersion[];
  readonly results: readonly CheckResult[];
}

/** The machine may be busy; less than the difference of short lives, so that an idle session is not ended by its age. */
const PATIENCE_SECONDS = 5;
/** Memcached counts whole seconds, and half of one is for the machine. */
const CLOCK_SECONDS = 1.5;

/** A window of a fraction of a millisecond is met in some of so many tries; they take about a second each time. */
const RACE_TRIES = 100;

/** As many as show whether sessions are shared. */
const APPS = 2;

/** Never throws: where the deployment does not start, no check has an answer. */
export async function inHouse(
  house: House,
  checks: Checks,
  ask: (surface: Surface, checks: Checks) => Promise<readonly CheckResult[]>,
): Promise<Visited> {
  let deployment: Deployment | null = null;
  try {
    deployment = await house.runtime.deploy(house.strategy, {
      apps: APPS,
      appMain,
      sessionTtlSeconds: house.lives.idleSeconds,
      sessionLifetimeSeconds: house.lives.absoluteSeconds,
      storeTimeoutMs: STORE_TIMEOUT_MS,
      userIndex: true,
      placement: house.placement,
      slowdown: null,
    });
    const results = await ask(surfaceOf(deployment, house), checks);
    return { versions: deployment.versions, results };
  } catch (error) {
    const why = unknown(`The servers did not start: ${headlineOf(messageOf(error))}`);
    return { versions: [], results: checks.map(([id]) => resultOf(id, why, 0)) };
  } finally {
    for (const error of (await deployment?.stop()) ?? []) house.onStopError(error);
  }
}

function surfaceOf(deployment: Deployment, { lives, badRequests, turns, logs }: House): Surface {
  const stores = deployment.servers.filter(({ tier }) => tier === 'store');
  return {
    balancer: deployment.balancerUrl,
    apps: deployment.appUrls,
    tied: deployment.strategy.topology.balancer.affinity === 'cookie',
    ...lives,
    badRequests,
    quietly: (work) => turns.quietly(work),
    loudly: (work) => turns.loudly(work),
    patienceSeconds: PATIENCE_SECONDS,
    clockSeconds: CLOCK_SECONDS,
    raceTries: RACE_TRIES,
    async logs() {
      await mkdir(logs, { recursive: true });
      await deployment.saveLogs(logs);
      const names = (await readdir(logs)).filter((name) => name.endsWith('.log'));
      const texts = names.map(async (name) => [name, await readFile(path.join(logs, name), 'utf8')] as const);
      return new Map(await Promise.all(texts));
    },
    countSessions: () => deployment.countSessions(),
    async memory() {
      // Of apps, garbage that is not collected yet would hide all else.
      const app = await deployment.liveMemory();
      const { balancer, store } = await deployment.meter();
      return new Map<string, number | null>([
        ['app', app],
        ['balancer', balancer.memoryBytes],
        ...(stores.length > 0 ? [['store', store.memoryBytes] as const] : []),
      ]);
    },
    exits: () => deployment.unexpectedExits().map(({ service, cause }) => `${service} (${cause})`),
    listeners: () => deployment.listeners(),
    knock: () => deployment.knock(),
    encryption: () => deployment.encryption(),
    insides: deployment.insides,
    storeCommands: () => deployment.storeCommands(),
    killStore:
      stores.length === 0
        ? null
        : async () => {
            await Promise.all(stores.map((each) => each.kill()));
          },
  };
}
