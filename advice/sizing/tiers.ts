/** What each tier of an option carries, and by which rules its servers are counted. */
import { reachOf } from '../evidence/basis.ts';
import type { LoadNumbers, StrategyEvidence, TestedRates } from '../evidence/evidence.ts';
import { type Structure, structureOf } from '../evidence/on-paper.ts';
import { sessionsAlive } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';
import type { ServerSize, TierLoad, TierRules } from './layout.ts';
import type { Memory } from './memory.ts';
import { farthestRate } from './rate-reach.ts';

export interface Tier {
  readonly load: TierLoad;
  readonly rules: TierRules;
}

type Named = Pick<StrategyEvidence, 'name' | 'onPaper'>;

/** What the tiers of an option are counted from. */
export interface Grounds {
  readonly strategy: Named & Pick<StrategyEvidence, 'alsoSeen' | 'load' | 'behind'>;
  readonly wishes: Wishes;
  readonly load: LoadNumbers;
  /** The rates at which the strategy was seen to answer. */
  readonly tested: TestedRates;
  readonly memory: Memory;
}

/** One may end, for a deployment say, while the other goes on. */
const fewestApps = 2;
/** The busiest app of a cookie's affinity over the mean, where nobody has measured it. */
export const stickyHeadroom = 1.25;

export const isInApps = (strategy: Pick<Named, 'onPaper'>): boolean =>
  structureOf(strategy).spread.kind === 'apps';

const coresFor = (rate: number, micros: number): number => (rate * micros) / 1e6;
const unlimited = (): number => Number.POSITIVE_INFINITY;

/** A process for each vCPU, since one of Node.js uses one core. */
export const processesOf = (size: Pick<ServerSize, 'vcpus'>, servers: number): number =>
  Math.max(1, Math.floor(size.vcpus)) * servers;

const usageOf = ({ utilisation, coreFactor }: Wishes): Pick<TierRules, 'utilisation' | 'coreFactor'> => ({
  utilisation,
  coreFactor,
});

/** App processes among which the load is shared: one that has no session of its own has nothing to do. */
export const sharingProcesses = (
  strategy: Pick<Named, 'onPaper'>,
  wishes: Pick<Wishes, 'sessions'>,
  processes: number,
): number => (isInApps(strategy) ? Math.min(processes, Math.max(1, sessionsAlive(wishes))) : processes);

/**
 * App processes that the requests take, each as busy as it may be, not rounded; null where there are sessions enough to keep so
 * many busy. A session stays with one process, and more servers take nothing off it.
 */
export function processesBeyondSessions({
  strategy,
  wishes,
  load,
}: Pick<Grounds, 'strategy' | 'wishes' | 'load'>): number | null {
  if (!isInApps(strategy)) return null;
  const { utilisation, coreFactor } = wishes;
  const taken = coresFor(wishes.rate.high, load.cpuMicros.app) / (utilisation * coreFactor);
  return taken * (1 - 1e-9) > sessionsAlive(wishes) ? taken : null;
}

export function appTier({ strategy, wishes, load, tested, memory }: Grounds): Tier {
  const inApps = isInApps(strategy);
  const headroom = inApps ? stickyHeadroom : 1;
  const sessions = inApps ? sessionsAlive(wishes) * headroom : 0;
  return {
    load: {
      cores: coresFor(wishes.rate.high, load.cpuMicros.app) * headroom,
      bytes: sessionsAlive(wishes) * memory.app.perSession * headroom,
      rate: wishes.rate.high,
      sessions,
    },
    rules: {
      ...usageOf(wishes),
      fewest: fewestApps,
      most: Number.POSITIVE_INFINITY,
      coresUsed: null,
      away: wishes.survives.includes('zone') ? 'zone' : 'server',
      fixedBytes: (size) => processesOf(size, 1) * processBytes(load, memory, inApps),
      testedRate: (size) => (farthestRate(tested) * processesOf(size, 1)) / load.apps,
      testedSessions: (size) =>
        (reachOf(memory.line) * memory.tested.to * processesOf(size, 1)) / memory.apps,
    },
  };
}

/** Of one app process without its sessions; 0 where it could not be read, or where all of it is put down to the sessions. */
function processBytes(load: LoadNumbers, memory: Memory, inApps: boolean): number {
  if (inApps) return memory.app.fixed / memory.apps;
  return (load.memoryBytes.app ?? memory.app.fixed) / load.apps;
}

/** Servers that hold a copy of every session together, and copies, as they were measured. */
export function measuredServers({ spread }: Structure): {
  readonly servers: number;
  readonly copies: number;
} {
  return spread.kind === 'shards'
    ? { servers: spread.fewest, copies: spread.copies }
    : { servers: 1, copies: 1 };
}

/** Copies of a session that the strategy has by itself, as it was measured. */
export const measuredCopies = (strategy: Pick<Named, 'onPaper'>): number =>
  measuredServers(structureOf(strategy)).copies;

/** Null where sessions live in the apps. Of one copy: what copies cost is counted with their price. */
export function storeTier({ strategy, wishes, load, tested, memory }: Grounds): Tier | null {
  const structure = structureOf(strategy);
  if (structure.spread.kind === 'apps') return null;
  const { servers, copies } = measuredServers(structure);
  // One server is no other for servers beside it; of shards each has its part of requests and sessions.
  const isSpread = structure.spread.kind === 'shards';
  const sessions = sessionsAlive(wishes);
  return {
    load: {
      // Where copies were measured, their time is in this: it is put down to the servers that answer.
      cores: coresFor(wishes.rate.high, load.cpuMicros.store ?? 0),
      bytes: (sessions * memory.store.perSession) / copies,
      rate: wishes.rate.high,
      sessions,
    },
    rules: {
      ...usageOf(wishes),
      fewest: servers,
      most: isSpread ? Number.POSITIVE_INFINITY : 1,
      coresUsed: structure.cores,
      // What takes over is a copy, which is there already.
      away: 'none',
      fixedBytes: () => memory.store.fixed / (servers * copies),
      testedRate: isSpread ? () => farthestRate(tested) / servers : unlimited,
      testedSessions: isSpread ? () => (reachOf(memory.line) * memory.tested.to) / servers : unlimited,
    },
  };
}

export function balancerTier({ wishes, load, tested }: Grounds): Tier {
  const inZones = wishes.survives.includes('zone');
  return {
    load: {
      cores: coresFor(wishes.rate.high, load.cpuMicros.balancer),
      bytes: 0,
      rate: wishes.rate.high,
      sessions: 0,
    },
    rules: {
      ...usageOf(wishes),
      fewest: inZones ? 2 : 1,
      most: Number.POSITIVE_INFINITY,
      coresUsed: null,
      away: inZones ? 'zone' : 'none',
      fixedBytes: () => 0,
      // One was measured, with whatever threads it had.
      testedRate: () => farthestRate(tested),
      testedSessions: unlimited,
    },
  };
}
