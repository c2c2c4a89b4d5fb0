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

/** Counters first and usage last, so that the cost of asking is not measured. */
export async function readBefore(deployment: Deployment, machine: MachineView): Promise<Reading> {
  const storeCommands = await toldBy(deployment.storeCommands());
  const requests = await toldBy(deployment.requestCounts());
  const processes = machine.processes();
  const usage = await deployment.meter();
  return { usage, requests, storeCommands, activity: { processes, cpu: await machine.cpuTimes() } };
}

/** Usage first and counters last, for the same reason. */
export async function readAfter(deployment: Deployment, machine: MachineView): Promise<Reading> {
  const cpu = await machine.cpuTimes();
  const usage = await deployment.meter();
  const activity = { cpu, processes: machine.processes() };
  const requests = await toldBy(deployment.requestCounts());
  return { usage, requests, storeCommands: await toldBy(deployment.storeCommands()), activity };
}

/** What stalls when it is asked must not take the trial with it in which it stalled. */
const toldBy = <Told>(question: Promise<Told>): Promise<Told | null> => question.catch(() => null);

function usageBetween(before: TierUsage, after: TierUsage): TierUsage {
  return { cpuMicros: Math.max(0, after.cpuMicros - before.cpuMicros), memoryBytes: after.memoryBytes };
}

const total = ({ login, read, write, logout }: RequestCounts['apps'][number]): number =>
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
  /** Share of the host's CPU time that the hypervisor gave to others; null where unknown. */
  readonly stealShare: number | null;
  /** Share of the host's CPU time that went to none of our tiers; null where unknown. */
  readonly foreignShare: number | null;
  /** Who used the host's CPU time besides; the loudest first. */
  readonly loud: readonly LoudUser[];
}

/** @param generatorMicros CPU time of the generator in the meantime; null where unknown */
export function between(
  before: Reading,
  after: Reading,
  generatorMicros: number | null,
  isOwn: OwnProcess,
): Metered {
  const usage = {
    balancer: usageBetween(before.usage.balancer, after.usage.balancer),
    app: usageBetween(before.usage.app, after.usage.app),
    store: usageBetween(before.usage.store, after.usage.store),
  };
  return {
    usage,
    requests: before.requests && after.requests && requestsBetween(before.requests, after.requests),
    storeCommands:
      before.storeCommands &&
      after.storeCommands &&
      commandsBetween(before.storeCommands, after.storeCommands),
    ...hostShares(before.activity.cpu, after.activity.cpu, usage, generatorMicros),
    loud: noiseBetween(before.activity, after.activity, isOwn)?.loud ?? [],
  };
}

const requestsBetween = (before: RequestCounts, after: RequestCounts) => ({
  balancer: after.balancer - before.balancer,
  byBalancer: after.byBalancer - before.byBalancer,
  apps: after.apps.map((counters, index) => {
    const earlier = before.apps[index];
    return total(counters) - (earlier ? total(earlier) : 0);
  }),
});

type Commands = Readonly<Record<string, number>>;

const commandsBetween = (before: Commands, after: Commands): Commands =>
  Object.fromEntries(
    Object.entries(after)
      .map(([command, count]): [string, number] => [command, count - (before[command] ?? 0)])
      .filter(([, count]) => count !== 0),
  );

function hostShares(
  before: Activity['cpu'],
  after: Activity['cpu'],
  { balancer, app, store }: MeterReading,
  generatorMicros: number | null,
): Pick<Metered, 'stealShare' | 'foreignShare'> {
  if (!before || !after) return { stealShare: null, foreignShare: null };
  const servers = balancer.cpuMicros + app.cpuMicros + store.cpuMicros;
  return {
    stealShare: stealShareBetween(before, after),
    foreignShare:
      generatorMicros === null ? null : foreignShareBetween(before, after, servers + generatorMicros),
  };
}
