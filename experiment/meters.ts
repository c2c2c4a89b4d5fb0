/** Readings taken between phases, when no request is in flight, and their differences. */
import {
  type CpuTimes,
  foreignShareBetween,
  readCpuTimes,
  stealShareBetween,
} from '../infra/machine/host.ts';
import type { Deployment, MeterReading, RequestCounts, TierUsage } from '../infra/runtimes/runtime.ts';

export interface Reading {
  readonly at: number;
  readonly usage: MeterReading;
  readonly requests: RequestCounts;
  readonly storeCommands: Readonly<Record<string, number>>;
  readonly cpu: CpuTimes | null;
}

/** Counters first and usage last, so that the cost of asking is not measured. */
export async function readBefore(deployment: Deployment): Promise<Reading> {
  const storeCommands = await deployment.storeCommands();
  const requests = await deployment.requestCounts();
  const usage = await deployment.meter();
  return { at: performance.now(), usage, requests, storeCommands, cpu: await readCpuTimes() };
}

/** Usage first and counters last, for the same reason. */
export async function readAfter(deployment: Deployment): Promise<Reading> {
  const at = performance.now();
  const cpu = await readCpuTimes();
  const usage = await deployment.meter();
  const requests = await deployment.requestCounts();
  return { at, usage, requests, storeCommands: await deployment.storeCommands(), cpu };
}

function usageBetween(before: TierUsage, after: TierUsage): TierUsage {
  return { cpuMicros: Math.max(0, after.cpuMicros - before.cpuMicros), memoryBytes: after.memoryBytes };
}

const total = (counters: RequestCounts['apps'][number]): number =>
  counters.login + counters.read + counters.write + counters.logout;

export interface Metered {
  readonly seconds: number;
  readonly usage: MeterReading;
  readonly requests: { readonly balancer: number; readonly apps: readonly number[] };
  readonly storeCommands: Readonly<Record<string, number>>;
  readonly stealShare: number | null;
  /** Share of the host's CPU time that went to none of our tiers; null where unknown. */
  foreignShare(generatorMicros: number): number | null;
}

export function between(before: Reading, after: Reading): Metered {
  const usage = {
    balancer: usageBetween(before.usage.balancer, after.usage.balancer),
    app: usageBetween(before.usage.app, after.usage.app),
    store: usageBetween(before.usage.store, after.usage.store),
  };
  const servers = usage.balancer.cpuMicros + usage.app.cpuMicros + usage.store.cpuMicros;
  return {
    seconds: (after.at - before.at) / 1000,
    usage,
    foreignShare: (generatorMicros) =>
      before.cpu && after.cpu ? foreignShareBetween(before.cpu, after.cpu, servers + generatorMicros) : null,
    requests: {
      balancer: after.requests.balancer - before.requests.balancer,
      apps: after.requests.apps.map((counters, index) => {
        const earlier = before.requests.apps[index];
        return total(counters) - (earlier ? total(earlier) : 0);
      }),
    },
    storeCommands: Object.fromEntries(
      Object.entries(after.storeCommands)
        .map(([command, count]): [string, number] => [command, count - (before.storeCommands[command] ?? 0)])
        .filter(([, count]) => count !== 0),
    ),
    stealShare: before.cpu && after.cpu ? stealShareBetween(before.cpu, after.cpu) : null,
  };
}
