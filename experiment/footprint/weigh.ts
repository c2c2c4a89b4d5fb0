/** What sessions take at a moment, by the processes' memory and by the servers' own account. */
import type { Deployment, Holding } from '../../infra/runtimes/runtime.ts';
import { nothingTold } from '../../infra/services/definition.ts';
import type { Weighed } from '../../record/footprint.ts';
import type { RunContext } from '../context.ts';

/** A server that does not tell must not take the series with it. */
export const holdingOf = ({ population }: Pick<Deployment, 'population'>): Promise<Holding> =>
  population.holding().catch(() => nothingTold);

export const entriesOf = ({ population }: Deployment): Promise<number | null> =>
  population.entries().catch(() => null);

/** After apps and servers have given back what they do not need. */
export async function weigh(deployment: Deployment): Promise<Weighed> {
  const appCounted = await deployment.population.tidy();
  const holding = await holdingOf(deployment);
  const { store, app } = await deployment.meter();
  const hasServers = deployment.strategy.topology.services.length > 0;
  return {
    storeMemory: hasServers ? store.memoryBytes : null,
    storeCounted: holding.memoryBytes,
    storeDisk: holding.diskBytes,
    appMemory: app.memoryBytes,
    appCounted,
  };
}

/** Memory that is given back goes in steps: jemalloc keeps what was freed for some 10 s. */
const LONGEST_SETTLING_MS = 15_000;
const LOOK_MS = 1_000;
/** Two looks that differ by less are the same. */
const SAME = 0.01;
const STEADY_LOOKS = 3;

/** Weighs again and again until nothing changes any more, for a bounded time. */
export async function weighSettled(
  deployment: Deployment,
  { machine, signal }: Pick<RunContext, 'machine' | 'signal'>,
): Promise<Weighed> {
  let last = await weigh(deployment);
  let steady = 0;
  for (let waited = 0; waited < LONGEST_SETTLING_MS && steady < STEADY_LOOKS; waited += LOOK_MS) {
    await machine.pass(LOOK_MS, signal);
    signal.throwIfAborted();
    const next = await weigh(deployment);
    steady = alike(last, next) ? steady + 1 : 0;
    last = next;
  }
  return last;
}

const alike = (before: Weighed, after: Weighed): boolean =>
  [
    [before.storeMemory, after.storeMemory],
    [before.appMemory, after.appMemory],
  ].every(([a, b]) => a == null || b == null || Math.abs(a - b) <= SAME * Math.max(a, b));
