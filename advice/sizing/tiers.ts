/** What each tier of an option carries, and by which rules its servers are counted. */
import { mostTimes } from '../evidence/basis.ts';
import type { LoadNumbers, StrategyEvidence } from '../evidence/evidence.ts';
import { type Structure, structureOf } from '../evidence/on-paper.ts';
import { sessionsAlive } from '../wishes/usual.ts';
import type { Wishes } from '../wishes/wishes.ts';
import type { ServerSize, TierLoad, TierRules } from './layout.ts';
import type { Memory } from './memory.ts';

export interface Tier {
  readonly load: TierLoad;
  readonly rules: TierRules;
}

type Named = Pick<StrategyEvidence, 'name' | 'onPaper'>;

/** What the tiers of an option are counted from. */
export interface Grounds {
  readonly strategy: Named;
  readonly wishes: Wishes;
  readonly load: LoadNumbers;
  /** The highest rate at which the strategy was seen to answer, per second. */
  readonly testedRate: number;
  readonly memory: Memory;
}

/** One may end, for a deployment say, while the other goes on. */
const fewestApps = 2;
/** The busiest app of a cookie's affinity over the mean, where nobody has measured it. */
export const stickyHeadroom = 1.25;

export const isInApps = (strategy: Pick<Named, 'onPaper'>): boolean =>
  structureOf(strategy).spread.kind === 'apps';

const coresFor = (rate: number, micros: number): number => (rate * micros) / 1e6;
const coresOfVcpu = ({ utilisation, coreFactor }: Wishes): number => utilisation * coreFactor;

/** More servers of a store are no way to stay within what was tested of one: they would be for nothing else. */
const unlimited = (): number => Number.POSITIVE_INFINITY;

/** A process for each vCPU, since one of Node.js uses one core. */
export const processesOf = (size: Pick<ServerSize, 'vcpus'>, servers: number): number =>
  Math.max(1, Math.floor(size.vcpus)) * servers;

export function appTier({ strategy, wishes, load, testedRate, memory }: Grounds): Tier {
  const inApps = isInApps(strategy);
  const headroom = inApps ? stickyHeadroom : 1;
  const sessions = sessionsAlive(wishes);
  return {
    load: {
      cores: coresFor(wishes.rate.high, load.cpuMicros.app) * headroom,
      bytes: sessions * memory.app.perSession * headroom,
      rate: wishes.rate.high,
    },
    rules: {
      fewest: fewestApps,
      most: Number.POSITIVE_INFINITY,
      coresUsed: null,
      coresOfVcpu: coresOfVcpu(wishes),
      fixedBytes: (size) => processesOf(size, 1) * processBytes(load, memory, inApps),
      testedRate: (size) => (mostTimes * testedRate * processesOf(size, 1)) / load.apps,
    },
  };
}

/** Of one app process without its sessions; 0 where it could not be read, or where all of it is put down to the sessions. */
function processBytes(load: LoadNumbers, memory: Memory, inApps: boolean): number {
  if (inApps) return memory.app.fixed / load.apps;
  return (load.memoryBytes.app ?? memory.app.fixed) / load.apps;
}

/** Servers that hold a copy of every session together, and copies, as they were measured. */
function measuredServers({ spread }: Structure): { readonly servers: number; readonly copies: number } {
  return spread.kind === 'shards'
    ? { servers: spread.fewest, copies: spread.copies }
    : { servers: 1, copies: 1 };
}

/** Copies of a session that the strategy has by itself, as it was measured. */
export const measuredCopies = (strategy: Pick<Named, 'onPaper'>): number =>
  measuredServers(structureOf(strategy)).copies;

/** Null where sessions live in the apps. Of one copy: what copies cost is counted with their price. */
export function storeTier({ strategy, wishes, load, memory }: Grounds): Tier | null {
  const structure = structureOf(strategy);
  if (structure.spread.kind === 'apps') return null;
  const measured = measuredServers(structure);
  const sessions = sessionsAlive(wishes);
  return {
    load: {
      // Where copies were measured, their time is in this: it is put down to the servers that answer.
      cores: coresFor(wishes.rate.high, load.cpuMicros.store ?? 0),
      bytes: (sessions * memory.store.perSession) / measured.copies,
      rate: wishes.rate.high,
    },
    rules: {
      fewest: measured.servers,
      most: structure.spread.kind === 'one' ? 1 : Number.POSITIVE_INFINITY,
      coresUsed: structure.cores,
      coresOfVcpu: coresOfVcpu(wishes),
      fixedBytes: () => memory.store.fixed / (measured.servers * measured.copies),
      testedRate: unlimited,
    },
  };
}

export function balancerTier({ wishes, load }: Grounds): Tier {
  return {
    load: {
      cores: coresFor(wishes.rate.high, load.cpuMicros.balancer),
      bytes: 0,
      rate: wishes.rate.high,
    },
    rules: {
      fewest: wishes.survives.includes('zone') ? 2 : 1,
      most: Number.POSITIVE_INFINITY,
      coresUsed: null,
      coresOfVcpu: coresOfVcpu(wishes),
      fixedBytes: () => 0,
      testedRate: unlimited,
    },
  };
}
