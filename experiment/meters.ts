/** Readings taken between phases, when no request is in flight, and their differences. */
import { foreignShareBetween, stealShareBetween } from '../infra/machine/host.ts';
import { type Activity, type MachineView, noiseBetween, type OwnProcess } from '../infra/machine/noise.ts';
import type { Deployment, MeterReading, RequestCounts, TierUsage } from '../infra/runtimes/runtime.ts';
import type { LoudUser } from '../record/noise.ts';

export interface Reading {
  readonly usage: MeterReading;
  /** Null where the balancer or an app did not tell: it may be what stalls. */
  readonly requests: RequestCounts | null;
  /** Null where a server did not tell. */
  readonly storeCommands: Readonly<Record<string, number>> | null;
  readonly activity: Activity;
}

type Counted = Omit<Reading, 'usage' | 'activity'>;

/**
 * Of deployments that are measured over the same time: counters first and usage last, so that the cost of asking is not
 * measured.
 */
export async function readBefore(
  deployments: readonly Deployment[],
  machine: MachineView,
): Promise<readonly Reading[]> {
  const counted: Counted[] = [];
  for (const deployment of deployments) {
    const storeCommands = await toldBy(deployment.storeCommands());
    counted.push({ storeCommands, requests: await toldBy(deployment.requestCounts()) });
  }
  const processes = machine.processes();
  const usages = await usagesOf(deployments);
  return together(counted, usages, { processes, cpu: await machine.cpuTimes() });
}

/** Usage first and counters last, for the same reason. */
export async function readAfter(
  deployments: readonly Deployment[],
  machine: MachineView,
): Promise<readonly Reading[]> {
  const cpu = await machine.cpuTimes();
  const usages = await usagesOf(deployments);
  const activity = { cpu, processes: machine.processes() };
  const counted: Counted[] = [];
  for (const deployment of deployments) {
    const requests = await toldBy(deployment.requestCounts());
    counted.push({ requests, storeCommands: await toldBy(deployment.storeCommands()) });
  }
  return together(counted, usages, activity);
}

async function usagesOf(deployments: readonly Deployment[]): Promise<readonly MeterReading[]> {
  const usages: MeterReading[] = [];
  for (const deployment of deployments) usages.push(await deployment.meter());
  return usages;
}

const together = (
  counted: readonly Counted[],
  usages: readonly MeterReading[],
  activity: Activity,
): readonly Reading[] =>
  usages.flatMap((usage, index) => {
    const counts = counted[index];
    return counts ? [{ ...counts, usage, activity }] : [];
  });

/** What stalls when it is asked must not take the trial with it in which it stalled. */
const toldBy = <Told>(question: Promise<Told>): Promise<Told | null> => question.catch(() => null);

function usageBetween(before: TierUsage, after: TierUsage): TierUsage {
  return { cpuMicros: Math.max(0, after.cpuMicros - before.cpuMicros), memoryBytes: after.memoryBytes };
}

/** Requests that an app has counted. */
export const requestsOf = ({ login, read, write, logout }: RequestCounts['apps'][number]): number =>
  login + read + write + logout;

/** What happened between two readings. */
export interface Metered {
  readonly usage: MeterReading;
  readonly requests: {
    readonly balancer: number;
    readonly byBalancer: number;
    readonly apps: readonly number[];
  } | null;
  readonly storeCommands: Readonly<Record<string, number>> | null;
}

export function between(before: Reading, after: Reading): Metered {
  return {
    usage: {
      balancer: usageBetween(before.usage.balancer, after.usage.balancer),
      app: usageBetween(before.usage.app, after.usage.app),
      store: usageBetween(before.usage.store, after.usage.store),
      network: usageBetween(before.usage.network, after.usage.network),
    },
    requests: before.requests && after.requests && requestsBetween(before.requests, after.requests),
    storeCommands:
      before.storeCommands &&
      after.storeCommands &&
      commandsBetween(before.storeCommands, after.storeCommands),
  };
}

const requestsBetween = (before: RequestCounts, after: RequestCounts) => ({
  balancer: after.balancer - before.balancer,
  byBalancer: after.byBalancer - before.byBalancer,
  apps: after.apps.map((counters, index) => {
    const earlier = before.apps[index];
    return requestsOf(counters) - (earlier ? requestsOf(earlier) : 0);
  }),
});

type Commands = Readonly<Record<string, number>>;

const commandsBetween = (before: Commands, after: Commands): Commands =>
  Object.fromEntries(
    Object.entries(after)
      .map(([command, count]): [string, number] => [command, count - (before[command] ?? 0)])
      .filter(([, count]) => count !== 0),
  );

/** The proxies' too: what they use is the run's doing, and nobody else's. */
export const serversMicros = ({ balancer, app, store, network }: MeterReading): number =>
  balancer.cpuMicros + app.cpuMicros + store.cpuMicros + network.cpuMicros;

/** What became of the host's CPU time between two readings. */
export interface HostUse {
  /** Share that the hypervisor gave to others; null where unknown. */
  readonly stealShare: number | null;
  /** Share that went to nothing of ours; null where unknown. */
  readonly foreignShare: number | null;
  /** Who used it besides; the loudest first. */
  readonly loud: readonly LoudUser[];
}

/** @param ourMicros CPU time in the meantime of all servers and generators that were measured; null where unknown */
export function hostUse(
  { activity: before }: Reading,
  { activity: after }: Reading,
  ourMicros: number | null,
  isOwn: OwnProcess,
): HostUse {
  const loud = noiseBetween(before, after, isOwn)?.loud ?? [];
  if (!before.cpu || !after.cpu) return { stealShare: null, foreignShare: null, loud };
  return {
    stealShare: stealShareBetween(before.cpu, after.cpu),
    foreignShare: ourMicros === null ? null : foreignShareBetween(before.cpu, after.cpu, ourMicros),
    loud,
  };
}
